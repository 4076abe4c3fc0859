"""What the index should hold: public posts, the public comments in them, and who wrote them, read from the database."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.accounts import queries as account_queries
from forum.accounts.models import User
from forum.comments.models import PUBLISHED, Comment
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post, PostAuthor
from forum.search.engine import COMMENT, IMAGE, LINK, PERSON, POST, Document
from forum.text import excerpt, safe

# Rows read at a time: enough to be quick, few enough to hold in memory whatever they say.
BATCH: Final = 200
# Nobody says in which language a profile is. As English, a word is found by its other forms, and by itself in any case.
PROFILE_LANG: Final = "en"

_Rows = Select[*tuple[Any, ...]]


def public(session: Session, kind: str, ids: Collection[int]) -> list[Document]:
    """Those of these that everybody may read. One query, for posts two."""
    if not ids:
        return []
    things, number, make = _KINDS[kind]
    return make(session, session.execute(things().where(number.in_(ids))).all())


def everything(session: Session) -> Iterator[Document]:
    """Every document there should be. Reads in batches and ends the transaction after each: no read lasts."""
    for things, number, make in _KINDS.values():
        for rows in _batches(session, things(), number):
            yield from make(session, rows)


def _batches(session: Session, things: _Rows, number: InstrumentedAttribute[int]) -> Iterator[Sequence[Row[Any]]]:
    last = 0
    while rows := session.execute(things.where(number > last).order_by(number).limit(BATCH)).all():
        yield rows
        last = rows[-1].id
        session.rollback()


def count(session: Session) -> int:
    """How many documents there should be."""
    return sum(
        session.scalar(select(func.count()).select_from(things().with_only_columns(number).subquery())) or 0
        for things, number, _make in _KINDS.values()
    )


def is_public_person() -> ColumnElement[bool]:
    """Whether readers may know of an account, and have read something by it."""
    commented = (
        select(Comment.id)
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.author_id == User.id, Comment.state == PUBLISHED, Post.state == POST_PUBLISHED)
    )
    posted = (
        select(PostAuthor.id)
        .join(Post, Post.id == PostAuthor.post_id)
        .where(PostAuthor.user_id == User.id, Post.state == POST_PUBLISHED)
    )
    return and_(account_queries.known(), or_(commented.exists(), posted.exists()))


def _public_posts() -> _Rows:
    text = (Post.title, Post.standfirst, Post.body_html, Post.question, Post.lang)
    return select(Post.id, Post.published_at, *text).where(Post.state == POST_PUBLISHED)


def _public_comments() -> _Rows:
    return (
        select(
            Comment.id, Comment.post_id, Comment.author_id, Comment.created_at, Comment.body_html, Comment.lang
        )
        .join(Post, Post.id == Comment.post_id)
        .where(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED)
    )  # fmt: skip


def _public_people() -> _Rows:
    said = (User.name, User.username, User.role, User.organisation, User.bio)
    return select(User.id, User.created_at, *said).where(is_public_person())


def _posts(session: Session, rows: Collection[Row[Any]]) -> list[Document]:
    authors = _authors_of(session, [row.id for row in rows])
    return [
        Document(
            POST,
            row.id,
            row.id,
            row.title,
            post_text(row.standfirst, row.body_html, row.question),
            tuple(name for _user_id, names in authors[row.id] for name in names),
            row.lang,
            row.published_at,
            next((user_id for user_id, _names in authors[row.id] if user_id), 0),
            _contents(row.body_html),
        )
        for row in rows
    ]


def _comments(_session: Session, rows: Iterable[Row[Any]]) -> list[Document]:
    return [
        Document(
            COMMENT,
            row.id,
            row.post_id,
            "",
            comment_text(row.body_html),
            (),
            row.lang,
            row.created_at,
            row.author_id,
            _contents(row.body_html),
        )
        for row in rows
    ]


def _people(_session: Session, rows: Iterable[Row[Any]]) -> list[Document]:
    return [
        Document(
            PERSON,
            row.id,
            0,
            row.name,
            person_text(row.username, row.role, row.organisation, row.bio),
            (row.name, row.username),
            PROFILE_LANG,
            row.created_at,
            row.id,
        )
        for row in rows
    ]


_Make = Callable[[Session, Sequence[Row[Any]]], list[Document]]
_KINDS: Final[dict[str, tuple[Callable[[], _Rows], InstrumentedAttribute[int], _Make]]] = {
    POST: (_public_posts, Post.id, _posts),
    COMMENT: (_public_comments, Comment.id, _comments),
    PERSON: (_public_people, User.id, _people),
}


def _authors_of(session: Session, post_ids: Collection[int]) -> dict[int, list[tuple[int | None, list[str]]]]:
    """The accounts and names of the authors of each post, with usernames where they have accounts."""
    rows = session.execute(
        select(PostAuthor.post_id, PostAuthor.user_id, PostAuthor.name, User.username)
        .outerjoin(User, User.id == PostAuthor.user_id)
        .where(PostAuthor.post_id.in_(post_ids))
        .order_by(PostAuthor.post_id, PostAuthor.position)
    )
    authors: dict[int, list[tuple[int | None, list[str]]]] = defaultdict(list)
    for post_id, user_id, name, username in rows:
        authors[post_id].append((user_id, [name, username] if username else [name]))
    return authors


def post_text(standfirst: str, body_html: str, question: str) -> str:
    """What of a post is searched besides its title, and what its excerpts are cut from."""
    return " ".join(part for part in (standfirst, _plain(body_html), question) if part)


def comment_text(body_html: str) -> str:
    """What a comment says itself: the words of other comments that it quotes are found there."""
    return _plain(_unquoted(body_html) if "<blockquote" in body_html else body_html)


def person_text(username: str, role: str, organisation: str, bio: str) -> str:
    """What of a person is searched besides their name."""
    return " ".join(part for part in (username, role, organisation, bio) if part)


def _plain(html: str) -> str:
    return excerpt.plain(safe.stored(html))


_QUOTE: Final = re.compile(r"<(/?)blockquote\b[^>]*>")
# A quotation of a comment says which one.
_NUMBER: Final = 'class="comment-number"'


def _unquoted(html: str) -> str:
    kept, depth, start, end = [], 0, 0, 0
    for tag in _QUOTE.finditer(html):
        if not tag[1]:
            if depth == 0:
                kept.append(html[end : tag.start()])
                start = tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                end = tag.end()
                if _NUMBER not in html[start:end]:
                    kept.append(html[start:end])
    if depth:
        end = start
    return "".join([*kept, html[end:]])


# Not those to people and comments of this site, which every reply may have.
_LINK: Final = re.compile(r'<a href="https?:')


def _contents(body_html: str) -> tuple[str, ...]:
    found = []
    if "<img " in body_html:
        found.append(IMAGE)
    if _LINK.search(body_html):
        found.append(LINK)
    return tuple(found)
