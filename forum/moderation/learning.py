"""What the spam score learns from decisions, once they can no longer be undone."""

from __future__ import annotations

from forum.events import catalog
from forum.moderation import cleaning, queries, rules
from forum.moderation.actions import APPROVE, CLEAN_UP, DISMISS, MARK_SPAM, OVERTURN, REJECT, REMOVE, RESTORE
from forum.moderation.models import Decision
from forum.screening import spam


def learn(event: catalog.DecisionFinal) -> None:
    """A decision that says whether a comment is spam is learned from, once. A later one on it is learned instead."""
    decision = queries.decision_by_id(event.decision_id)
    if decision is not None and decision.action == CLEAN_UP:
        for comment in cleaning.examples_of(decision):
            spam.learn(comment, is_spam=True)
        return
    if decision is None or decision.comment is None or not queries.is_in_force(decision):
        return
    is_spam = _says(decision)
    if is_spam is not None:
        spam.learn(decision.comment, is_spam=is_spam)


def _says(decision: Decision) -> bool | None:
    if decision.action in (APPROVE, DISMISS, RESTORE, OVERTURN):
        return False
    if decision.action == MARK_SPAM:
        return True
    if decision.action in (REJECT, REMOVE) and decision.reason == rules.SPAM:
        return True
    # An unkind comment is not spam, but no example of an honest one either.
    return None
