"""What can be done at the desk: why a case is open, what is decided, and for how long a decision is open to doubt."""

from __future__ import annotations

from datetime import timedelta

# Why a case is open. Only one can be said of it at a time, the later of these before the earlier.
HELD, FLAGGED, SPAM, APPEAL = "held", "flagged", "spam", "appeal"
KINDS = (HELD, FLAGGED, SPAM, APPEAL)

# What is decided on a comment.
APPROVE, REJECT, REMOVE, RESTORE, MARK_SPAM, DISMISS = "approve", "reject", "remove", "restore", "mark_spam", "dismiss"
# On an appeal against an earlier decision.
UPHOLD, OVERTURN = "uphold", "overturn"
# On a person.
WARN, SILENCE, SUSPEND, LIFT, CLEAN_UP = "warn", "silence", "suspend", "lift", "clean_up"
# A suspension that waits for a second moderator, who suspends or declines. Nothing was done to the person by these.
PROPOSE, DECLINE = "propose", "decline"
# On an earlier decision, within a few minutes: it is as if that had never been.
UNDO = "undo"
ACTIONS = (
    APPROVE, REJECT, REMOVE, RESTORE, MARK_SPAM, DISMISS, UPHOLD, OVERTURN, WARN, SILENCE, SUSPEND, LIFT, CLEAN_UP,
    PROPOSE, DECLINE, UNDO,
)  # fmt: skip
# After these a comment is not, or no longer, to be read.
AGAINST = (REJECT, REMOVE, MARK_SPAM)
SANCTIONS = (WARN, SILENCE, SUSPEND)
# Against these the person it concerns may appeal, for so long.
APPEALABLE = (*AGAINST, *SANCTIONS, CLEAN_UP)
APPEAL_WITHIN = timedelta(days=30)

# Long enough to notice that one pressed the wrong key, or that a colleague sees it otherwise; people hear no later.
UNDO_FOR = timedelta(minutes=10)
