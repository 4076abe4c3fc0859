"""What people do about decisions that concern them: read why, say that they have read a warning, appeal; and the answer
of another moderator."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.foundation.errors import Conflict, Forbidden, NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import appeals, sanctions, standing, statements
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Decision, Seen
from forum.moderation.permissions import may_read_statement
from forum.pages import deciding, queue
from forum.reading import explained
from forum.web import respond, settle
from forum.web.guard import members_only, moderators_only
from forum.web.sign_in import member

door = Blueprint("appeals", __name__)

# What the buttons of the answer say.
UPHELD, OVERTURNED = "uphold", "overturn"


@door.get("/decisions/<int:decision_id>")
@members_only
def statement(decision_id: int):
    """The statement of reasons, for whom it concerns and for moderators."""
    return _page(_find(decision_id))


@door.post("/decisions/<int:decision_id>/appeal")
@members_only
@limiter.limit(WRITE)
def make(decision_id: int):
    decision, words = _find(decision_id), request.form.get("words", "")
    try:
        appeals.make(decision, member(), words)
    except (Conflict, Forbidden):
        raise
    except Refused as refusal:
        settle.undo()
        return _page(_find(decision_id), refusal, words)
    flash(_("Your appeal is sent. Another moderator looks at it, and you get a letter."), "good")
    return respond.see(url_for("appeals.statement", decision_id=decision_id))


@door.post("/account/warnings/<int:sanction_id>/read")
@members_only
def acknowledge(sanction_id: int):
    """A warned person says that they have read it."""
    me = member()
    sanction = standing.by_id(sanction_id)
    if sanction is None or sanction.user_id != me.id:
        raise NotFound(_("There is nothing at this address."))
    sanctions.acknowledge(sanction, me)
    flash(_("Thank you. You can write again."), "good")
    return respond.see(respond.safe_path(request.referrer) or url_for("home.index"))


@door.post("/moderation/appeals/<int:appeal_id>/answer")
@moderators_only
def answer(appeal_id: int):
    appeal = appeals.by_id(appeal_id)
    if appeal is None:
        raise NotFound(_("There is no appeal at this address."))
    verdict, words = request.form.get("verdict", ""), request.form.get("words", "")
    case = appeal.case
    try:
        if verdict not in (UPHELD, OVERTURNED):
            raise Refused(_("Choose whether the decision stands"), "verdict")
        seen = Seen.read(request.form.get("version", ""))
        made = appeals.answer(appeal, member(), seen, verdict == UPHELD, words)
    except AlreadyDecided as lost:
        return deciding.lost_to(lost)
    except (Conflict, Forbidden):
        raise
    except Refused as refusal:
        settle.undo()
        return queue.show(queue.find(case.id), refusal, "answer", {"words": words, "verdict": verdict})
    onward = queue.next_url(case)
    return respond.see(f"{onward}{'&' if '?' in onward else '?'}done={made.id}")


def _find(decision_id: int) -> Decision:
    found = statements.decision_by_id(decision_id)
    if found is None or not may_read_statement(member(), found):
        # One that is another's must not be told from one that never was.
        raise NotFound(_("There is no decision at this address."))
    return found


def _page(decision: Decision, refusal: Refused | None = None, words: str = ""):
    html = render_template(
        "appeals/statement.html",
        decision=explained.page(decision, member()),
        refusal=refusal.sentence if refusal else "",
        typed=words,
        longest=appeals.LONGEST,
        has_errors=refusal is not None,
    )
    return respond.private(html, 422 if refusal else 200)
