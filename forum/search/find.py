"""From what somebody typed to what they may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, literal, select, union_all
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from forum.accounts.models import User
from forum.comments import permissions as comment_permissions
from forum.comments.models import PUBLISHED, Comment
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts import permissions as post_permissions
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post
from forum.search import documents, excerpts, language, site_index
from forum.search.engine import COMMENT, KINDS, POST, Answer, Hit, NotReady, Query

PAGE: Final = 20
# Nobody reads further; who wants more adds a word.
DEPTH: Final = 1000
LAST_PAGE: Final = DEPTH // PAGE


@dataclass(frozen=True)
class FoundHit:
    """One result; `comment` is None where the post itself was found."""

    post: Post
    comment: Comment | None
    excerpt: Markup


@dataclass(frozen=True)
class Found:
    """One page of results. `total` and `counts` (by kind) say how many there are in all."""

    hits: list[FoundHit] = field(default_factory=list)
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    page: int = 1
    has_more: bool = False
    note: str = ""
    refusal: str = ""
    is_ready: bool = True


def run(typed: str, kind: str | None = None, page: int = 1, viewer: User | None = None) -> Found:
    """Search for what was typed. One query checks all hits, at most four load the page.

    Never raises for what somebody types; an empty search finds nothing and says nothing.
    """
    if not typed.strip():
        return Found()
    page = min(max(page, 1), LAST_PAGE)
    try:
        query = language.read(typed)
        answer = site_index.engine().find(query, DEPTH)
    except Refused as refusal:
        return Found(refusal=refusal.sentence)
    except NotReady:
        return Found(note=_("The search is being rebuilt. Try again in a few minutes."), is_ready=False)
    return _page(query, answer, kind if kind in KINDS else None, page, viewer)


def _page(query: Query, answer: Answer, kind: str | None, page: int, viewer: User | None) -> Found:
    readable = _readable(answer.hits, viewer)
    # An entry that is out of date must not even be counted: the number would tell that it was there.
    stale = Counter(hit.kind for hit in answer.hits if hit.key not in readable)
    counts = {name: count - stale[name] for name, count in answer.counts.items()}
    hits = [hit for hit in answer.hits if hit.key in readable and kind in (None, hit.kind)][:DEPTH]
    shown = hits[(page - 1) * PAGE : page * PAGE]
    return Found(
        hits=_load(shown, query),
        total=counts.get(kind, 0) if kind else sum(counts.values()),
        counts=counts,
        page=page,
        has_more=len(hits) > page * PAGE,
        note=_note(query, answer, bool(hits)),
    )


def _note(query: Query, answer: Answer, has_hits: bool) -> str:
    if has_hits and not answer.is_whole and len(query.ranked_words) > 1:
        return _("Nothing has all of your words. These results have some of them.")
    return ""


def _readable(hits: Sequence[Hit], viewer: User | None) -> set[str]:
    """The keys of those that are public this very moment. One query."""
    ids = {kind: [hit.id for hit in hits if hit.kind == kind] for kind in KINDS}
    posts = select(literal(POST).label("kind"), Post.id).where(Post.id.in_(ids[POST]), _public_post(viewer))
    comments = (
        select(literal(COMMENT).label("kind"), Comment.id)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.id.in_(ids[COMMENT]), _public_comment(viewer))
    )
    return {Hit(kind, number, 0).key for kind, number in db.session.execute(union_all(posts, comments))}


def _public_post(viewer: User | None) -> ColumnElement[bool]:
    # What a moderator may see besides is searched from the database side, never from the public index.
    return and_(Post.state == POST_PUBLISHED, post_permissions.visible_to(viewer))


def _public_comment(viewer: User | None) -> ColumnElement[bool]:
    return and_(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED, comment_permissions.visible_to(viewer))


def _load(hits: Sequence[Hit], query: Query) -> list[FoundHit]:
    posts = _posts([hit.id for hit in hits if hit.kind == POST])
    comments = _comments([hit.id for hit in hits if hit.kind == COMMENT])
    # A thing that was deleted since the check is in neither.
    shown = []
    for hit in hits:
        if hit.kind == POST and hit.id in posts:
            shown.append(_found_post(posts[hit.id], query))
        elif hit.kind == COMMENT and hit.id in comments:
            shown.append(_found_comment(comments[hit.id], query))
    return shown


def _found_post(post: Post, query: Query) -> FoundHit:
    text = " ".join([post.standfirst, _plain(post.body_html), post.question]).strip()
    return FoundHit(post, None, excerpts.of(text, post.lang, query))


def _found_comment(comment: Comment, query: Query) -> FoundHit:
    text = _plain(comment.body_html)
    return FoundHit(comment.post, comment, excerpts.of(text, comment.lang, query))


# Taking the markup from a long post costs more than finding it.
_plain: Final = lru_cache(maxsize=256)(documents.comment_text)


def _posts(ids: Collection[int]) -> dict[int, Post]:
    if not ids:
        return {}
    found = select(Post).where(Post.id.in_(ids)).options(selectinload(Post.authors), defer(Post.body))
    return {post.id: post for post in db.session.scalars(found)}


def _comments(ids: Collection[int]) -> dict[int, Comment]:
    if not ids:
        return {}
    above: Any = joinedload(Comment.parent)
    found = (
        select(Comment)
        .join(Comment.post)
        .where(Comment.id.in_(ids))
        .options(
            contains_eager(Comment.post).load_only(Post.slug, Post.title, Post.state),
            joinedload(Comment.author),
            above.load_only(Comment.state),
            # Unnested: else SQLite first joins every comment there is with its writer.
            above.joinedload(Comment.author, innerjoin="unnested"),
            defer(Comment.body),
        )
    )
    return {comment.id: comment for comment in db.session.scalars(found)}
