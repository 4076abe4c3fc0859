"""Why something was decided against a person: what they read on the page, and in the letter.

What must be in it: Article 17 of the EU's Digital Services Act (Regulation 2022/2065) is the model.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments.queries import writer_and_post
from forum.foundation.db import db
from forum.moderation import appeals, queries, rules, standing
from forum.moderation.actions import (
    AGAINST,
    APPEAL_WITHIN,
    APPEALABLE,
    CLEAN_UP,
    MARK_SPAM,
    PROPOSE,
    REJECT,
    REMOVE,
    SILENCE,
    SUSPEND,
    WARN,
)
from forum.moderation.models import Decision, Signal
from forum.screening import sentences

_WHAT = {
    REJECT: lazy_gettext("Your comment is not published"),
    REMOVE: lazy_gettext("Your comment was removed"),
    MARK_SPAM: lazy_gettext("Your comment was taken away as advertising"),
    WARN: lazy_gettext("A moderator has warned you"),
    SILENCE: lazy_gettext("You are silenced"),
    SUSPEND: lazy_gettext("Your account is suspended"),
    CLEAN_UP: lazy_gettext("Your comments are taken away, and you are suspended"),
}
_NEW_WORDS = lazy_gettext("The new words of your comment are not published")

_EFFECTS = {
    REJECT: lazy_gettext("Only you and moderators can read it."),
    REMOVE: lazy_gettext("A line stands in its place. Only you and moderators can read the words."),
    MARK_SPAM: lazy_gettext("Only you and moderators can read it."),
    WARN: lazy_gettext("You can write again as soon as you say that you have read this."),
    SILENCE: lazy_gettext(
        "You cannot write comments, like or flag. You can read, sign in, edit and withdraw your comments, and appeal."
    ),
    SUSPEND: lazy_gettext(
        "You cannot write comments, like, flag or change what you wrote. "
        "You can read, sign in, withdraw your comments, and appeal."
    ),
}
_EFFECTS[CLEAN_UP] = _EFFECTS[SUSPEND]


@dataclass(frozen=True)
class Statement:
    """All that a person is told about a decision against them."""

    decision_id: int
    what: str
    effect: str
    rule: str
    message: str
    # How it came before a moderator, and that a person decided.
    origins: Sequence[str]
    decided_at: datetime
    # Of a sanction: until when it lasts; None until it is lifted, and of what has no end.
    ends_at: datetime | None
    is_until_lifted: bool
    appeal_until: datetime


def of(decision: Decision) -> Statement:
    """Three queries at most. For a decision in `APPEALABLE`."""
    sanction = standing.made_by(decision) if decision.comment_id is None else None
    return Statement(
        decision_id=decision.id,
        what=what(decision),
        effect=_effect(decision),
        rule=rule(decision),
        message=decision.message,
        origins=[*_origins(decision), _by_whom(decision)],
        decided_at=decision.created_at,
        ends_at=sanction.ends_at if sanction is not None else None,
        is_until_lifted=sanction is not None and sanction.hours is None and sanction.kind != WARN,
        appeal_until=decision.created_at + APPEAL_WITHIN,
    )


def what(decision: Decision) -> str:
    """What was decided, in a few words to the person."""
    is_about_new_words = decision.action == REJECT and decision.from_state == decision.to_state
    return str(_NEW_WORDS if is_about_new_words else _WHAT[decision.action])


def rule(decision: Decision) -> str:
    """Which house rule it names."""
    return rules.reason_words(decision.reason)


def decision_by_id(decision_id: int) -> Decision | None:
    """A decision that is explained to people, with what its page shows. One query."""
    return db.session.scalar(
        select(Decision)
        .where(Decision.id == decision_id, Decision.action.in_(APPEALABLE), queries.in_force())
        .options(
            joinedload(Decision.comment).options(*writer_and_post()),
            joinedload(Decision.case),
            joinedload(Decision.user),
            joinedload(Decision.by),
            joinedload(Decision.on).joinedload(Decision.by),
        )
    )


def own_removals(person: User, comment_ids: Collection[int]) -> dict[int, int]:
    """The decisions that removed comments of this person, of these, by comment. One query."""
    rows = db.session.execute(
        select(Decision.comment_id, Decision.id)
        .where(
            Decision.comment_id.in_(comment_ids),
            Decision.user_id == person.id,
            Decision.action.in_(AGAINST),
            queries.in_force(),
        )
        .order_by(Decision.id)
    )
    return {comment_id: number for comment_id, number in rows if comment_id is not None}


def newest_against(decisions: Sequence[Decision]) -> Decision | None:
    """Of the decisions on one comment, the last that kept it from readers: the one to be explained."""
    return next((row for row in reversed(decisions) if row.action in AGAINST), None)


def length_words(hours: int | None) -> str:
    if hours is None:
        return _("until it is lifted")
    if hours == 24:
        return _("for 24 hours")
    return ngettext("for %(num)d day", "for %(num)d days", hours // 24)


def _effect(decision: Decision) -> str:
    if decision.action == REJECT and decision.from_state == decision.to_state:
        return _("Readers go on reading the words of before.")
    return str(_EFFECTS[decision.action])


def _origins(decision: Decision) -> list[str]:
    """How the comment came before a moderator; never which words or which reader."""
    if decision.comment_id is None:
        return []
    if decision.on_id is not None:
        return [_("A moderator looked at everything that you wrote.")]
    found = db.session.scalars(
        select(Signal)
        .where(Signal.case_id == decision.case_id, Signal.created_at <= decision.created_at)
        .order_by(Signal.id)
    ).all()
    checks = dict.fromkeys(one.reason for one in found if one.by_id is None and sentences.is_check(one.reason))
    origins = [
        _("An automatic check of this site marked it first: %(why)s", why=sentences.for_writer(check))
        for check in checks
    ]
    if any(one.by_id is not None for one in found):
        origins.append(_("A reader marked it."))
    if not origins:
        origins.append(_("A moderator came across it. No automatic check had marked it."))
    return origins


def _by_whom(decision: Decision) -> str:
    if decision.on is not None and decision.on.action == PROPOSE:
        return _("Two moderators decided, people and no machine.")
    return _("A moderator decided, a person and no machine.")


def can_be_appealed(decision: Decision) -> bool:
    """Whether there is somebody who could answer an appeal."""
    return appeals.can_be_answered(decision)
