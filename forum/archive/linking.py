"""Which comment belongs where: each discussion with its comments in an order they can be stored in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from forum.archive.records import Archive, CommentRecord, PostRecord, Reject

PARENT_REJECTED = "The comment it replies to was rejected."


@dataclass(frozen=True)
class Discussion:
    """A post and the comments below it: each after the one it replies to, otherwise the oldest first."""

    post: PostRecord
    comments: list[CommentRecord]


@dataclass(frozen=True)
class _Place:
    """What is known of a comment: why it must be rejected, or when and how deep it can stand."""

    fault: str = ""
    at: datetime | None = None
    depth: int = 0


def link(archive: Archive) -> tuple[list[Discussion], list[Reject]]:
    """The discussions that can be stored, in the order of their posts, and the records that belong nowhere."""
    rejects: list[Reject] = []
    posts = _first_of_each(archive.posts, lambda post: post.slug, "slug", rejects)
    comments = _first_of_each(archive.comments, lambda comment: comment.id, "id", rejects)
    places = _places(posts, comments)
    below: dict[str, list[CommentRecord]] = {slug: [] for slug in posts}
    for comment in comments.values():
        if places[comment.id].fault:
            rejects.append(Reject(comment.spot, places[comment.id].fault))
        else:
            below[comment.post].append(comment)
    found = []
    for post in posts.values():
        ordered = sorted(below[post.slug], key=lambda comment: _reading_order(comment, places[comment.id]))
        dated = _dated(post, ordered)
        if dated is None:
            rejects.append(Reject(post.spot, "It has no date, and no comment to take one from."))
        else:
            found.append(Discussion(dated, ordered))
    return found, rejects


def _first_of_each(records, key, name: str, rejects: list[Reject]) -> dict:
    first: dict = {}
    for record in records:
        holder = first.setdefault(key(record), record)
        if holder is not record:
            rejects.append(Reject(record.spot, f"Its {name} is that of line {holder.spot.number} already."))
    return first


def _places(posts: Mapping[str, PostRecord], comments: Mapping[str, CommentRecord]) -> dict[str, _Place]:
    """Each comment's place, found by walking up from it until a comment whose place is known."""
    places: dict[str, _Place] = {}
    for comment in comments.values():
        walked: dict[str, CommentRecord] = {}
        while comment.id not in places:
            walked[comment.id] = comment
            fault = _fault(comment, posts, comments)
            if fault or comment.parent is None:
                places[comment.id] = _Place(fault, comment.written_at)
            elif comment.parent in walked:
                _break_circle(comment.parent, walked, places)
            else:
                comment = comments[comment.parent]
        for reply in reversed(walked.values()):
            if reply.id not in places:
                places[reply.id] = _below(places[reply.parent or ""], reply)
    return places


def _fault(comment: CommentRecord, posts: Mapping[str, PostRecord], comments: Mapping[str, CommentRecord]) -> str:
    if comment.post not in posts:
        return f"Its post “{comment.post}” is not among the posts that could be read."
    if comment.parent is None:
        return ""
    parent = comments.get(comment.parent)
    if parent is None:
        return f"The comment it replies to, “{comment.parent}”, is not among the comments that could be read."
    return "" if parent.post == comment.post else "The comment it replies to is below another post."


def _break_circle(start: str, walked: Mapping[str, CommentRecord], places: dict[str, _Place]) -> None:
    ids = list(walked)
    for one in ids[ids.index(start) :]:
        places[one] = _Place("It replies to itself, directly or through other replies.")


def _below(parent: _Place, reply: CommentRecord) -> _Place:
    if parent.fault or parent.at is None:
        return _Place(PARENT_REJECTED)
    # Clocks differ: a reply dated before its parent is stored right after it.
    return _Place("", max(parent.at, reply.written_at), parent.depth + 1)


def _reading_order(comment: CommentRecord, place: _Place):
    return place.at, place.depth, comment.written_at, comment.spot.number


def _dated(post: PostRecord, comments: list[CommentRecord]) -> PostRecord | None:
    if post.published_at is not None:
        return post
    return replace(post, published_at=min(comment.written_at for comment in comments)) if comments else None
