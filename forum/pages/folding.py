"""Closing and opening the replies below a comment, as a script remembers it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, url_for

from forum.accounts.models import User
from forum.comments.models import Comment
from forum.foundation.limits import MARK, limiter
from forum.marks import folding
from forum.pages import finding
from forum.web import respond
from forum.web.guard import members_only
from forum.web.sign_in import member

door = Blueprint("folding", __name__)


@door.post("/comments/<int:comment_id>/fold")
@members_only
@limiter.limit(MARK)
def fold(comment_id: int):
    return _change(comment_id, folding.fold)


@door.post("/comments/<int:comment_id>/unfold")
@members_only
@limiter.limit(MARK)
def unfold(comment_id: int):
    return _change(comment_id, folding.unfold)


def _change(comment_id: int, act: Callable[[Comment, User], None]) -> Response:
    comment = finding.comment(comment_id, _has_replies)
    act(comment, member())
    if respond.wants_fragment("fold"):
        return make_response("", 204)
    return respond.see(url_for("comments.show", comment_id=comment.id))


def _has_replies(comment: Comment) -> bool:
    """Whether this viewer may know of replies to it: they hang on the line in place of a comment that is gone too."""
    return (comment.post.is_public and comment.was_seen) or bool(finding.is_readable(comment))
