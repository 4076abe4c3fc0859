"""What a moderator decides on a comment. Every decision is compare-and-swap on its case."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import update

from forum.accounts.models import User
from forum.comments import publication
from forum.comments.models import HELD, REJECTED, REMOVED, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.access import require
from forum.foundation.db import db
from forum.foundation.errors import Conflict, IllegalStep, Refused
from forum.moderation import cases, queries, rules
from forum.moderation.models import APPROVE, DISMISS, FLAGGED, REJECT, REMOVE, Case, Decision, Signal
from forum.moderation.permissions import may_decide

LONGEST_MESSAGE = 2_000


class AlreadyDecided(Conflict):
    """Somebody else was first; carries who decided what."""

    def __init__(self, case: Case, decision: Decision | None) -> None:
        super().__init__(_("This case changed while you were looking at it. Nothing you did was applied."))
        self.case = case
        self.decision = decision


def approve(case: Case, by: User, version: int, message: str = "") -> Decision:
    """Let a held comment be read. Raises AlreadyDecided, Forbidden, IllegalStep."""
    return _decide(case, by, APPROVE, version, None, message)


def reject(case: Case, by: User, version: int, reason: str, message: str = "") -> Decision:
    """Keep a held comment from readers, with a reason its writer sees. Raises also Refused."""
    return _decide(case, by, REJECT, version, _known(reason), message)


def remove(case: Case, by: User, version: int, reason: str, message: str = "") -> Decision:
    """Take a public comment away; a line with the reason stays in its place. Raises as `reject`."""
    return _decide(case, by, REMOVE, version, _known(reason), message)


def dismiss(case: Case, by: User, version: int, message: str = "") -> Decision:
    """The flags do not hold; the comment stays. Raises as `approve`."""
    return _decide(case, by, DISMISS, version, None, message)


def remove_public(comment: Comment, by: User, reason: str, message: str) -> Decision:
    """Remove a comment from its page, without a flag before. Raises as `remove`."""
    _known(reason)
    require(may_decide(by, comment, comment.parent))
    case = cases.open_for(comment, FLAGGED)
    # Opening the case waited for whoever was removing the comment at the same moment.
    db.session.refresh(comment)
    earlier = queries.decisions_on([comment.id]).get(comment.id)
    if earlier and not comment.is_public and earlier[-1].to_state == comment.state:
        raise AlreadyDecided(earlier[-1].case, earlier[-1])
    return remove(case, by, case.version, reason, message)


def _decide(case: Case, by: User, action: str, version: int, reason: str | None, message: str) -> Decision:
    comment = case.comment
    require(may_decide(by, comment, comment.parent))
    message = _checked(message)
    if not cases.close(case, version):
        raise AlreadyDecided(case, queries.last_decision(case))
    was = comment.state
    _apply(action, comment)
    decision = Decision(
        case_id=case.id, comment_id=comment.id, action=action, reason=reason, message=message,
        from_state=was, to_state=comment.state, by_id=by.id,
    )  # fmt: skip
    db.session.add(decision)
    _answer_flags(case, is_upheld=action in (REJECT, REMOVE))
    db.session.flush()  # the event needs its number
    publish(catalog.CommentDecided(decision.id))
    return decision


def _apply(action: str, comment: Comment) -> None:
    if action == APPROVE:
        publication.show(comment)
        comment.author.earn_trust()
    elif action == REJECT:
        _require_state(comment, HELD)
        publication.take_away(comment, REJECTED)
    elif action == REMOVE:
        publication.take_away(comment, REMOVED)
    elif not comment.is_public:
        raise IllegalStep(_("This comment is not public, so there is nothing to keep."))


def _require_state(comment: Comment, state: str) -> None:
    if comment.state != state:
        raise IllegalStep(_("This comment no longer waits for a decision."))


def _answer_flags(case: Case, is_upheld: bool) -> None:
    db.session.execute(
        update(Signal).where(Signal.case_id == case.id, Signal.by_id.is_not(None)).values(was_upheld=is_upheld)
    )


def _known(reason: str) -> str:
    if not rules.is_reason(reason):
        raise Refused(_("Give the reason. People will read it with care"), "reason")
    return reason


def _checked(message: str) -> str:
    message = message.strip()
    if len(message) > LONGEST_MESSAGE:
        raise Refused(
            ngettext(
                "Shorten the message by %(num)d character",
                "Shorten the message by %(num)d characters",
                len(message) - LONGEST_MESSAGE,
            ),
            "message",
        )
    return message
