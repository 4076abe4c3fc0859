"""The answer to “may they?”: yes, or no with a sentence a person can read."""

from __future__ import annotations

from dataclasses import dataclass

from forum.foundation.errors import Forbidden


@dataclass(frozen=True)
class Verdict:
    """Truthy when allowed; `reason` is the sentence when not."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


allow = Verdict()


def deny(sentence: str) -> Verdict:
    return Verdict(sentence)


def require(verdict: Verdict) -> None:
    """Go on when allowed. Raises Forbidden with the verdict's sentence."""
    if not verdict:
        raise Forbidden(verdict.reason)
