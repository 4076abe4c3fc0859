"""One decision each on many cases at once; of those on which it cannot be made, why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select, update

from forum.accounts.models import User
from forum.comments import tree
from forum.comments.models import Comment
from forum.foundation.db import db
from forum.foundation.errors import NotFound, Refused
from forum.moderation import decisions
from forum.moderation.actions import APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE, RESTORE
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Seen

Act = Callable[[Case, User, int | Seen], Decision]

# A page of the queue: more than anybody has read before deciding.
MOST = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one case: a decision, or the sentence that says why not, and who was first."""

    case_id: int
    decision: Decision | None = None
    refusal: str = ""
    first: Decision | None = None


def many(seen: Mapping[int, int | Seen], by: User, action: str, reason: str = "", message: str = "") -> list[Outcome]:
    """Decide on each of these cases as of the version that was seen, in this order. Raises Refused for a decision that
    cannot be made on any of them: without a reason, with too long a message, on too many."""
    if len(seen) > MOST:
        raise Refused(ngettext("Choose at most %(num)d case", "Choose at most %(num)d cases", MOST))
    act = _act(action, reason, message)
    cases = _take_turns(list(seen))
    return [_one(cases.get(number), number, by, version, act) for number, version in seen.items()]


def _act(action: str, reason: str, message: str) -> Act:
    message = decisions.checked_message(message)
    if action in (REJECT, REMOVE):
        return partial(_BY_ACTION[action], reason=decisions.checked_reason(reason), message=message)
    if action not in _BY_ACTION:
        raise Refused(_("Choose what to do with them"), "action")
    return partial(_BY_ACTION[action], message=message)


_BY_ACTION: dict[str, Callable[..., Decision]] = {
    APPROVE: decisions.approve,
    REJECT: decisions.reject,
    REMOVE: decisions.remove,
    RESTORE: decisions.restore,
    MARK_SPAM: decisions.mark_spam,
    DISMISS: decisions.dismiss,
}


def _one(case: Case | None, number: int, by: User, version: int | Seen, act: Act) -> Outcome:
    try:
        if case is None:
            raise NotFound(_("There is no case at this address."))
        # What is refused half-way leaves nothing behind, and the others as they are.
        with db.session.begin_nested():
            return Outcome(number, act(case, by, version))
    except AlreadyDecided as lost:
        return Outcome(number, refusal=lost.sentence, first=lost.decision)
    except Refused as refusal:
        return Outcome(number, refusal=refusal.sentence)


def _take_turns(case_ids: list[int]) -> dict[int, Case]:
    """The cases, then their discussions, always in the same order: two who do this cannot wait for each other."""
    if not case_ids:
        return {}
    # SQLite begins its transaction here and not at the first savepoint, whose end would be the end of all.
    unchanged = update(Case).where(Case.id == min(case_ids)).values(version=Case.version)
    db.session.execute(unchanged.execution_options(synchronize_session=False))
    cases = db.session.scalars(
        select(Case)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    comment_ids = [case.comment_id for case in cases if case.comment_id is not None]
    posts = select(Comment.post_id).where(Comment.id.in_(comment_ids)).distinct().order_by(Comment.post_id)
    for post_id in db.session.scalars(posts).all():
        tree.lock(post_id)
    return {case.id: case for case in cases}
