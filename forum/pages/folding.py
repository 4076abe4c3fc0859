"""Closing and opening the replies below a comment, as a script remembers it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments import queries
from forum.comments.models import Comment
from forum.comments.permissions import may_see
from forum.foundation.errors import NotFound
from forum.foundation.limits import MARK, limiter
from forum.marks import folding
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
    comment, by = queries.by_id(comment_id), member()
    # Replies hang on the line in place of a comment that is gone too.
    is_there = comment is not None and comment.post.is_public and comment.was_seen
    if comment is None or not (is_there or may_see(by, comment)):
        raise NotFound(_("There is no comment at this address."))
    act(comment, by)
    if respond.wants_fragment("fold"):
        return make_response("", 204)
    return respond.see(url_for("comments.show", comment_id=comment.id))
