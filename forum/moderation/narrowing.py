"""What a moderator types into the search, as the database can be asked for it; else why it cannot.

An e-mail address is known here by its digest alone, the same by which blocked addresses are known. No account keeps its
own, so which accounts have it is found by making that of each.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select

from forum.accounts import blocking, usernames
from forum.accounts.models import User
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import searching
from forum.moderation.folded import holds
from forum.posts.models import Post

# A field takes so many characters, and so many words are looked for in one text.
LONGEST, MOST_WORDS = 200, 8
# People or discussions that fit what was typed: whoever finds more types more.
MOST_OF_A_KIND = 50
# Their digests are made in a tenth of a second, in which no other page is made.
MOST_ACCOUNTS = 20_000

_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Owners:
    """Whose an address is, among the accounts looked at, and whether nobody joins with it any more."""

    ids: frozenset[int]
    is_blocked: bool
    # Whether there are older accounts, which were not looked at.
    is_cut: bool


def words(typed: str) -> tuple[str, ...]:
    """The words of a text, or what stands in quotation marks as one. Raises Refused."""
    found = tuple(quoted or word for quoted, word in re.findall(r'"([^"]*\S[^"]*)"|([^\s"]+)', _short(typed, "words")))
    if len(found) > MOST_WORDS:
        raise Refused(_("Type %(num)d words at most", num=MOST_WORDS), "words")
    return found


def matched(typed: str) -> str:
    return _short(typed, "matched")


def state(typed: str) -> str:
    if typed and typed not in searching.STATES:
        raise Refused(_("Choose one of the states"), "state")
    return typed


def people(typed: str) -> frozenset[int] | None:
    """Who has this in their name or username; None for nothing typed. One query, which reads every account. Raises
    Refused where that is nobody, or too many."""
    typed = _short(typed, "author")
    if not typed:
        return None
    name = typed.removeprefix("@")
    is_meant = or_(User.username_key == usernames.key(name), holds(User.username, (name,)), holds(User.name, (typed,)))
    found = db.session.scalars(select(User.id).where(is_meant).limit(MOST_OF_A_KIND + 1)).all()
    return _few(found, "author", _("Nobody has this in their name"))


def discussions(typed: str) -> frozenset[int] | None:
    """The same for what a discussion has in its title or address."""
    typed = _short(typed, "discussion")
    if not typed:
        return None
    slug = typed.rstrip("/").rpartition("/")[2]
    is_meant = or_(Post.slug == slug, holds(Post.title, (typed,)))
    found = db.session.scalars(select(Post.id).where(is_meant).limit(MOST_OF_A_KIND + 1)).all()
    return _few(found, "discussion", _("No discussion has this in its title"))


def digest(typed: str) -> str:
    """The digest of an e-mail address, or a digest as it is. Raises Refused for what is neither."""
    typed = _short(typed, "address")
    if typed and "@" in typed.strip("@"):
        return blocking.digest_of(typed)
    if typed and not _DIGEST.fullmatch(typed.lower()):
        raise Refused(_("Type an e-mail address, or its digest: 64 digits and letters from a to f"), "address")
    return typed.lower()


def owners(digest: str) -> Owners:
    """Who has the address with this digest. Two queries."""
    newest = select(User.id, User.email_key).where(User.email_key.is_not(None)).order_by(User.id.desc())
    rows = db.session.execute(newest.limit(MOST_ACCOUNTS + 1)).all()
    ids = frozenset(number for number, email in rows[:MOST_ACCOUNTS] if blocking.digest_of(email or "") == digest)
    return Owners(ids, blocking.is_digest_blocked(digest), len(rows) > MOST_ACCOUNTS)


def since(typed: str) -> datetime | None:
    """The moment this day begins. Raises Refused."""
    return _day(typed, "since")


def until(typed: str, first: datetime | None = None) -> datetime | None:
    """The moment it is over; it may be the first day, but none before. Raises Refused."""
    last = _day(typed, "until")
    if first is not None and last is not None and last < first:
        raise Refused(_("The last day comes before the first"), "until")
    return last + timedelta(days=1) if last is not None else None


def _day(typed: str, field: str) -> datetime | None:
    if not typed:
        return None
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", typed):
        raise Refused(_("Type a date as 2026-03-31"), field)
    try:
        return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(_("There is no such day"), field) from None


def _few(found: Collection[int], field: str, none: str) -> frozenset[int]:
    if not found:
        raise Refused(none, field)
    if len(found) > MOST_OF_A_KIND:
        raise Refused(_("More than %(num)d fit this. Type more of it", num=MOST_OF_A_KIND), field)
    return frozenset(found)


def _short(typed: str, field: str) -> str:
    typed = typed.strip()
    if len(typed) > LONGEST:
        raise Refused(_("Type %(num)d characters at most", num=LONGEST), field)
    return typed
