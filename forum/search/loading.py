"""From hits to what is shown of them, read from the database: only what this viewer may read this very moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, literal, select, union_all
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from forum.accounts.models import User
from forum.comments import permissions as comment_permissions
from forum.comments.models import PUBLISHED, Comment
from forum.foundation.db import among, db
from forum.posts import permissions as post_permissions
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post, Series
from forum.search import documents, excerpts
from forum.search.engine import COMMENT, KINDS, PERSON, POST, Hit, Query


@dataclass(frozen=True)
class FoundPost:
    """A post; in its title and excerpt the searched words are marked."""

    post: Post
    title: Markup
    excerpt: Markup


@dataclass(frozen=True)
class FoundComment:
    """A comment with its post; `title` is the post's."""

    comment: Comment
    title: Markup
    excerpt: Markup


@dataclass(frozen=True)
class FoundPerson:
    """A person; `title` is their name, and the excerpt is of what they say about themselves."""

    person: User
    title: Markup
    excerpt: Markup


FoundHit = FoundPost | FoundComment | FoundPerson


def readable(hits: Sequence[Hit], viewer: User | None) -> list[Hit]:
    """Those that are public this very moment, in their order. One query."""
    ids = {kind: [hit.id for hit in hits if hit.kind == kind] for kind in KINDS}
    posts = select(literal(POST), Post.id).where(among(Post.id, POST), _public_post(viewer))
    comments = (
        select(literal(COMMENT), Comment.id)
        .join(Post, Post.id == Comment.post_id)
        .where(among(Comment.id, COMMENT), _public_comment(viewer))
    )
    people = select(literal(PERSON), User.id).where(among(User.id, PERSON), documents.is_public_person())
    found = {(kind, number) for kind, number in db.session.execute(union_all(posts, comments, people), ids)}
    return [hit for hit in hits if (hit.kind, hit.id) in found]


def _public_post(viewer: User | None) -> ColumnElement[bool]:
    # What a moderator may see besides is searched from the database side, never from the public index.
    return and_(Post.state == POST_PUBLISHED, post_permissions.visible_to(viewer))


def _public_comment(viewer: User | None) -> ColumnElement[bool]:
    return and_(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED, comment_permissions.visible_to(viewer))


def load(hits: Sequence[Hit], query: Query, viewer: User | None) -> list[FoundHit]:
    """What is shown of these: at most five queries. A thing that ceased to be public since the check is left out."""
    posts = _posts([hit.id for hit in hits if hit.kind == POST], viewer)
    comments = _comments([hit.id for hit in hits if hit.kind == COMMENT], viewer)
    people = _people([hit.id for hit in hits if hit.kind == PERSON])
    shown: list[FoundHit] = []
    for hit in hits:
        if hit.kind == POST and hit.id in posts:
            shown.append(_found_post(posts[hit.id], query))
        elif hit.kind == COMMENT and hit.id in comments:
            shown.append(_found_comment(comments[hit.id], query))
        elif hit.kind == PERSON and hit.id in people:
            shown.append(_found_person(people[hit.id], query))
    return shown


def _found_post(post: Post, query: Query) -> FoundPost:
    text = " ".join(part for part in (post.standfirst, _post_words(post.body_html), post.question) if part)
    return FoundPost(post, excerpts.of(post.title, post.lang, query), excerpts.of(text, post.lang, query))


def _found_comment(comment: Comment, query: Query) -> FoundComment:
    text, post = _comment_words(comment.body_html), comment.post
    return FoundComment(comment, excerpts.of(post.title, post.lang, query), excerpts.of(text, comment.lang, query))


def _found_person(person: User, query: Query) -> FoundPerson:
    lang = documents.PROFILE_LANG
    return FoundPerson(person, excerpts.of(person.name, lang, query), excerpts.of(person.bio, lang, query))


# Taking the markup from a long post costs more than finding it.
_post_words: Final = lru_cache(maxsize=256)(lambda body_html: documents.post_text("", body_html, ""))
_comment_words: Final = lru_cache(maxsize=256)(documents.comment_text)


def _posts(ids: Collection[int], viewer: User | None) -> dict[int, Post]:
    if not ids:
        return {}
    found = (
        select(Post)
        .where(Post.id.in_(ids), _public_post(viewer))
        .options(selectinload(Post.authors), joinedload(Post.series).load_only(Series.name), defer(Post.body))
    )
    return {post.id: post for post in db.session.scalars(found)}


def _comments(ids: Collection[int], viewer: User | None) -> dict[int, Comment]:
    if not ids:
        return {}
    above: Any = joinedload(Comment.parent)
    answered: Any = joinedload(Comment.answers)
    of_post: Any = contains_eager(Comment.post)
    found = (
        select(Comment)
        .join(Comment.post)
        .where(Comment.id.in_(ids), _public_comment(viewer))
        .options(
            of_post.load_only(Post.slug, Post.title, Post.state, Post.lang, Post.owner_id),
            of_post.selectinload(Post.authors),
            joinedload(Comment.author),
            above.load_only(Comment.state),
            # Unnested: else SQLite first joins every comment there is with its writer.
            above.joinedload(Comment.author, innerjoin="unnested"),
            answered.load_only(Comment.state),
            answered.joinedload(Comment.author, innerjoin="unnested"),
            defer(Comment.body),
        )
    )
    return {comment.id: comment for comment in db.session.scalars(found)}


def _people(ids: Collection[int]) -> dict[int, User]:
    if not ids:
        return {}
    found = select(User).where(User.id.in_(ids), documents.is_public_person())
    return {person.id: person for person in db.session.scalars(found)}
