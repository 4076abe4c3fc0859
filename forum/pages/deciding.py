"""Decisions on a case, taking one back, and asking for another look."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.access import require
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import decisions, queries, reopening, replies, undoing
from forum.moderation.actions import APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE, RESTORE
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Seen
from forum.moderation.permissions import may_moderate, may_undo
from forum.pages import queue
from forum.pages.forms import number
from forum.reading import decision_lines
from forum.web import respond, settle
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("deciding", __name__)

# What a script asks for: what was decided, with the way back, and where to go on.
TOLD_PART = "told"


@door.post("/moderation/cases/<int:case_id>/approve")
@moderators_only
def approve(case_id: int):
    return _decide(case_id, APPROVE)


@door.post("/moderation/cases/<int:case_id>/reject")
@moderators_only
def reject(case_id: int):
    return _decide(case_id, REJECT)


@door.post("/moderation/cases/<int:case_id>/remove")
@moderators_only
def remove(case_id: int):
    return _decide(case_id, REMOVE)


@door.post("/moderation/cases/<int:case_id>/restore")
@moderators_only
def restore(case_id: int):
    return _decide(case_id, RESTORE)


@door.post("/moderation/cases/<int:case_id>/spam")
@moderators_only
def mark_spam(case_id: int):
    return _decide(case_id, MARK_SPAM)


@door.post("/moderation/cases/<int:case_id>/dismiss")
@moderators_only
def dismiss(case_id: int):
    return _decide(case_id, DISMISS)


def _decide(case_id: int, action: str):
    found = queue.find(case_id)
    if "insert" in request.form:
        return _with_reply(found, action)
    try:
        made = take(action, found, member(), Seen.read(request.form.get("version", "")))
    except AlreadyDecided as lost:
        return lost_to(lost)
    except (Conflict, Forbidden, IllegalStep):
        raise
    except Refused as refusal:
        settle.undo()
        return queue.show(queue.find(case_id), refusal, action, typed())
    return _go_on(found, made)


def take(action: str, case: Case, by: User, seen: Seen) -> Decision:
    """One decision as its form asks for it."""
    form = request.form
    message, reason = form.get("message", ""), form.get("reason", "")
    acts: dict[str, Callable[[], Decision]] = {
        APPROVE: lambda: decisions.approve(case, by, seen, message, trusts=form.get("trusts") == "1"),
        REJECT: lambda: decisions.reject(case, by, seen, reason, message, may_send_again=form.get("again") == "1"),
        REMOVE: lambda: decisions.remove(case, by, seen, reason, message),
        RESTORE: lambda: decisions.restore(case, by, seen, message),
        MARK_SPAM: lambda: decisions.mark_spam(case, by, seen, message),
        DISMISS: lambda: decisions.dismiss(case, by, seen, message),
    }
    return acts[action]()


def typed() -> dict[str, str]:
    """What stands in the form, to be shown again."""
    return {name: request.form.get(name, "") for name in ("reason", "message", "again")}


def _with_reply(found: Case, action: str):
    """The form again, with a saved reply put at the end of its message: for browsers without scripts."""
    reply, values = replies.by_id(number(request.form.get("reply"))), typed()
    if reply is not None:
        values["message"] = "\n\n".join(part for part in (values["message"].strip(), reply.words) if part)
    return queue.show(found, action=action, typed=values)


def _go_on(decided: Case, made: Decision):
    onward = queue.next_url(decided)
    if respond.wants_fragment(TOLD_PART):
        line = decision_lines.decision_line(made, (), {made.id})
        return respond.private(render_template("queue/told_part.html", told=line, next_url=onward))
    return respond.see(f"{onward}{'&' if '?' in onward else '?'}done={made.id}")


@door.post("/moderation/decisions/<int:decision_id>/undo")
@moderators_only
def undo(decision_id: int):
    made = queries.decision_by_id(decision_id)
    if made is None:
        raise NotFound(_("There is no decision at this address."))
    require(may_undo(member(), made))
    undoing.undo(made, member())
    if not made.case.is_open and made.user is not None:
        # What is done about a person does not wait for anybody first.
        flash(_("Undone."), "good")
        return respond.see(url_for("sanctions.person", user_id=made.user.id))
    flash(_("Undone. The case is open again."), "good")
    return respond.see(url_for("queue.case", case_id=made.case_id))


@door.post("/moderation/cases/<int:case_id>/reopen")
@moderators_only
@limiter.limit(WRITE)
def reopen(case_id: int):
    require(may_moderate(member()))
    found = queue.find(case_id)
    try:
        again = reopening.reopen(found, member(), request.form.get("words", ""))
    except (Conflict, Forbidden, IllegalStep):
        raise
    except Refused as refusal:
        return queue.show(found, refusal, "reopen", {"words": request.form.get("words", "")})
    flash(_("Open again. What was decided stands until somebody decides otherwise."), "good")
    return respond.see(url_for("queue.case", case_id=again.id))


def lost_to(lost: AlreadyDecided):
    """Somebody was first: say who decided what, and when, and how to change it."""
    line = None
    if lost.decision is not None:
        undoable = {lost.decision.id} if may_undo(member(), lost.decision) else set()
        line = decision_lines.decision_line(lost.decision, (), undoable)
    page = render_template(
        "queue/conflict.html",
        decision=line,
        message=request.form.get("message", ""),
        sentence=lost.sentence,
        back_url=url_for("queue.index", tab=lost.case.kind),
        case_url=url_for("queue.case", case_id=lost.case.id),
        reopen_url=url_for("deciding.reopen", case_id=lost.case.id) if not lost.case.is_open else "",
    )
    return respond.private(page, 409)
