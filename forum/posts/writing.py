"""Writing a post: saved, published, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from slugify import slugify
from sqlalchemy import select, update

from forum.accounts.models import User
from forum.accounts.queries import usernames_among
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused
from forum.media import uses
from forum.media.models import POST
from forum.posts import series
from forum.posts.models import DRAFT, OPEN, POLICIES, PUBLISHED, Post, PostAuthor, Tag
from forum.text import language, markdown, pictures, references
from forum.text.safe import SafeHtml

LONGEST_TITLE = 200
LONGEST_STANDFIRST = 500
LONGEST_BODY = markdown.MAX_CHARS
MOST_TAGS = 10
LONGEST_TAG = 50
MOST_AUTHORS = 12
MOST_PARTS = 200


@dataclass(frozen=True)
class AuthorText:
    """An author as the post is to name them."""

    name: str
    role: str = ""
    organisation: str = ""
    is_guest: bool = False
    user_id: int | None = None


@dataclass(frozen=True)
class PostText:
    """What an author fills in. `series` and `tags` are names; new ones are made."""

    title: str
    body: str
    standfirst: str = ""
    question: str = ""
    lang: str = "en"
    slug: str = ""
    series: str = ""
    part: int | None = None
    total: int | None = None
    tags: Sequence[str] = ()
    policy: str = OPEN
    closes_at: datetime | None = None
    authors: Sequence[AuthorText] = field(default_factory=list)
    is_published: bool = False
    # None leaves it as it is; see permissions.may_let_authors_moderate.
    authors_moderate: bool | None = None


def write(owner: User, text: PostText) -> Post:
    """A new post. Raises Refused with the field that needs another look."""
    post = Post(owner_id=owner.id, state=DRAFT)
    _check(text)
    rendered = _rendered(text.body)
    post.slug = _free_slug(text.slug or text.title, None)
    _place(post, text, owner)
    _fill(post, text, rendered)
    db.session.add(post)
    db.session.flush()  # the event and the address need it
    _note_pictures(post, owner)
    _settle_state(post, text.is_published, was_public=False)
    return post


def change(post: Post, text: PostText, version: int, by: User | None = None) -> Post:
    """Save an edit made on `version`. Raises Refused, or Conflict when somebody saved meanwhile."""
    _check(text)
    rendered = _rendered(text.body)
    _take(post, version)
    if text.slug and slugify(text.slug) != post.slug:
        post.slug = _free_slug(text.slug, post.id)
    was_public = post.is_public
    _place(post, text, by)
    _fill(post, text, rendered)
    post.updated_at = clock.now()
    post.thread_version += 1
    _note_pictures(post, by)
    _settle_state(post, text.is_published, was_public)
    return post


def _note_pictures(post: Post, by: User | None) -> None:
    """Its pictures are in use: those of its owner, those of whoever saves it, and those that were there before."""
    people = {post.owner_id, by.id if by else None} - {None}
    uses.record(POST, post.id, pictures.mentioned(post.body_html), people)


def _take(post: Post, version: int) -> None:
    # Compare-and-swap: of two editors, the second finds the version changed.
    taken = db.session.execute(
        update(Post).where(Post.id == post.id, Post.version == version).values(version=version + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(
            _("Somebody saved this post while you were writing. Your words are below; look at theirs first.")
        )
    db.session.refresh(post)


def _check(text: PostText) -> None:
    title = text.title.strip()
    if not title:
        raise Refused(_("Give the post a title"), "title")
    if len(title) > LONGEST_TITLE:
        raise Refused(
            ngettext(
                "Shorten the title by %(num)d character",
                "Shorten the title by %(num)d characters",
                len(title) - LONGEST_TITLE,
            ),
            "title",
        )
    if len(text.standfirst) > LONGEST_STANDFIRST:
        over = len(text.standfirst) - LONGEST_STANDFIRST
        raise Refused(
            ngettext(
                "Shorten the standfirst by %(num)d character", "Shorten the standfirst by %(num)d characters", over
            ),
            "standfirst",
        )
    if not text.body.strip():
        raise Refused(_("Write something first"), "body")
    if len(text.body) > LONGEST_BODY:
        raise Refused(
            ngettext(
                "Shorten the text by %(num)d character",
                "Shorten the text by %(num)d characters",
                len(text.body) - LONGEST_BODY,
            ),
            "body",
        )
    if text.policy not in POLICIES:
        raise Refused(_("Choose who may write below the post"), "policy")
    if text.part is not None and not text.series.strip():
        raise Refused(_("Name the series this is a part of"), "series")
    if text.part is not None and not 1 <= text.part <= MOST_PARTS:
        raise Refused(_("The part must be a number from 1 to %(num)d", num=MOST_PARTS), "part")
    if text.total is not None and not max(1, text.part or 1) <= text.total <= MOST_PARTS:
        raise Refused(_("The number of parts planned must be at least this part's number"), "total")
    if len(text.tags) > MOST_TAGS:
        raise Refused(_("Use at most %(num)d tags", num=MOST_TAGS), "tags")
    if len(text.authors) > MOST_AUTHORS:
        raise Refused(_("Name at most %(num)d authors", num=MOST_AUTHORS), "authors")


def _rendered(body: str) -> markdown.Rendered:
    """Before anything is changed: another process may do it, and nobody else could write to SQLite meanwhile."""
    try:
        return markdown.render_post_apart(body)
    except markdown.TooComplex as error:
        raise Refused(str(error), "body") from error


def _place(post: Post, text: PostText, by: User | None) -> None:
    series.place(post, text.series, text.part, text.total, by, is_published=text.is_published)


def _fill(post: Post, text: PostText, rendered: markdown.Rendered) -> None:
    post.title = " ".join(text.title.split())
    post.standfirst = text.standfirst.strip()
    post.question = text.question.strip()
    post.lang = language.clean(text.lang, "en")
    post.policy, post.closes_at = text.policy, text.closes_at
    if text.authors_moderate is not None:
        post.authors_moderate = text.authors_moderate
    post.tags = _tags(text.tags)
    post.authors = []
    db.session.flush()  # before their places are taken by others
    post.authors = [
        PostAuthor(
            position=place,
            user_id=author.user_id,
            name=author.name.strip()[:80],
            role=author.role.strip()[:120],
            organisation=author.organisation.strip()[:120],
            is_guest=author.is_guest,
        )
        for place, author in enumerate(a for a in text.authors if a.name.strip())
    ]
    _store(post, text.body, rendered)


def render(post: Post, body: str) -> None:
    """Store a body and the HTML it makes, for who works alone on the database. Raises TooComplex."""
    _store(post, body, markdown.render_post(body))


def _store(post: Post, body: str, rendered: markdown.Rendered) -> None:
    post.body, post.body_html, post.renderer = body, with_people(rendered), markdown.RENDERER


def with_people(rendered: markdown.Rendered) -> SafeHtml:
    """The HTML with links to the people it mentions. A post has no comments yet to name by number."""
    return references.link(rendered.html, usernames_among(rendered.mentions), set())


def _settle_state(post: Post, is_published: bool, was_public: bool) -> None:
    if is_published and not was_public:
        post.state = PUBLISHED
        post.published_at = post.published_at or clock.now()
        publish(catalog.PostPublished(post.id))
    elif was_public and not is_published:
        post.state = DRAFT
        publish(catalog.PostUnpublished(post.id))
    elif was_public:
        publish(catalog.PostChanged(post.id))


def _tags(names: Sequence[str]) -> list[Tag]:
    """The tags of these names; two spellings with one address are one tag."""
    named: dict[str, str] = {}
    for name in names:
        named.setdefault(slugify(name, max_length=LONGEST_TAG), name.strip().lower())
    return [tag_named(name) for slug, name in named.items() if slug]


def tag_named(name: str) -> Tag:
    """The tag of this name, made if there is none."""
    slug = slugify(name, max_length=LONGEST_TAG)
    tag = db.session.scalar(select(Tag).where(Tag.slug == slug))
    if tag is None:
        tag = Tag(slug=slug, name=name[:60])
        db.session.add(tag)
        db.session.flush()  # the same name twice in one form finds it
    return tag


def _free_slug(wish: str, own_id: int | None) -> str:
    stem = slugify(wish, max_length=140) or "post"
    taken = set(db.session.scalars(select(Post.slug).where(Post.slug.startswith(stem), Post.id != (own_id or 0))))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
