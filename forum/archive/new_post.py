"""A post from elsewhere as a post of ours."""

from __future__ import annotations

from itertools import count

from slugify import slugify
from sqlalchemy import select

from forum.archive.records import PostRecord, origin
from forum.foundation.db import db
from forum.posts import writing
from forum.posts.models import PUBLISHED, Post, PostAuthor, Tag
from forum.text import excerpt, language, markdown
from forum.text.safe import SafeHtml

LONGEST_SLUG = 140


def make(source: str, record: PostRecord, html: SafeHtml) -> Post:
    """The post of this record, public since its date, with this HTML."""
    post = Post(
        slug=_free_slug(record.slug),
        title=excerpt.excerpt(record.title, writing.LONGEST_TITLE),
        standfirst=_standfirst(record),
        body=record.body,
        body_html=html,
        renderer=markdown.RENDERER,
        lang=language.clean(record.lang, "en"),
        state=PUBLISHED,
        origin=origin(source, record.slug),
        created_at=record.published_at,
        updated_at=record.published_at,
        published_at=record.published_at,
        authors=[
            PostAuthor(position=place, name=name[:80])
            for place, name in enumerate(record.authors[: writing.MOST_AUTHORS])
        ],
        tags=_tags(record),
    )
    db.session.add(post)
    db.session.flush()  # the comments need its number
    return post


def _free_slug(wish: str) -> str:
    stem = slug = slugify(wish, max_length=LONGEST_SLUG) or "post"
    for number in count(2):
        if db.session.scalar(select(Post.id).where(Post.slug == slug)) is None:
            break
        slug = f"{stem}-{number}"
    return slug


def _standfirst(record: PostRecord) -> str:
    try:
        return excerpt.excerpt(excerpt.plain(record.standfirst), writing.LONGEST_STANDFIRST)
    except markdown.TooComplex:
        return ""


def _tags(record: PostRecord) -> list[Tag]:
    """The tags as writing a post makes them; two names with one address are one tag."""
    named = {slugify(name, max_length=writing.LONGEST_TAG): name.lower() for name in reversed(record.tags)}
    return [writing.tag_named(name) for slug, name in reversed(named.items()) if slug][: writing.MOST_TAGS]
