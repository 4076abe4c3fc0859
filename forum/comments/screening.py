"""Whether a comment is shown at once or read by a moderator first, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from forum.accounts.models import TRUSTED, User
from forum.posts.models import Post
from forum.text.markdown import Rendered

NEWCOMER, CHECKED_FIRST, LINKS = "first_comment", "checked_first", "links"

# One or two links support a point; three are how advertising looks.
MOST_LINKS = 2


@dataclass(frozen=True)
class Finding:
    """One reason to hold, and what matched."""

    reason: str
    detail: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        return {"reason": self.reason, "detail": self.detail}


def screen(author: User, post: Post, rendered: Rendered) -> list[Finding]:
    """Every reason to hold this text; none means that it may be shown. Asks the database nothing."""
    if author.is_staff or _wrote(author, post):
        return []
    found = []
    if author.is_newcomer:
        found.append(Finding(NEWCOMER))
    if post.is_checked_first:
        found.append(Finding(CHECKED_FIRST))
    if rendered.links > MOST_LINKS and author.trust < TRUSTED:
        found.append(Finding(LINKS, {"count": rendered.links}))
    return found


def _wrote(author: User, post: Post) -> bool:
    return post.owner_id == author.id or any(line.user_id == author.id for line in post.authors)
