"""Who may flag, and who may decide."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Exists, and_, exists, false, or_, select
from sqlalchemy.orm import Mapped, aliased

from forum.accounts.models import User
from forum.accounts.permissions import may_react
from forum.comments.models import HELD as COMMENT_HELD
from forum.comments.models import WITHDRAWN, Comment
from forum.foundation import clock
from forum.foundation.access import Verdict, allow, deny
from forum.foundation.db import db
from forum.moderation.actions import APPEAL_WITHIN, APPEALABLE, APPROVE, HELD, OVERTURN, REJECT, UNDO, UPHOLD
from forum.moderation.models import Appeal, Case, Decision, Note, Report, Sanction, Signal
from forum.posts.models import Post
from forum.posts.permissions import authored_by, is_author_of


def may_flag(viewer: User | None, comment: Comment) -> Verdict:
    if viewer is None:
        return deny(_("Sign in to flag a comment."))
    if not comment.is_public:
        return deny(_("This comment is not public, so it cannot be flagged."))
    if comment.author_id == viewer.id:
        return deny(_("This is your own comment. You can edit or withdraw it."))
    if not viewer.is_confirmed:
        return deny(_("Confirm your e-mail address first: the link is in the letter we sent you."))
    return may_react(viewer)


def may_report(comment: Comment) -> Verdict:
    """Everybody may say of what everybody reads that it is illegal."""
    if not comment.is_public or not comment.post.is_public:
        return deny(_("This comment is not public, so it cannot be reported."))
    return allow


def may_moderate(viewer: User | None) -> Verdict:
    """Whether this person may see the queue."""
    return allow if viewer is not None and viewer.is_staff else deny(_("This page is for moderators."))


def may_take_back(viewer: User | None, note: Note) -> Verdict:
    """Whether this person may delete a note for colleagues: whoever wrote it, and administrators."""
    if viewer is not None and viewer.is_staff and (note.by_id == viewer.id or viewer.is_admin):
        return allow
    return deny(_("Only whoever wrote a note can delete it."))


def may_decide(viewer: User | None, comment: Comment, parent: Comment | None) -> Verdict:
    """Nobody decides on their own comment, nor on a reply to it; nor below their own post where the site says so."""
    verdict = may_moderate(viewer)
    if not verdict or viewer is None:
        return verdict
    if comment.author_id == viewer.id:
        return deny(_("You wrote this comment, so another moderator decides on it."))
    if any(above is not None and above.author_id == viewer.id for above in (parent, comment.answers)):
        return deny(_("This is a reply to you, so another moderator decides on it."))
    if current_app.config["FORUM"].conflict_own_posts and is_author_of(viewer, comment.post):
        return deny(_("This is below your own post, so another moderator decides on it."))
    return allow


def may_decide_about(viewer: User | None, person: User) -> Verdict:
    """Nobody decides on a case about themselves."""
    verdict = may_moderate(viewer)
    if verdict and viewer is not None and person.id == viewer.id:
        return deny(_("This case is about you, so another moderator decides on it."))
    return verdict


def may_undo(viewer: User | None, decision: Decision) -> Verdict:
    """Whoever decided may take it back for some minutes, and so may everybody who could decide on it now."""
    if viewer is None or decision.action == UNDO:
        return deny(_("This cannot be undone."))
    if clock.now() >= decision.lasts_at:
        return deny(_("A decision can be undone for ten minutes. These are over, and people are told of it."))
    if decision.by_id == viewer.id:
        return allow
    if decision.action in (UPHOLD, OVERTURN):
        return deny(_("Only who answered an appeal may take the answer back."))
    if decision.comment is None:
        return may_decide_about(viewer, decision.case.concerns())
    return may_decide(viewer, decision.comment, decision.comment.answered)


# What authors may decide below their posts, where an administrator lent them the right.
BY_AUTHORS = (APPROVE, REJECT)


def may_decide_case(viewer: User | None, case: Case, action: str) -> Verdict:
    """Whether this person may take this decision on a case about a comment: as a moderator, or as an author of the
    post where authors may. One query for an author."""
    comment = case.comment
    if comment is None:
        return may_decide_about(viewer, case.concerns())
    verdict = may_decide(viewer, comment, comment.parent)
    if (
        verdict
        or action not in BY_AUTHORS
        or not (comment.post.authors_moderate and is_author_of(viewer, comment.post))
    ):
        return verdict
    return may_decide_as_author(viewer, case)


def may_check_comments(viewer: User | None) -> Verdict:
    """Whether this person may see what waits below their posts, were there anything; which cases is for the others."""
    if viewer is None or not (viewer.is_author or viewer.is_admin):
        return deny(_("This page is for authors."))
    if viewer.is_suspended:
        return deny(_("Your account is suspended, so you cannot decide on comments."))
    return allow


def may_decide_as_author(viewer: User | None, case: Case) -> Verdict:
    """Authors decide on what was held before it was public: on no flags, appeals or people. One query."""
    verdict = may_check_comments(viewer)
    comment = case.comment
    if viewer is None or not verdict:
        return verdict
    if comment is None or not comment.post.authors_moderate or not is_author_of(viewer, comment.post):
        return deny(_("Moderators decide on this comment."))
    if (
        not case.is_open
        or case.kind != HELD
        or comment.state != COMMENT_HELD
        or db.session.scalar(select(_is_reported(case.id)))
    ):
        return deny(_("Moderators decide on this comment."))
    if comment.author_id == viewer.id:
        return deny(_("You wrote this comment, so a moderator decides on it."))
    if any(above is not None and above.author_id == viewer.id for above in (comment.parent, comment.answers)):
        return deny(_("This is a reply to you, so a moderator decides on it."))
    return allow


def decided_by_author(viewer: User) -> ColumnElement[bool]:
    """The same rule for lists; the query must join Comment and Post."""
    if not may_check_comments(viewer):
        return false()
    above = aliased(Comment)
    answers_me = exists().where(above.author_id == viewer.id, above.id.in_([Comment.parent_id, Comment.answers_id]))
    return and_(
        Case.closed_at.is_(None),
        Case.kind == HELD,
        Comment.state == COMMENT_HELD,
        Post.authors_moderate,
        authored_by(viewer),
        Comment.author_id != viewer.id,
        ~answers_me.correlate(Comment),
        ~_is_reported(Case.id).correlate(Case),
    )


def _is_reported(case_id: ColumnElement[int] | Mapped[int] | int) -> Exists:
    """Whether a reader or a guest said something of it: then it is no longer only a check's doing."""
    told = or_(Signal.by_id.is_not(None), exists().where(Report.signal_id == Signal.id))
    return exists().where(Signal.case_id == case_id, told)


