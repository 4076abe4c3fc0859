"""Results of a search, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from forum.accounts.models import User
from forum.marks import muting
from forum.posts.models import Post
from forum.reading.cards import authors_of, person_card
from forum.reading.unread import READ, Place, Unread, unread_of
from forum.search.engine import COMMENT, PERSON, POST
from forum.search.loading import FoundComment, FoundHit, FoundPerson, FoundPost


@dataclass(frozen=True)
class Hit:
    """One result: `kind` is the engine's. `title` and `excerpt` have the searched words in <mark>.

    `context` is where it stands, `by` who wrote it, and `count` what readers made of it, all in words.
    """

    kind: str
    url: str
    title: Markup
    title_lang: str
    excerpt: Markup
    lang: str
    context: str = ""
    context_lang: str = ""
    by: str = ""
    when: datetime | None = None
    count: str = ""
    is_by_author: bool = False
    # Where it is a post: what is new to the reader. Where it is a comment: whether they muted its writer.
    unread: Unread = READ
    is_muted: bool = False


def cards(found: Sequence[FoundHit], viewer: User | None) -> list[Hit]:
    """Two queries for a member, none for a guest."""
    unread = unread_of([Place.of(hit.post) for hit in found if isinstance(hit, FoundPost)], viewer)
    writers = {hit.comment.author_id for hit in found if isinstance(hit, FoundComment)}
    muted = muting.muted_among(viewer, writers) if viewer is not None else set()
    return [_card(hit, unread, muted) for hit in found]


def _card(hit: FoundHit, unread: dict[int, Unread], muted: set[int]) -> Hit:
    match hit:
        case FoundPost():
            return _post(hit, unread.get(hit.post.id, READ))
        case FoundComment():
            return _comment(hit, is_muted=hit.comment.author_id in muted)
        case FoundPerson():
            return _person(hit)


def _post(hit: FoundPost, unread: Unread) -> Hit:
    post = hit.post
    return Hit(
        kind=POST,
        url=url_for("posts.show", slug=post.slug),
        title=hit.title,
        title_lang=post.lang,
        excerpt=hit.excerpt,
        lang=post.lang,
        context=_part(post),
        by=", ".join(author.name for author in post.authors),
        when=post.published_at or post.created_at,
        count=ngettext("%(num)d comment", "%(num)d comments", post.comment_count) if post.comment_count else "",
        unread=unread,
    )


def _part(post: Post) -> str:
    if post.series is None:
        return ""
    if post.part is None:
        return post.series.name
    return _("%(series)s, part %(part)d", series=post.series.name, part=post.part)


def _comment(hit: FoundComment, *, is_muted: bool) -> Hit:
    comment, post, answered = hit.comment, hit.comment.post, hit.comment.answered
    # Nobody is named for words that were taken away.
    is_reply = answered is not None and answered.is_public
    return Hit(
        kind=COMMENT,
        url=url_for("comments.show", comment_id=comment.id),
        title=escape(_("In reply to %(name)s", name=answered.author.name)) if answered and is_reply else hit.title,
        title_lang="" if is_reply else post.lang,
        excerpt=hit.excerpt,
        lang=comment.lang,
        context=post.title if is_reply else "",
        context_lang=post.lang,
        by=comment.author.name,
        when=comment.created_at,
        count=ngettext("%(num)d like", "%(num)d likes", comment.like_count) if comment.like_count else "",
        is_by_author=comment.author_id in authors_of(post),
        is_muted=is_muted,
    )


def _person(hit: FoundPerson) -> Hit:
    person = hit.person
    return Hit(
        kind=PERSON,
        url=url_for("people.show", username=person.username),
        title=hit.title,
        title_lang="",
        excerpt=hit.excerpt,
        lang="",
        context=person_card(person).role_line,
        by=f"@{person.username}",
    )
