"""A post's place in a series: which part it is, and how many are planned."""

from __future__ import annotations

from flask_babel import gettext as _
from slugify import slugify
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts.models import PUBLISHED, Post, Series
from forum.posts.permissions import authored_by


def named(name: str) -> Series | None:
    """The series of this name, made if there is none."""
    name = " ".join(name.split())[:120]
    slug = slugify(name, max_length=110)
    if not slug:
        return None
    series = db.session.scalar(select(Series).where(Series.slug == slug))
    if series is None:
        series = Series(slug=slug, name=name)
        db.session.add(series)
        db.session.flush()  # what others have in it is asked by its number
    return series


def place(post: Post, name: str, part: int | None, total: int | None, by: User | None, *, is_published: bool) -> None:
    """Make the post this part of the series. `by` may be None for the site itself, which may do all of it.

    Raises Refused: where another public post is that part, or where the planned number is not theirs to change.
    """
    before = (post.series_id, post.part) if post.is_public else None
    series = named(name)
    post.series, post.part = series, part
    if series is None:
        return
    if total is not None and total != series.total:
        if by is not None and not _may_plan(by, series, post):
            raise Refused(_("Only the authors of this series change how many parts are planned"), "total")
        series.total = total
    if is_published and part is not None:
        if before != (series.id, part):
            _require_free(series, part, post)
        if series.total is not None:
            series.total = max(series.total, part)


def _may_plan(by: User, series: Series, post: Post) -> bool:
    """What readers see of a series is its authors' to change; one without public parts is anybody's who writes."""
    others = _public_others(series, post)
    is_theirs = db.session.scalar(others.where(authored_by(by)).limit(1)) is not None
    return by.is_admin or is_theirs or db.session.scalar(others.limit(1)) is None


def _require_free(series: Series, part: int, post: Post) -> None:
    others = _public_others(series, post)
    taken = db.session.scalar(others.with_only_columns(Post.title).where(Post.part == part).limit(1))
    if taken is None:
        return
    last = db.session.scalar(others.with_only_columns(func.max(Post.part))) or 0
    words = _("Part %(part)d is “%(title)s” already; the next one is %(next)d", part=part, title=taken, next=last + 1)
    raise Refused(words, "part")


def _public_others(series: Series, post: Post):
    found = select(Post.id).where(Post.series_id == series.id, Post.state == PUBLISHED)
    return found.where(Post.id != post.id) if post.id is not None else found
