"""Store a discussion from elsewhere: its post, its people and its comments, with nesting and dates kept."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import load_only

from forum.archive import long_posts, new_post, people
from forum.archive.linking import PARENT_REJECTED, Discussion
from forum.archive.records import CommentRecord, Reject, origin
from forum.archive.seats import Seating
from forum.archive.tally import Tally
from forum.comments.models import PUBLISHED, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.db import db
from forum.posts.models import Post
from forum.text import markdown, references
from forum.text.safe import SafeHtml

# What placing a reply asks of the comment above it; known comments stay otherwise unread.
_PLACE = load_only(Comment.origin, Comment.post_id, Comment.parent_id, Comment.root_id, Comment.path, Comment.depth)


class Ready(NamedTuple):
    """A comment that can be stored."""

    record: CommentRecord
    html: SafeHtml


def load(source: str, discussion: Discussion, tally: Tally) -> None:
    """Add to the session what is not stored yet; what is stored stays as it is. The caller commits.

    About 8 ms a comment, most of it for its Markdown, which is made before the first row is written.
    """
    post = db.session.scalar(select(Post).where(Post.origin == origin(source, discussion.post.slug)))
    if post is None:
        _load_new(source, discussion, tally)
    else:
        _load_more(source, post, discussion.comments, tally)


def _load_new(source: str, discussion: Discussion, tally: Tally) -> None:
    records = discussion.comments
    try:
        html = references.link(long_posts.render(discussion.post.body), set(), set())
    except markdown.TooComplex as reason:
        tally.rejects.append(Reject(discussion.post.spot, str(reason)))
        tally.rejects += [Reject(record.spot, "Its post was rejected.") for record in records]
        return
    ready = _rendered(None, records, _stored(source, records), tally)
    post = new_post.make(source, discussion.post, html)
    _store(source, post, ready, {}, _writers(source, records, ready, tally))
    tally.new_posts += 1
    # The index learns of the post and all its comments by this one event.
    publish(catalog.PostPublished(post.id))


def _load_more(source: str, post: Post, records: Sequence[CommentRecord], tally: Tally) -> None:
    stored = _stored(source, records)
    ready = _rendered(post, records, stored, tally)
    tally.known_posts += 1
    for comment in _store(source, post, ready, stored, _writers(source, records, ready, tally)):
        publish(catalog.CommentPublished(comment.id))


def _stored(source: str, records: Sequence[CommentRecord]) -> dict[str, Comment]:
    """The comments of earlier imports, by the ids they had elsewhere. One query for 500."""
    found: dict[str, Comment] = {}
    for start in range(0, len(records), 500):
        ids = {origin(source, record.id): record.id for record in records[start : start + 500]}
        rows = db.session.scalars(select(Comment).where(Comment.origin.in_(ids)).options(_PLACE))
        found |= {ids[row.origin or ""]: row for row in rows}
    return found


def _rendered(
    post: Post | None, records: Sequence[CommentRecord], stored: Mapping[str, Comment], tally: Tally
) -> dict[str, Ready]:
    """The new comments that can be shown, by id; one that cannot takes the replies to it along."""
    ready: dict[str, Ready] = {}
    for record in records:
        if record.id in stored:
            continue
        try:
            _check_parent(record, post, ready, stored)
            ready[record.id] = Ready(record, _html(record))
        except ValueError as reason:
            tally.rejects.append(Reject(record.spot, str(reason)))
    tally.count_comments(records, stored, ready)
    return ready


def _check_parent(
    record: CommentRecord, post: Post | None, ready: Container[str], stored: Mapping[str, Comment]
) -> None:
    if record.parent is None or record.parent in ready:
        return
    if record.parent not in stored:
        raise ValueError(PARENT_REJECTED)
    if post is None or stored[record.parent].post_id != post.id:
        raise ValueError("The comment it replies to was imported below another post.")


def _html(record: CommentRecord) -> SafeHtml:
    # The prefix keeps the footnotes of two comments on one page apart.
    rendered = markdown.render_comment(record.body, prefix=f"n{secrets.token_hex(4)}-")
    if not rendered.html.striptags().strip() and not rendered.images and "<hr" not in rendered.html:
        raise ValueError("“text” holds no words.")
    # Who was called by a name elsewhere is somebody else here, and so is a number.
    return references.link(rendered.html, set(), set())


def _writers(source: str, records: Sequence[CommentRecord], ready: Mapping[str, Ready], tally: Tally) -> dict[str, int]:
    """The number of everybody who wrote here, by origin; accounts are made for writers of new comments."""
    known = people.known(people.origin_of(source, record) for record in records)
    theirs: dict[str, list[CommentRecord]] = {}
    for one in ready.values():
        theirs.setdefault(people.origin_of(source, one.record), []).append(one.record)
    made = {key: people.make(source, written).id for key, written in theirs.items() if key not in known}
    people.date_back(source, [one.record for one in ready.values() if people.origin_of(source, one.record) in known])
    # In a dry run somebody made for one post is not there for the next: each counts once, as first met.
    tally.known_people |= known.keys() - tally.new_people
    tally.new_people |= made.keys() - tally.known_people
    return known | made


def _store(
    source: str, post: Post, ready: Mapping[str, Ready], stored: Mapping[str, Comment], writers: Mapping[str, int]
) -> list[Comment]:
    if not ready:
        return []
    seating = Seating(post)
    made: dict[str, Comment] = {}
    for record, html in ready.values():
        comment = Comment(
            post_id=post.id,
            author_id=writers[people.origin_of(source, record)],
            body=record.body,
            body_html=html,
            renderer=markdown.RENDERER,
            lang=post.lang,
            state=PUBLISHED,
            origin=origin(source, record.id),
            created_at=record.written_at,
            published_at=record.written_at,
        )
        parent = record.parent or ""
        seating.seat(comment, made.get(parent) or stored.get(parent))
        made[record.id] = comment
    seating.count()
    return list(made.values())
