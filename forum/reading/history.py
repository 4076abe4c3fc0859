"""How a comment came to read as it does: every version that readers could read, against the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from flask import get_template_attribute
from markupsafe import Markup

from forum.comments import queries
from forum.comments.models import Comment, Revision
from forum.foundation import aside
from forum.foundation.cache import cache
from forum.reading import quoted
from forum.text import differences, quotations
from forum.text.differences import SAME, Piece

# Versions on a page: ten of the longest are three hundred screens of a telephone.
PAGE = 10


@dataclass(frozen=True)
class Version:
    """What a comment said from a moment on. The first has nothing before it, so nothing in it is marked."""

    at: datetime
    lang: str
    pieces: list[Piece]
    is_present: bool
    is_first: bool


@dataclass(frozen=True)
class History:
    """A page of versions as HTML, the newest first, and the revision the next page comes before, if there is one."""

    html: Markup
    older: int | None


def page(comment: Comment, language: str, before: int = 0) -> History | None:
    """The newest versions, or those before a revision; None where there are none. One query.

    Comparing ten versions of 32,000 characters can take half a second, so what was made is kept.
    """
    rows = queries.revisions_before(comment, before, PAGE + 1)
    if before and not rows:
        return None
    gone = quoted.gone_from_sources([comment.body, *(row.body for row in rows)])
    key = ("history", comment.id, comment.version, not before, rows[0].id if rows else 0, language, gone)
    html = cache.get(key, lambda: _render(_versions(comment, rows, gone, has_present=not before)))
    shown = rows[: PAGE if before else PAGE - 1]
    # Its text is the writer's, escaped by the template.
    return History(Markup(html), shown[-1].id if len(rows) > len(shown) else None)  # noqa: S704


def _versions(comment: Comment, rows: Sequence[Revision], gone: frozenset[int], *, has_present: bool) -> list[Version]:
    said = [(row.written_at, row.lang or comment.lang, row.body) for row in rows]
    if has_present:
        said.insert(0, (comment.edited_at or comment.created_at, comment.lang, comment.body))
    compared = aside.run(_compared, [quotations.typed_without(body, gone) for _at, _lang, body in said])
    return [
        Version(at, lang, pieces, is_present=has_present and place == 0, is_first=place + 1 == len(said))
        for place, ((at, lang, _body), pieces) in enumerate(zip(said[:PAGE], compared, strict=False))
    ]


def _compared(bodies: Sequence[str]) -> list[list[Piece]]:
    """Each text, the newest first, against the one after it; the last as it is."""
    budget = differences.Budget()
    pairs = pairwise(bodies[: PAGE + 1])
    return [*(differences.between(before, after, budget) for after, before in pairs), [Piece(SAME, bodies[-1])]]


def _render(versions: Sequence[Version]) -> str:
    return str(get_template_attribute("comments/_versions.html", "versions")(versions))
