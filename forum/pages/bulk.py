"""Deciding on several cases at once: first what would happen to each, then one decision for each."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from forum.foundation.errors import Refused
from forum.moderation import bulk, replies, rules
from forum.moderation.actions import APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE
from forum.moderation.bulk import MOST
from forum.moderation.models import Seen
from forum.pages import queue_filters
from forum.pages.forms import number
from forum.reading import bulk_lines
from forum.web import respond, settle
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("bulk", __name__)

# Sanctions are never taken in bulk, and appeals are read one by one.
ACTIONS = (APPROVE, REJECT, MARK_SPAM, DISMISS, REMOVE)


@door.get("/moderation/several")
@moderators_only
def preview():
    """What this decision would do to each of the chosen cases."""
    return _page(request.args.get("action", ""), request.args.getlist("case"))


@door.post("/moderation/several")
@moderators_only
def decide():
    """Take it, each for itself: what cannot be decided is said, and the others are."""
    form, action, tickets = request.form, request.form.get("action", ""), request.form.getlist("case")
    reason, message = form.get("reason", ""), form.get("message", "")
    if "insert" in form:
        reply = replies.by_id(number(form.get("reply")))
        return _page(action, tickets, typed={"reason": reason, "message": reply.words if reply else message})
    try:
        _require_choice(action, tickets)
        outcomes = bulk.many(_read(tickets), member(), action, reason, message)
    except Refused as refusal:
        settle.undo()
        return _page(action, tickets, refusal, {"reason": reason, "message": message})
    lines = bulk_lines.outcome_lines(outcomes, member())
    title = bulk_lines.done_title(sum(line.is_done for line in lines), len(lines))
    return respond.private(render_template("queue/bulk_done.html", lines=lines, title=title, back_url=_back()))


def _page(action: str, tickets: Sequence[str], refusal: Refused | None = None, typed: dict[str, str] | None = None):
    try:
        _require_choice(action, tickets)
    except Refused as nothing:
        page = render_template("queue/bulk_nothing.html", sentence=nothing.sentence, back_url=_back())
        return respond.private(page, 422)
    lines = bulk_lines.preview_lines(_read(tickets), action, member())
    possible = sum(line.is_possible for line in lines)
    page = render_template(
        "queue/bulk.html",
        action=action,
        title=bulk_lines.title(action, possible),
        final_words=bulk_lines.final_words(action, possible),
        is_possible=possible > 0,
        lines=lines,
        asks_reason=action in (REJECT, REMOVE),
        reasons=list(rules.reasons().items()),
        replies=replies.everything(),
        typed=typed or {},
        refusal=refusal.sentence if refusal else "",
        refused_field=refusal.field if refusal else "",
        has_errors=refusal is not None,
        back_url=_back(),
    )
    return respond.private(page, 422 if refusal else 200)


def _require_choice(action: str, tickets: Sequence[str]) -> None:
    if action not in ACTIONS:
        raise Refused(_("Choose what to do with them."))
    if not tickets:
        raise Refused(_("Tick the cases first."))
    if len(tickets) > MOST:
        raise Refused(_("Choose no more than %(num)d at once.", num=MOST))


def _read(tickets: Sequence[str]) -> dict[int, Seen]:
    """The numbers of the cases, each with the version that was seen of it."""
    parts = (ticket.partition(".") for ticket in tickets)
    return {number(case_id): Seen.read(version) for case_id, _point, version in parts}


def _back() -> str:
    return url_for("queue.index", **queue_filters.kept(queue_filters.read()))