def may_sanction(viewer: User | None, person: User) -> Verdict:
    """Whether this moderator may warn, silence or suspend this person."""
    verdict = may_clean_up(viewer, person)
    if verdict and not person.is_claimed:
        return deny(_("Nobody has claimed this name here, so there is nobody to tell."))
    return verdict


def may_clean_up(viewer: User | None, person: User) -> Verdict:
    """The same for taking away all that they wrote."""
    verdict = may_moderate(viewer)
    if not verdict or viewer is None:
        return verdict
    if person.id == viewer.id:
        return deny(_("Nobody decides on themselves."))
    if person.is_staff:
        return deny(_("They moderate here too. Those who run the site take that role away first."))
    return allow


def may_agree(viewer: User | None, sanction: Sanction) -> Verdict:
    """Whether this moderator may be the second one, who agrees to a suspension or declines."""
    verdict = may_sanction(viewer, sanction.user)
    if verdict and viewer is not None and sanction.decision.by_id == viewer.id:
        return deny(_("You proposed it, so another moderator agrees or declines."))
    return verdict


def may_lift(viewer: User | None, sanction: Sanction) -> Verdict:
    verdict = may_moderate(viewer)
    if verdict and viewer is not None and sanction.user_id == viewer.id:
        return deny(_("Nobody decides on themselves."))
    return verdict


def may_read_statement(viewer: User | None, decision: Decision) -> Verdict:
    """Why something was decided is between whom it concerns and the moderators."""
    if viewer is not None and (viewer.is_staff or (decision.user_id == viewer.id and decision.action in APPEALABLE)):
        return allow
    return deny(_("There is no decision at this address."))


def may_appeal(viewer: User | None, decision: Decision, *, has_appealed: bool) -> Verdict:
    """Once a decision, for a month. Whether it stands is for the caller to ask."""
    if viewer is None or decision.user_id != viewer.id:
        return deny(_("Only the person it concerns may appeal."))
    # Where new words of a public comment were not taken, readers go on reading the old ones.
    if decision.action not in APPEALABLE or (decision.comment_id and decision.from_state == decision.to_state):
        return deny(_("Against this there is no appeal."))
    if has_appealed:
        return deny(_("You have appealed against this decision already."))
    if clock.now() >= decision.created_at + APPEAL_WITHIN:
        return deny(_("The time to appeal is over."))
    if decision.comment is not None and decision.comment.state == WITHDRAWN:
        return deny(_("You have withdrawn this comment, so there is nothing left to decide."))
    return allow


def may_answer(viewer: User | None, appeal: Appeal) -> Verdict:
    """An appeal is answered by somebody who had no part in the decision, and none in what it is about."""
    verdict = may_moderate(viewer)
    if not verdict or viewer is None:
        return verdict
    if appeal.user_id == viewer.id:
        return deny(_("This is your own appeal, so another moderator answers it."))
    if viewer.id in appeal.decision.taken_by():
        return deny(_("You had a part in this decision, so another moderator answers the appeal."))
    comment = appeal.decision.comment
    return may_decide(viewer, comment, comment.answered) if comment is not None else allow
