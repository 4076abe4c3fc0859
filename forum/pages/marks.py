"""Liking a comment, keeping it, and who likes it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request, url_for

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.comments.permissions import may_see
from forum.foundation.access import Verdict, require
from forum.foundation.limits import MARK, limiter
from forum.marks import marking, queries
from forum.marks.permissions import may_bookmark, may_like
from forum.pages import finding
from forum.reading import cards, drawing
from forum.reading.cards import Setting
from forum.web import respond
from forum.web.guard import members_only, open_to_anybody
from forum.web.sign_in import member

door = Blueprint("marks", __name__)


@door.post("/comments/<int:comment_id>/like")
@members_only
@limiter.limit(MARK)
def like(comment_id: int):
    return _mark(comment_id, may_like, marking.like)


@door.post("/comments/<int:comment_id>/unlike")
@members_only
@limiter.limit(MARK)
def unlike(comment_id: int):
    return _mark(comment_id, may_like, marking.unlike)


@door.post("/comments/<int:comment_id>/bookmark")
@members_only
@limiter.limit(MARK)
def bookmark(comment_id: int):
    return _mark(comment_id, may_bookmark, marking.bookmark)


@door.post("/comments/<int:comment_id>/unbookmark")
@members_only
@limiter.limit(MARK)
def unbookmark(comment_id: int):
    return _mark(comment_id, _may_drop, marking.drop_bookmark)


@door.get("/comments/<int:comment_id>/likes")
@open_to_anybody
def likes(comment_id: int):
    """Who likes a comment is as open as the comment."""
    comment = finding.readable(comment_id)
    return respond.private(
        render_template(
            "comments/likes.html",
            card=cards.comment_card(comment, Setting.of(comment.post)),
            people=[cards.person_card(user) for user in queries.who_like(comment)],
            total=comment.like_count,
        )
    )


def _mark(comment_id: int, may: Callable[[User, Comment], Verdict], act: Callable[[Comment, User], None]) -> Response:
    """Do it and go back to where it was done: the comment's own page knows its place."""
    comment, by = finding.readable(comment_id), member()
    require(may(by, comment))
    act(comment, by)
    if respond.wants_fragment("likes"):
        return respond.private(str(drawing.likes(cards.comment_card(comment, Setting.of(comment.post)))))
    back = respond.safe_path(request.form.get("next"))
    return respond.see(back or url_for("comments.show", comment_id=comment.id))


def _may_drop(by: User, comment: Comment) -> Verdict:
    """What one keeps, one may always let go."""
    return may_see(by, comment)
