"""The writers of imported comments: accounts that nobody has claimed yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import count

from slugify import slugify
from sqlalchemy import Table, bindparam, func, select

from forum.accounts import joining, queries, usernames
from forum.accounts.models import User
from forum.archive.records import CommentRecord, origin
from forum.foundation.db import db
from forum.foundation.errors import Refused

# Who wrote is not always kept.
NOBODY = "Anonymous"
# Leaves room for a number behind it.
LONGEST_STEM = usernames.LONGEST - 6

_people: Table = User.__table__  # type: ignore[assignment]
_OLDER = (
    _people.update()
    .where(_people.c.origin == bindparam("who"), _people.c.created_at > bindparam("wrote"))
    .values(created_at=bindparam("wrote"))
)


def origin_of(source: str, comment: CommentRecord) -> str:
    """What makes two comments one person's: the source's own key, or else the name within the source."""
    if comment.author_key is not None:
        return origin(source, comment.author_key)
    return origin(source, "name", _shown(comment.author).casefold())


def known(origins: Iterable[str]) -> dict[str, int]:
    """The accounts made by earlier imports: origin to number. One query for 500 people."""
    wanted = list(dict.fromkeys(origins))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        rows = db.session.execute(select(User.origin, User.id).where(User.origin.in_(wanted[start : start + 500])))
        found |= {name: number for name, number in rows if name is not None}
    return found


def make(source: str, comments: Sequence[CommentRecord]) -> User:
    """An unclaimed account for the writer of these comments: no address, no password, the name as first written."""
    first = min(comments, key=lambda comment: comment.written_at)
    name = _shown(first.author)
    username = _free_username(name)
    person = User(
        username=username,
        username_key=usernames.key(username),
        name=name,
        origin=origin_of(source, first),
        created_at=first.written_at,
    )
    db.session.add(person)
    db.session.flush()  # the comments need its number, the next username must not be the same
    return person


def date_back(source: str, comments: Sequence[CommentRecord]) -> None:
    """Nobody joined after they wrote: an account made for a later comment is as old as this earlier one."""
    rows = [{"who": origin_of(source, comment), "wrote": comment.written_at} for comment in comments]
    if rows:
        # One statement for all, past the mapper.
        db.session.connection().execute(_OLDER, rows)


def _shown(written: str) -> str:
    """A name as it may be shown: one line, nothing invisible."""
    visible = (c for c in unicodedata.normalize("NFC", written) if unicodedata.category(c) not in ("Cc", "Cf", "Co"))
    return " ".join("".join(visible).split())[: joining.LONGEST_NAME].strip() or NOBODY


def _free_username(name: str) -> str:
    stem = _stem(name)
    if queries.by_username(stem) is None:
        return stem
    alike = select(func.count()).where(User.username_key.startswith(usernames.key(stem), autoescape=True))
    numbers = count(1 + (db.session.scalar(alike) or 0))
    return next(wish for number in numbers if queries.by_username(wish := f"{stem}-{number}") is None)


def _stem(name: str) -> str:
    """The beginning of a valid username, as near to the name as the rules allow."""
    for wish in (_dotted(name), slugify(name, separator=".")):
        try:
            return usernames.clean(wish[:LONGEST_STEM].strip("."))
        except Refused:
            continue
    return "reader"


def _dotted(name: str) -> str:
    """The letters and numbers of a name, a dot for whatever is between."""
    folded = unicodedata.normalize("NFKC", name).lower()
    kept = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in folded)
    return ".".join("".join(kept).split())
