"""What a moderator decides on a comment. Each decision is compare-and-swap on its case and on the words it is about."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import update

from forum.accounts.models import KNOWN, TRUSTED, User
from forum.comments import editing, publication
from forum.comments.models import HELD, REJECTED, REMOVED, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.access import require
from forum.foundation.db import db
from forum.foundation.errors import Conflict, IllegalStep, Refused
from forum.moderation import cases, queries, rules, snapshots, trust
from forum.moderation.actions import AGAINST, APPEAL, APPROVE, DISMISS, FLAGGED, MARK_SPAM, REJECT, REMOVE, RESTORE
from forum.moderation.actions import HELD as HELD_CASE
from forum.moderation.models import Case, Decision, Seen, Signal
from forum.moderation.permissions import may_decide, may_decide_case, may_moderate

LONGEST_MESSAGE = 2_000


class AlreadyDecided(Conflict):
    """Somebody else was first; carries who decided what."""

    def __init__(self, case: Case, decision: Decision | None) -> None:
        super().__init__(_("This case changed while you were looking at it. Nothing you did was applied."))
        self.case = case
        self.decision = decision


def approve(case: Case, by: User, version: int | Seen, message: str = "", *, trusts: bool = False) -> Decision:
    """Let a held comment be read; who is trusted is not asked again. Raises AlreadyDecided, Forbidden, IllegalStep."""
    if trusts:
        # An author who may decide on a comment does not decide on people.
        require(may_moderate(by))
    return _decide(case, by, APPROVE, version, None, message, gives=TRUSTED if trusts else KNOWN)


def reject(
    case: Case, by: User, version: int | Seen, reason: str, message: str = "", *, may_send_again: bool = True
) -> Decision:
    """Keep a held comment from readers, with a reason its writer sees. Raises also Refused."""
    return _decide(case, by, REJECT, version, checked_reason(reason), message, may_send_again=may_send_again)


def remove(case: Case, by: User, version: int | Seen, reason: str, message: str = "") -> Decision:
    """Take a public comment away; a line with the reason stays in its place. Raises as `reject`."""
    return _decide(case, by, REMOVE, version, checked_reason(reason), message)


def restore(case: Case, by: User, version: int | Seen, message: str = "") -> Decision:
    """Let a rejected or removed comment be read after all. Raises as `approve`."""
    return _decide(case, by, RESTORE, version, None, message, gives=KNOWN)


def mark_spam(case: Case, by: User, version: int | Seen, message: str = "") -> Decision:
    """Reject or remove a comment as advertising; the site learns what that looks like here. Raises as `approve`."""
    return _decide(case, by, MARK_SPAM, version, rules.SPAM, message, may_send_again=False)


def dismiss(case: Case, by: User, version: int | Seen, message: str = "") -> Decision:
    """The flags do not hold; the comment stays. Raises as `approve`."""
    return _decide(case, by, DISMISS, version, None, message)


def remove_public(comment: Comment, by: User, reason: str, message: str) -> Decision:
    """Remove a comment from its page, without a flag before. Raises as `remove`."""
    checked_reason(reason)
    case, is_new = _opened(comment, by, FLAGGED)
    earlier = queries.decisions_on([comment.id]).get(comment.id)
    if earlier and not comment.is_public and earlier[-1].to_state == comment.state:
        raise AlreadyDecided(earlier[-1].case, earlier[-1])
    return _decide(case, by, REMOVE, case.version, reason, message, is_new=is_new)


def restore_hidden(comment: Comment, by: User, message: str = "") -> Decision:
    """Restore a comment from its page, without a case before. Raises as `restore`."""
    case, is_new = _opened(comment, by, HELD_CASE)
    return _decide(case, by, RESTORE, case.version, None, message, gives=KNOWN, is_new=is_new)


def _opened(comment: Comment, by: User, kind: str) -> tuple[Case, bool]:
    """The case to decide on, and whether nothing waited there before."""
    require(may_decide(by, comment, comment.answered))
    waiting = queries.open_case_of(comment)
    case = cases.open_for(comment, kind)
    # Opening the case waited for whoever was deciding on the comment at the same moment.
    db.session.refresh(comment)
    return case, waiting is None


def add(
    case: Case, action: str, by: User | None, *, comment: Comment | None = None, user: User | None = None,
    reason: str | None = None, message: str = "", before: dict[str, Any] | None = None, on: Decision | None = None,
    from_state: str = "", to_state: str = "", may_send_again: bool = True,
) -> Decision:  # fmt: skip
    """Write down a decision and say that it was made: the one place that does."""
    concerned = user.id if user is not None else comment.author_id if comment is not None else case.concerns().id
    decision = Decision(
        case_id=case.id, comment_id=comment.id if comment is not None else None, user_id=concerned, action=action,
        reason=reason, message=message, before=before or {}, on_id=on.id if on is not None else None,
        from_state=from_state, to_state=to_state, may_send_again=may_send_again, by_id=by.id if by else None,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()  # the event needs its number
    publish(catalog.CommentDecided(decision.id))
    return decision


def _decide(
    case: Case, by: User, action: str, version: int | Seen, reason: str | None, message: str, *,
    gives: int | None = None, may_send_again: bool = True, is_new: bool = False,
) -> Decision:  # fmt: skip
    comment = case.its_comment()
    require(may_decide_case(by, case, action))
    if case.kind == APPEAL:
        raise IllegalStep(_("There is an appeal against what was decided. Answer the appeal."))
    message = checked_message(message)
    if not cases.close(case, version):
        raise _lost(case, comment)
    publication.take_turn(comment)
    _require_same_words(comment, version)
    before, was = snapshots.of(comment), comment.state
    _apply(action, comment, has_new_words="edit" in before)
    comment.may_send_again = may_send_again
    if gives is not None:
        before |= trust.give(comment.author, gives)
    if is_new:
        before |= {"is_new": True}
    # Who turns new words away keeps the old ones, which is what flags were about.
    answer_flags(case, is_upheld=action in AGAINST and not comment.is_public)
    return add(
        case, action, by, comment=comment, reason=reason, message=message, before=before, from_state=was,
        to_state=comment.state, may_send_again=may_send_again,
    )  # fmt: skip


def _lost(case: Case, comment: Comment) -> AlreadyDecided:
    """What whoever came second hears. A case that nobody decided was joined to another, which is the one to look at."""
    decision = queries.last_decision(case)
    still_open = queries.open_case_of(comment) if decision is None else None
    return AlreadyDecided(still_open or case, decision)


def _require_same_words(comment: Comment, version: int | Seen) -> None:
    if isinstance(version, Seen) and version.comment is not None and version.comment != comment.version:
        raise Conflict(_("The writer changed this comment while you were reading it. Read it again."))


def _apply(action: str, comment: Comment, *, has_new_words: bool) -> None:
    if action in (APPROVE, REJECT) and has_new_words:
        _decide_on_words(action, comment)
    elif action == APPROVE:
        _require_state(comment, HELD)
        publication.show(comment)
    elif action == REJECT:
        _require_state(comment, HELD)
        publication.take_away(comment, REJECTED)
    elif action == REMOVE:
        _take_away(comment, REMOVED)
    elif action == RESTORE:
        _require_state(comment, REJECTED, REMOVED)
        publication.show(comment)
    elif action == MARK_SPAM:
        _take_away(comment, REMOVED if comment.is_public else REJECTED)
    else:
        _keep(comment, has_new_words)


def _decide_on_words(action: str, comment: Comment) -> None:
    """Of a comment that is public, and stays so either way."""
    if action == APPROVE:
        editing.apply_waiting(comment)
    else:
        editing.drop_waiting(comment)
    comment.held_for = []


def _take_away(comment: Comment, state: str) -> None:
    publication.take_away(comment, state)
    editing.drop_waiting(comment)


def _keep(comment: Comment, has_new_words: bool) -> None:
    if not comment.is_public:
        raise IllegalStep(_("This comment is not public, so there is nothing to keep."))
    if has_new_words:
        raise IllegalStep(_("The writer has sent new words: approve or reject those."))
    # What a check found in it is answered, too.
    comment.held_for = []


def _require_state(comment: Comment, *states: str) -> None:
    if comment.state not in states:
        raise IllegalStep(_("This comment no longer waits for a decision."))


def answer_flags(case: Case, is_upheld: bool | None) -> None:
    """Say to those who flagged whether they were right; None: nobody has said yet."""
    db.session.execute(
        update(Signal)
        .where(Signal.case_id == case.id, Signal.by_id.is_not(None))
        .values(was_upheld=is_upheld)
        .execution_options(synchronize_session=False)
    )
    if case.comment_id is not None and is_upheld is not None:
        cases.set_flag_weight(case.comment_id, 0)


def checked_reason(reason: str) -> str:
    """The code of a house rule. Raises Refused for none, or one that is not of this site."""
    if not rules.is_reason(reason):
        raise Refused(_("Give the reason. People will read it with care"), "reason")
    return reason


def checked_message(message: str) -> str:
    """A message to a person, as it is kept. Raises Refused for one that is too long."""
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
