"""What a member has not posted yet: one draft in each place they write, the same on all their devices."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Integer, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.comments import posting
from forum.comments.models import Comment, Draft
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused
from forum.posts.models import Post
from forum.text import language

# A holiday, counted from the last save: a member knows where to find them.
KEPT_FOR = timedelta(days=30)
# What a person may have typed and must not lose, even when it is too long to post.
LONGEST = 100_000
# Places in which one person has words at once; more is a program at work.
MOST = 100
# Versions begin somewhere and count on, so that a draft made anew is not taken for the one before it.
_FIRST_VERSIONS = 2**30


@dataclass(frozen=True)
class Typed:
    """What a composer sends: the words, the version of the draft that it has seen, and the token of its form."""

    body: str
    lang: str = ""
    seen: int = 0
    token: str = ""


class Newer(Conflict):
    """Other words were saved in this place since; `draft` has them."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("A newer draft was saved elsewhere."))
        self.draft = draft


def save(user: User, post: Post, parent: Comment | None, typed: Typed) -> Draft | None:
    """Keep a member's words; no words forget the draft. None when there is nothing to keep (any more).

    Compare and swap: raises Newer when another composer has saved other words since. One composer follows itself,
    also when the answer to its last save was lost on the way. Raises Refused for what cannot be kept.
    """
    if posting.sent_before(user, typed.token):
        return None  # posted while this save was on its way
    draft = at(user, post.id, parent.id if parent else None) or _homeless(user, post, typed.seen)
    body = typed.body.replace("\x00", "")  # PostgreSQL keeps none
    mark = _mark(user, post, parent, typed.token)
    if not body.strip():
        _empty(draft, typed, mark)
        return None
    posting.check_length(body, LONGEST)
    values: dict[str, object] = {
        "body": body,
        "lang": language.clean(typed.lang, post.lang),
        "parent_id": parent.id if parent else None,
        "secret_digest": mark,
        "saved_at": clock.now(),
    }
    return _swap(draft, typed, values) if draft else _add(user, post, values)


def at(user: User, post_id: int, parent_id: int | None = None) -> Draft | None:
    """This person's words in one place, however old: a place holds one draft."""
    place = Draft.parent_id.is_(None) if parent_id is None else Draft.parent_id == parent_id
    return db.session.scalar(select(Draft).where(Draft.user_id == user.id, Draft.post_id == post_id, place))


def below(user: User, post_id: int) -> dict[int, Draft]:
    """All this person's words below a post, by the comment they answer; 0 is the post itself. One query."""
    rows = db.session.scalars(
        select(Draft)
        .where(_of(user), Draft.post_id == post_id)
        .options(joinedload(Draft.parent).joinedload(Comment.author, innerjoin="unnested"))  # type: ignore[arg-type]
        .order_by(Draft.saved_at.desc())
    )
    return {row.parent_id or 0: row for row in rows}


def all_of(user: User) -> Sequence[Draft]:
    """Everything this person has not posted, the newest first. One query."""
    return db.session.scalars(
        select(Draft)
        .where(_of(user))
        .options(
            joinedload(Draft.post, innerjoin=True),
            joinedload(Draft.parent).joinedload(Comment.author, innerjoin="unnested"),  # type: ignore[arg-type]
        )
        .order_by(Draft.saved_at.desc(), Draft.id.desc())
        .limit(MOST)
    ).all()


def waiting_for(user: User) -> Draft | None:
    """The newest words this person has not posted."""
    return db.session.scalar(select(Draft).where(_of(user)).order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(1))


def forget_posted(user: User, post: Post, parent: Comment | None, typed: Typed) -> None:
    """These words are posted. Other words that were saved in this place since stay."""
    values = {
        "user": user.id, "post": post.id, "parent": parent.id if parent else None, "words": typed.body,
        "mark": _mark(user, post, parent, typed.token), "seen": typed.seen,
    }  # fmt: skip
    # Past the session, which holds none of them.
    db.session.connection().execute(_POSTED, values)


_IN_PLACE = Draft.parent_id.is_not_distinct_from(bindparam("parent", type_=Integer))
# With every posting: made once. No draft has version 0, which stands for none that was seen.
_POSTED = delete(Draft).where(
    Draft.user_id == bindparam("user"),
    Draft.post_id == bindparam("post"),
    or_(
        and_(_IN_PLACE, Draft.body == bindparam("words")),
        Draft.secret_digest == bindparam("mark"),
        Draft.version == bindparam("seen"),
    ),
)


def drop(user: User, draft_id: int) -> None:
    """Forget one of this person's drafts; nothing happens when it is gone already or another's."""
    db.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.user_id == user.id))


def forget_old() -> None:
    db.session.execute(delete(Draft).where(Draft.user_id.is_not(None), Draft.saved_at < clock.now() - KEPT_FOR))


def first_version() -> int:
    """Where the versions of a new draft begin."""
    return 1 + secrets.randbelow(_FIRST_VERSIONS)


def _of(user: User) -> ColumnElement[bool]:
    return and_(Draft.user_id == user.id, Draft.saved_at > clock.now() - KEPT_FOR)


def _homeless(user: User, post: Post, seen: int) -> Draft | None:
    """The draft this composer has seen, when the comment it answers has gone: it moves to where they write now."""
    if not seen:
        return None
    draft = db.session.scalar(select(Draft).where(_of(user), Draft.post_id == post.id, Draft.version == seen))
    return draft if draft is not None and draft.parent is not None and not draft.parent.is_public else None


def _empty(draft: Draft | None, typed: Typed, mark: str) -> None:
    if draft is None:
        return
    if not _may_swap(draft, typed, mark):
        raise Newer(draft)
    db.session.execute(delete(Draft).where(Draft.id == draft.id, Draft.version == draft.version))


def _swap(draft: Draft, typed: Typed, values: dict[str, object]) -> Draft:
    if not _may_swap(draft, typed, values["secret_digest"]) and draft.body != values["body"]:
        raise Newer(draft)
    changed = db.session.execute(
        update(Draft)
        .where(Draft.id == draft.id, Draft.version == draft.version)
        .values(version=draft.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(draft)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise _lost_to(draft)
    return draft


def _lost_to(draft: Draft) -> Conflict:
    there = db.session.get(Draft, draft.id)
    return Newer(there) if there is not None else Conflict(_("This draft was deleted at the same moment. Try again."))


def _add(user: User, post: Post, values: dict[str, object]) -> Draft:
    """A new draft. Of two for one place at once the second hears of the first."""
    if (db.session.scalar(select(func.count(Draft.id)).where(Draft.user_id == user.id)) or 0) >= MOST:
        raise Refused(_("You have %(num)d drafts. Post or delete one, so that this can be kept.", num=MOST))
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"user_id": user.id, "post_id": post.id, "version": first_version(), "created_at": clock.now(), **values}
    number = db.session.scalar(dialect.insert(Draft).values(row).on_conflict_do_nothing().returning(Draft.id))
    if number is not None:
        return db.session.get_one(Draft, number)
    first = at(user, post.id, values["parent_id"])  # type: ignore[arg-type]
    raise Newer(first) if first else Conflict(_("This was saved at the same moment. Try again."))


def _may_swap(draft: Draft, typed: Typed, mark: object) -> bool:
    return draft.version == typed.seen or draft.secret_digest == mark


def _mark(user: User, post: Post, parent: Comment | None, token: str) -> str:
    """Who saved last: a composer, by the token of its form; no secret opens a member's draft."""
    parts = (user.id, post.id, parent.id if parent else 0, token or signing.new_secret())
    return signing.digest(":".join(map(str, parts)))
