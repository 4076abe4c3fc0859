"""Posts, for a page at a time, with what the page shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from forum.accounts.models import User
from forum.foundation import paging
from forum.foundation.db import db
from forum.posts.models import PUBLISHED, Post, PostAuthor, PostTag, Series, Tag
from forum.posts.permissions import may_see

PAGE = 20
LATEST, DISCUSSED = "latest", "discussed"


def by_slug(slug: str, viewer: User | None) -> Post | None:
    """One post with its series: one query. None when this viewer may not know of it.

    Its authors and its tags are two more, for who asks for them: pages that are kept need neither.
    """
    post = db.session.scalar(_BY_SLUG, {"slug": slug})
    return post if post is not None and may_see(viewer, post) else None


_BY_SLUG = select(Post).where(Post.slug == bindparam("slug")).options(joinedload(Post.series))


def by_id(post_id: int) -> Post | None:
    return db.session.get(Post, post_id)


def page(
    viewer: User | None,
    order: str = LATEST,
    after: str = "",
    series: str = "",
    tag: str = "",
    limit: int = PAGE,
) -> tuple[Sequence[Post], str | None]:
    """One page of public posts and the cursor of the next: three queries, whatever the number of posts."""
    found = select(Post).where(Post.state == PUBLISHED)
    if series:
        found = found.where(Post.series_id == select(Series.id).where(Series.slug == series).scalar_subquery())
    if tag:
        tagged = select(PostTag.post_id).join(Tag, Tag.id == PostTag.tag_id).where(Tag.slug == tag)
        found = found.where(Post.id.in_(tagged))
    if order == DISCUSSED:
        found, key = _discussed(found, after), lambda p: paging.cursor(p.comment_count, p.id)
    else:
        found, key = _latest(found, after), lambda p: paging.cursor(p.published_at, p.id)
    found = found.options(
        joinedload(Post.series),
        selectinload(Post.authors),
        selectinload(Post.tags),
        joinedload(Post.last_comment_by),
    )
    rows = db.session.scalars(found.limit(limit + 1)).all()
    return rows[:limit], key(rows[limit - 1]) if len(rows) > limit else None


def _latest(found, after: str):
    where = paging.read(after, datetime, int)
    if where is not None:
        moment, number = where
        found = found.where(or_(Post.published_at < moment, and_(Post.published_at == moment, Post.id < number)))
    return found.order_by(Post.published_at.desc(), Post.id.desc())


def _discussed(found, after: str):
    where = paging.read(after, int, int)
    if where is not None:
        count, number = where
        found = found.where(or_(Post.comment_count < count, and_(Post.comment_count == count, Post.id < number)))
    return found.order_by(Post.comment_count.desc(), Post.id.desc())


def parts_of(series_ids: Sequence[int]) -> dict[int, list[Post]]:
    """The public parts of these series in order, without their texts. One query."""
    if not series_ids:
        return {}
    rows = db.session.scalars(
        select(Post)
        .options(_only_line())
        .where(Post.series_id.in_(series_ids), Post.state == PUBLISHED)
        .order_by(Post.part, Post.published_at, Post.id)
    )
    found: dict[int, list[Post]] = {number: [] for number in series_ids}
    for post in rows:
        found[post.series_id or 0].append(post)
    return found


def _only_line():
    return load_only(Post.slug, Post.title, Post.part, Post.series_id, Post.published_at, Post.lang)


def series_by_slug(slug: str) -> Series | None:
    return db.session.scalar(select(Series).where(Series.slug == slug))


def all_series() -> Sequence[Series]:
    """Every series with a public part, the one that moved last first."""
    latest = func.max(Post.published_at)
    return db.session.scalars(
        select(Series)
        .join(Post, Post.series_id == Series.id)
        .where(Post.state == PUBLISHED)
        .group_by(Series.id)
        .order_by(latest.desc())
    ).all()


def tag_by_slug(slug: str) -> Tag | None:
    return db.session.scalar(select(Tag).where(Tag.slug == slug))


def tags_with_counts(limit: int = 30) -> Sequence[tuple[Tag, int]]:
    """The most used tags of public posts and how many posts each has."""
    count = func.count(Post.id)
    rows = db.session.execute(
        select(Tag, count)
        .join(PostTag, PostTag.tag_id == Tag.id)
        .join(Post, Post.id == PostTag.post_id)
        .where(Post.state == PUBLISHED)
        .group_by(Tag.id)
        .order_by(count.desc(), Tag.name)
        .limit(limit)
    )
    return [(tag, number) for tag, number in rows]


def public_by(user: User, limit: int = 20) -> Sequence[Post]:
    """The public posts that name this person as an author, the newest first."""
    named = select(PostAuthor.post_id).where(PostAuthor.user_id == user.id)
    return db.session.scalars(
        select(Post)
        .options(_only_line())
        .where(Post.state == PUBLISHED, Post.id.in_(named))
        .order_by(Post.published_at.desc(), Post.id.desc())
        .limit(limit)
    ).all()


def written_by(user: User, limit: int = 100) -> Sequence[Post]:
    """An author's own posts, drafts first, then the newest."""
    return db.session.scalars(
        select(Post)
        .options(joinedload(Post.series))
        .where(Post.owner_id == user.id)
        .order_by(Post.state, func.coalesce(Post.published_at, Post.updated_at).desc(), Post.id.desc())
        .limit(limit)
    ).all()
