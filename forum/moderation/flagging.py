"""A reader says that a comment breaks a house rule: once for the same words, and weighed by who says it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select

from forum.accounts.models import User
from forum.comments import publication
from forum.comments.findings import Finding
from forum.comments.models import PUBLISHED, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import cases, queries, rules
from forum.moderation.actions import FLAGGED
from forum.moderation.models import Case, Decision, Signal

LONGEST = 1_000

# What a flag weighs before accuracy counts, in hundredths. Accounts are cheap, so those nobody has approved count half.
OF_A_NEWCOMER, OF_A_MEMBER, OF_A_TRUSTED = 50, 100, 150
# Whoever was never right may be right the next time: a flag always counts.
LEAST = 20
# Of somebody's decided flags the newest count: people learn.
RECENT = 50


@dataclass(frozen=True)
class Weight:
    """Who weighs how much, in parts that can be shown.

    Hundredths of the flag of a member of whom nothing is known: trust × 2 × (upheld + 1) / (decided + 2). The fraction
    is the expected share of right flags in the beta reputation system (Jøsang and Ismail, 15th Bled Electronic Commerce
    Conference 2002); it is ½ for somebody without a record. That trust and accuracy make the score is also Discourse's
    way (`ReviewableScore.user_flag_score`, https://rubydoc.info/github/discourse/discourse/ReviewableScore).
    """

    trust: int
    upheld: int
    decided: int

    @property
    def hundredths(self) -> int:
        return max(LEAST, round(self.trust * 2 * (self.upheld + 1) / (self.decided + 2)))


def flag(comment: Comment, by: User, reason: str, details: str, *, hides_at: int = 0) -> Signal:
    """One flag a person and text of a comment. The caller has asked `may_flag`. Raises Refused, Conflict.

    The comment is hidden until a moderator has read it when its open flags weigh as much as `hides_at` flags of members
    of whom nothing is known; 0 never hides. Words that a moderator has kept are not hidden again.
    """
    details = _checked(reason, details)
    _refuse_second(comment, by)
    case = cases.open_for(comment, FLAGGED)
    # Two flags at once take turns here; the second finds the first.
    db.session.refresh(case, with_for_update=True)
    _refuse_second(comment, by)
    signal = _renew(case, by) or cases.add_signal(case, reason, {}, by)
    weighs = weight_of(by)
    signal.reason, signal.weight, signal.created_at = reason, weighs.hundredths, clock.now()
    signal.detail = ({"text": details} if details else {}) | {"weighs": asdict(weighs)}
    db.session.flush()
    cases.weigh(case)
    publish(catalog.CommentFlagged(comment.id, signal.id))
    if hides_at and comment.flag_weight >= hides_at * OF_A_MEMBER and not _was_kept(comment):
        publication.hold(comment, [Finding(rules.FLAGS, detail={"weight": comment.flag_weight}).row()])
    return signal


def weight_of(by: User) -> Weight:
    """What this person's flag weighs now. One query."""
    trust = OF_A_NEWCOMER if by.is_newcomer else OF_A_TRUSTED if by.is_trusted else OF_A_MEMBER
    answers = db.session.scalars(
        select(Signal.was_upheld)
        .where(Signal.by_id == by.id, Signal.was_upheld.is_not(None))
        .order_by(Signal.id.desc())
        .limit(RECENT)
    ).all()
    return Weight(trust, answers.count(True), len(answers))


def _checked(reason: str, details: str) -> str:
    details = details.strip()
    if not rules.is_reason(reason):
        raise Refused(_("Choose what is wrong with it"), "reason")
    if reason == "other" and not details:
        raise Refused(_("Say in a few words what is wrong with it"), "details")
    if len(details) > LONGEST:
        raise Refused(
            ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", len(details) - LONGEST),
            "details",
        )
    return details


def _refuse_second(comment: Comment, by: User) -> None:
    """A person flags the same words once, also when a moderator has kept them since."""
    last = db.session.scalar(
        select(Signal.created_at)
        .join(Case, Case.id == Signal.case_id)
        .where(Case.comment_id == comment.id, Signal.by_id == by.id)
        .order_by(Signal.id.desc())
        .limit(1)
    )
    if last is None or (comment.edited_at is not None and last < comment.edited_at):
        return
    raise Refused(_("You have flagged this comment already. What became of it is under “My flags”."))


def _renew(case: Case, by: User) -> Signal | None:
    """Their flag on earlier words, while its case is open: it speaks of the new ones now."""
    signal = db.session.scalar(select(Signal).where(Signal.case_id == case.id, Signal.by_id == by.id))
    if signal is not None:
        cases.touch(case)
    return signal


def _was_kept(comment: Comment) -> bool:
    """Whether a moderator has read these words and let them stand."""
    kept = exists().where(Decision.comment_id == comment.id, Decision.to_state == PUBLISHED, queries.in_force())
    if comment.edited_at is not None:
        kept = kept.where(Decision.created_at >= comment.edited_at)
    return bool(db.session.scalar(select(kept)))
