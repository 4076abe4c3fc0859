"""The page of search results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.marks import muting
from forum.posts.models import Post
from forum.reading.cards import AuthorLine, PersonCard, author_line, person_card
from forum.reading.unread import READ, Unread, unread_of
from forum.search import find
from forum.search.engine import COMMENT, POST

# How the address says what kind is wanted.
TYPES = {"posts": POST, "comments": COMMENT}


@dataclass(frozen=True)
class Hit:
    """One result: `kind` is 'post' or 'comment', `excerpt` has the searched words in <mark>."""

    kind: str
    url: str
    title: str
    author: PersonCard | AuthorLine | None
    when: datetime
    excerpt: Markup
    lang: str
    context: str = ""
    # Where it is a post: what is new to the reader. Where it is a comment: whether they muted its writer.
    unread: Unread = READ
    is_muted: bool = False


@dataclass(frozen=True)
class Facet:
    """One way to narrow the results: `label` is what it is about, `value` what it leaves."""

    label: str
    value: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True)
class SearchPage:
    """`kind` is 'posts', 'comments' or empty; `refusal` says why nothing was searched, `note` how it went.

    Where the search is away for a while, `is_ready` is false: nothing found means nothing then.
    """

    q: str
    kind: str
    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    note: str = ""
    previous_url: str | None = None
    next_url: str | None = None
    refusal: str = ""
    is_ready: bool = True
    # Which results these are, as “21 to 40 of 64”.
    line: str = ""


def search_page(q: str, kind: str, page: int, viewer: User | None) -> SearchPage:
    """What somebody sees who typed `q`; an unknown kind means all."""
    kind = kind if kind in TYPES else ""
    found = find.run(q, TYPES.get(kind), page, viewer)
    return SearchPage(
        q=q,
        kind=kind,
        total=found.total,
        hits=_hits(found.hits, viewer),
        facets=_facets(q, kind, found.counts),
        note=found.note,
        previous_url=_url(q, kind, found.page - 1) if found.page > 1 else None,
        next_url=_url(q, kind, found.page + 1) if found.has_more else None,
        refusal=found.refusal,
        is_ready=found.is_ready,
        line=_line(found),
    )


def _hits(found: Sequence[find.FoundHit], viewer: User | None) -> list[Hit]:
    """Two queries for a member, none for a guest."""
    unread = unread_of([hit.post for hit in found if hit.comment is None], viewer)
    writers = {hit.comment.author_id for hit in found if hit.comment is not None}
    muted = muting.muted_among(viewer, writers) if viewer is not None else set()
    return [
        _post_hit(hit.post, hit.excerpt, unread.get(hit.post.id, READ))
        if hit.comment is None
        else _comment_hit(hit.comment, hit.excerpt, hit.comment.author_id in muted)
        for hit in found
    ]


def _post_hit(post: Post, excerpt: Markup, unread: Unread) -> Hit:
    return Hit(
        kind=POST,
        url=url_for("posts.show", slug=post.slug),
        title=post.title,
        author=author_line(post.authors[0]) if post.authors else None,
        when=post.published_at or post.created_at,
        excerpt=excerpt,
        lang=post.lang,
        unread=unread,
    )


def _comment_hit(comment: Comment, excerpt: Markup, is_muted: bool) -> Hit:
    return Hit(
        kind=COMMENT,
        url=url_for("comments.show", comment_id=comment.id),
        title=comment.post.title,
        author=person_card(comment.author),
        when=comment.created_at,
        excerpt=excerpt,
        lang=comment.lang,
        context=_place(comment.answered),
        is_muted=is_muted,
    )


def _place(parent: Comment | None) -> str:
    """Whom a comment answers; nobody is named for words that were taken away."""
    if parent is None or not parent.is_public:
        return ""
    return _("In reply to %(name)s", name=parent.author.name)


def _line(found: find.Found) -> str:
    if found.total <= find.PAGE:
        return ""
    first = (found.page - 1) * find.PAGE + 1
    numbers = {"first": first, "last": first + len(found.hits) - 1, "total": found.total}
    return _("%(first)d to %(last)d of %(total)d", **numbers) if found.hits else ""


def _facets(q: str, kind: str, counts: dict[str, int]) -> list[Facet]:
    if not counts:
        return []
    choices = [
        ("", _("Everything"), sum(counts.values())),
        ("posts", _("Posts"), counts.get(POST, 0)),
        ("comments", _("Comments"), counts.get(COMMENT, 0)),
    ]
    return [Facet(_("Kind"), words, count, _url(q, name), name == kind) for name, words, count in choices]


def _url(q: str, kind: str, page: int = 1) -> str:
    return url_for("search.index", q=q, type=kind or None, page=page if page > 1 else None)
