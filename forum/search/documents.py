"""What the index should hold: public posts and public comments in them, read from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.accounts.models import User
from forum.comments.models import PUBLISHED, Comment
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post, PostAuthor
from forum.search.engine import COMMENT, POST, Document
from forum.text import excerpt, safe

# Rows read at a time: enough to be quick, few enough to hold in memory whatever they say.
BATCH: Final = 200

_Rows = Select[*tuple[Any, ...]]


def public(session: Session, kind: str, ids: Collection[int]) -> list[Document]:
    """Those of these that everybody may read. One query for comments, two for posts."""
    if not ids:
        return []
    if kind == COMMENT:
        return _comments(session.execute(_public_comments().where(Comment.id.in_(ids))))
    return _posts(session, session.execute(_public_posts().where(Post.id.in_(ids))).all())


def everything(session: Session) -> Iterator[Document]:
    """Every document there should be. Reads in batches and ends the transaction after each: no read lasts."""
    for rows in _batches(session, _public_posts(), Post.id):
        yield from _posts(session, rows)
    for rows in _batches(session, _public_comments(), Comment.id):
        yield from _comments(rows)


def _batches(session: Session, things: _Rows, number: InstrumentedAttribute[int]) -> Iterator[Sequence[Row[Any]]]:
    last = 0
    while rows := session.execute(things.where(number > last).order_by(number).limit(BATCH)).all():
        yield rows
        last = rows[-1].id
        session.rollback()


def count(session: Session) -> int:
    """How many documents there should be."""
    posts = session.scalar(select(func.count()).select_from(_public_posts().subquery()))
    comments = session.scalar(select(func.count()).select_from(_public_comments().subquery()))
    return (posts or 0) + (comments or 0)


def _public_posts() -> _Rows:
    text = (Post.title, Post.standfirst, Post.body_html, Post.question, Post.lang)
    return select(Post.id, Post.published_at, *text).where(Post.state == POST_PUBLISHED)


def _public_comments() -> _Rows:
    text = (Comment.body_html, Comment.lang, User.name, User.username)
    return (
        select(Comment.id, Comment.post_id, Comment.created_at, *text)
        .join(Post, Post.id == Comment.post_id)
        .join(User, User.id == Comment.author_id)
        .where(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED)
    )


def _posts(session: Session, rows: Collection[Row[Any]]) -> list[Document]:
    authors = _authors_of(session, [row.id for row in rows])
    return [
        Document(
            POST,
            row.id,
            row.id,
            row.title,
            post_text(row.standfirst, row.body_html, row.question),
            tuple(authors[row.id]),
            row.lang,
            row.published_at,
        )
        for row in rows
    ]


def _comments(rows: Iterable[Row[Any]]) -> list[Document]:
    return [
        Document(
            COMMENT,
            row.id,
            row.post_id,
            "",
            comment_text(row.body_html),
            (row.name, row.username),
            row.lang,
            row.created_at,
        )
        for row in rows
    ]


def _authors_of(session: Session, post_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the authors of each post, and their usernames where they have accounts."""
    rows = session.execute(
        select(PostAuthor.post_id, PostAuthor.name, User.username)
        .outerjoin(User, User.id == PostAuthor.user_id)
        .where(PostAuthor.post_id.in_(post_ids))
        .order_by(PostAuthor.post_id, PostAuthor.position)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for post_id, name, username in rows:
        names[post_id] += [name, username] if username else [name]
    return names


def post_text(standfirst: str, body_html: str, question: str) -> str:
    """What of a post is searched besides its title, and what its excerpts are cut from."""
    return " ".join(part for part in (standfirst, comment_text(body_html), question) if part)


def comment_text(body_html: str) -> str:
    return excerpt.plain(safe.stored(body_html))
