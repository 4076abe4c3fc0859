"""Taking a decision back within a few minutes: it is as if it had never been."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts.models import User
from forum.comments import publication
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.access import require
from forum.foundation.db import db
from forum.foundation.errors import Conflict
from forum.moderation import appeals, cases, cleaning, decisions, queries, sanctions, snapshots, trust
from forum.moderation.actions import (
    APPROVE,
    CLEAN_UP,
    DECLINE,
    DISMISS,
    LIFT,
    MARK_SPAM,
    OVERTURN,
    PROPOSE,
    REJECT,
    REMOVE,
    RESTORE,
    SILENCE,
    SUSPEND,
    UNDO,
    UNDO_FOR,
    UPHOLD,
    WARN,
)
from forum.moderation.models import Decision
from forum.moderation.permissions import may_undo

__all__ = ["PUT_BACK", "UNDO_FOR", "undo"]


def undo(decision: Decision, by: User) -> Decision:
    """Put everything back as it was, and open the case again. Raises Forbidden, Conflict, IllegalStep."""
    require(may_undo(by, decision))
    case = decision.case
    cases.take_turn(case)
    _require_standing(decision)
    PUT_BACK[decision.action](decision, by)
    undoing = decisions.add(
        case, UNDO, by, comment=decision.comment, user=decision.user, on=decision, from_state=decision.to_state,
        to_state=decision.from_state,
    )  # fmt: skip
    publish(catalog.DecisionUndone(decision.id))
    return undoing


def _require_standing(decision: Decision) -> None:
    # Whoever tells people of it, or undoes it too, takes this row first.
    db.session.execute(select(Decision.id).where(Decision.id == decision.id).with_for_update())
    if not queries.is_in_force(decision):
        raise Conflict(_("This decision was undone already."))
    if queries.was_told(decision):
        raise Conflict(_("This decision can no longer be undone: people were told of it."))
    if appeals.against(decision) is not None:
        raise Conflict(_("There is an appeal against this decision. Another moderator answers it."))
    later = queries.later_on_comment(decision) if decision.is_about_comment else None
    if later is not None:
        raise Conflict(_("There is a later decision on this comment. Undo that one first."))


def _put_back_comment(decision: Decision, _by: User) -> None:
    # A case that was opened for the decision alone is not one that waits.
    waited = not decision.before.get("is_new")
    if waited:
        # The newer case first, if there is one: whoever decides on it holds it, and waits for the discussion.
        cases.reopen(decision.case)
    comment = decision.its_comment()
    publication.take_turn(comment)
    if comment.state != decision.to_state:
        raise Conflict(_("This comment has changed since the decision, so it cannot be undone. Decide anew."))
    snapshots.put_back(comment, decision.from_state, decision.before)
    trust.take_back(decision)
    if waited:
        decisions.answer_flags(decision.case, is_upheld=None)
        cases.weigh(decision.case)


# How each kind of decision is put back: the comment or person as before, and the case open again.
PUT_BACK: dict[str, Callable[[Decision, User], None]] = {
    **dict.fromkeys((APPROVE, REJECT, REMOVE, RESTORE, MARK_SPAM, DISMISS), _put_back_comment),
    **dict.fromkeys((WARN, SILENCE, SUSPEND), sanctions.put_back_imposed),
    PROPOSE: sanctions.put_back_proposal,
    DECLINE: sanctions.put_back_decline,
    LIFT: sanctions.put_back_lift,
    CLEAN_UP: cleaning.put_back,
    UPHOLD: appeals.put_back,
    OVERTURN: appeals.put_back,
}
