"""What is looked at first: what each reason to look weighs, in hundredths of one reader's flag.

The longer something weighs, the nearer it stands to the top of the queue; of two that weigh the same, the older one
comes first. docs/moderation.md says it to moderators.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func

from forum.moderation import rules
from forum.moderation.models import Signal
from forum.screening import names

# What checks find: signs of harm before mere custom. A flag weighs what moderation/flagging says, 100 as a rule.
_FINDINGS = {
    names.CHECKED_FIRST: 5,
    names.NEWCOMER: 10,
    names.PACE: 20,
    names.HEAT: 30,
    names.REJECTED_LATELY: 30,
    names.LINKS: 40,
    names.REPEAT: 60,
    names.SAME_TEXT: 60,
    names.WORDS: 60,
    names.PERSONAL: 80,
    names.SPAM: 80,
    # The flags that hid it are there themselves.
    rules.FLAGS: 0,
}
_OTHERS = 25

# Harm that grows while it stands: somebody's address, a threat. Weighs more than any number of dislikes in an hour.
_URGENT = {"illegal": 400, "personal": 200}


def of_finding(reason: str) -> int:
    """What a check's finding weighs."""
    return _FINDINGS.get(reason, _OTHERS)


def of_signals() -> ColumnElement[Any]:
    """What the signals of a case weigh together, for a query over Signal."""
    urgency = case(_URGENT, value=Signal.reason, else_=0)
    return func.coalesce(func.sum(Signal.weight + urgency), 0)
