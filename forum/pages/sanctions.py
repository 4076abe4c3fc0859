"""People, for moderators: who is here, one person's record, and what is done about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import queries as account_queries
from forum.accounts.models import User
from forum.foundation.access import require
from forum.foundation.errors import Conflict, Forbidden, NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import cleaning, people, sanctions, standing
from forum.moderation.actions import SILENCE, SUSPEND, WARN
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Decision, Sanction, Seen
from forum.moderation.permissions import may_clean_up
from forum.pages import deciding, queue
from forum.pages.forms import choose, number
from forum.reading import cards, persons
from forum.web import respond, settle
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("sanctions", __name__)

LIFT = "lift"


@door.get("/moderation/people")
@moderators_only
def index():
    typed, state = request.args.get("q", "").replace("\x00", ""), request.args.get("state", "")
    rows, older = people.people(typed, state, number(request.args.get("before")))
    kept: dict[str, Any] = {name: value for name, value in (("q", typed), ("state", state)) if value}
    return respond.private(
        render_template(
            "sanctions/people.html",
            people=persons.rows(rows),
            total=people.count(),
            typed=typed,
            states=choose(_states(), state, _("Any state")),
            older_url=url_for("sanctions.index", **kept, before=older) if older else None,
        )
    )


@door.get("/moderation/people/<int:user_id>")
@moderators_only
def person(user_id: int):
    return _page(_find(user_id))


@door.post("/moderation/people/<int:user_id>/warn")
@moderators_only
@limiter.limit(WRITE)
def warn(user_id: int):
    return _impose(user_id, WARN)


@door.post("/moderation/people/<int:user_id>/silence")
@moderators_only
@limiter.limit(WRITE)
def silence(user_id: int):
    return _impose(user_id, SILENCE)


@door.post("/moderation/people/<int:user_id>/suspend")
@moderators_only
@limiter.limit(WRITE)
def suspend(user_id: int):
    return _impose(user_id, SUSPEND)


@door.post("/moderation/sanctions/<int:sanction_id>/lift")
@moderators_only
def lift(sanction_id: int):
    found = _sanction(sanction_id)
    return _answer(found, lambda: sanctions.lift(found, member(), request.form.get("message", "")))


@door.post("/moderation/sanctions/<int:sanction_id>/agree")
@moderators_only
def agree(sanction_id: int):
    found = _sanction(sanction_id)
    return _answer(found, lambda: sanctions.agree(found, member(), _seen()))


@door.post("/moderation/sanctions/<int:sanction_id>/decline")
@moderators_only
def decline(sanction_id: int):
    found = _sanction(sanction_id)
    return _answer(found, lambda: sanctions.decline(found, member(), request.form.get("message", ""), _seen()))


@door.route("/moderation/people/<int:user_id>/clean-up", methods=["GET", "POST"])
@moderators_only
@limiter.limit(WRITE, methods=["POST"])
def clean_up(user_id: int):
    found = _find(user_id)
    require(may_clean_up(member(), found))
    if request.method == "GET":
        last = standing.last_on(found)
        return respond.private(
            render_template(
                "sanctions/clean_up.html",
                person=cards.person_card(found),
                person_url=persons.url_of(found),
                effect=persons.cleaning_effect(found),
                seen=last.id if last is not None else 0,
            )
        )
    try:
        made = cleaning.clean_up(found, member(), seen=number(request.form.get("seen")))
    except AlreadyDecided as lost:
        return deciding.lost_to(lost)
    return _done(found, made)


def _impose(user_id: int, kind: str):
    found = _find(user_id)
    try:
        made = _imposed(found, kind)
    except AlreadyDecided as lost:
        return deciding.lost_to(lost)
    except (Conflict, Forbidden):
        raise
    except Refused as refusal:
        settle.undo()
        return _page(_find(user_id), refusal, kind)
    return _done(found, made.decision)


def _imposed(found: User, kind: str) -> Sanction:
    form, by = request.form, member()
    reason, message, seen = form.get("reason", ""), form.get("message", ""), number(form.get("seen"))
    if kind == WARN:
        return sanctions.warn(found, by, reason, message, seen=seen)
    if kind == SILENCE:
        return sanctions.silence(found, by, reason, message, _hours(), seen=seen)
    return sanctions.suspend(found, by, reason, message, _hours(), takes_two=_takes_two(), seen=seen)


def _hours() -> int | None:
    """For how long, as the form says; "0" is until it is lifted, and nonsense is a length that there is not."""
    typed = request.form.get("hours", "")
    return None if typed == "0" else number(typed) or -1


def _answer(found: Sanction, act: Callable[[], Decision]):
    try:
        made = act()
    except AlreadyDecided as lost:
        return deciding.lost_to(lost)
    except (Conflict, Forbidden):
        raise
    except Refused as refusal:
        settle.undo()
        return _page(_find(found.user_id), refusal, LIFT)
    return _done(found.user, made)


def _done(found: User, made: Decision):
    return respond.see(url_for("sanctions.person", user_id=found.id, done=made.id))


def _page(found: User, refusal: Refused | None = None, opened: str = ""):
    names = ("reason", "message", "hours")
    html = render_template(
        "sanctions/person.html",
        person=persons.page(found, member(), takes_two=_takes_two(), after=request.args.get("after", "")),
        told=queue.told(),
        refusal=refusal.sentence if refusal else "",
        refused_field=refusal.field if refusal else "",
        opened=opened,
        typed={name: request.form.get(name, "") for name in names} if refusal else {},
        has_errors=refusal is not None,
    )
    return respond.private(html, 422 if refusal else 200)


def _find(user_id: int) -> User:
    found = account_queries.by_id(user_id)
    if found is None:
        raise NotFound(_("There is nobody at this address."))
    return found


def _sanction(sanction_id: int) -> Sanction:
    found = standing.by_id(sanction_id)
    if found is None:
        raise NotFound(_("There is nothing at this address."))
    return found


def _seen() -> Seen | None:
    return Seen.read(request.form["version"]) if request.form.get("version") else None


def _takes_two() -> bool:
    return current_app.config["FORUM"].second_moderator


def _states() -> list[tuple[str, str]]:
    words = (_("Warned"), _("Silenced"), _("Suspended"), _("Moderators and administrators"))
    return list(zip(people.STATES, words, strict=True))
