"""What a look at a text before it is posted found; forum/screening looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from forum.accounts.models import User
from forum.foundation.errors import Refused
from forum.posts.models import Post

if TYPE_CHECKING:
    from forum.comments.models import Comment
    from forum.comments.posting import Text

# What follows: a moderator reads it before others do; or is told of a comment that everybody reads; or the writer is
# asked to think again, and a moderator reads first what they post as it is.
HOLD, FLAG, ASK = "hold", "flag", "ask"


@dataclass(frozen=True)
class Finding:
    """One reason for a moderator to look, and what matched."""

    reason: str
    effect: str = HOLD
    detail: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        return {"reason": self.reason, "effect": self.effect, "detail": self.detail}


@dataclass(frozen=True)
class Nudge:
    """What the writer is asked before anything is posted: a question, and a sentence that says why."""

    reason: str
    question: str
    why: str
    # What to look at, as the writer typed it.
    found: tuple[str, ...] = ()
    # What else is asked.
    others: tuple[Nudge, ...] = ()


@dataclass(frozen=True)
class Screened:
    """All that was found in a text."""

    findings: Sequence[Finding] = ()
    nudge: Nudge | None = None

    @property
    def is_held(self) -> bool:
        return any(finding.effect == HOLD for finding in self.findings)

    def rows(self) -> list[dict[str, Any]]:
        """As they are kept with the comment."""
        return [finding.row() for finding in self.findings]


class Screen(Protocol):
    """Looks at a text before it is posted. Raises Refused for one that is not taken at all."""

    def __call__(
        self,
        author: User,
        post: Post,
        parent: Comment | None,
        text: Text,
        *,
        nudged: bool = False,
        lang: str = "",
        edited: Comment | None = None,
    ) -> Screened: ...


class AskFirst(Refused):
    """Nothing is posted yet: the writer is asked to think again, and may post it as it is."""

    def __init__(self, nudge: Nudge) -> None:
        super().__init__(nudge.question, "body")
        self.nudge = nudge
