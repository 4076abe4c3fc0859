"""A picture at its address, whether everybody sees it, and the field it is added with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import User
from forum.comments.models import PUBLISHED, Comment
from forum.foundation.db import db
from forum.media.models import AVATAR, COMMENT, POST, Upload, UploadUse
from forum.moderation.models import Case
from forum.moderation.permissions import decided_by_author, may_check_comments
from forum.posts.models import PUBLISHED as POST_PUBLISHED
from forum.posts.models import Post


@dataclass(frozen=True)
class PictureField:
    """What the part of a form that adds a picture shows: what was wrong with the last, or where it is."""

    error: str = ""
    note: str = ""
    description: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.error or self.note)


def find(name: str) -> tuple[Upload, bool] | None:
    """The picture of this name and whether something public shows it. One query."""
    found = db.session.execute(select(Upload, _is_public()).where(Upload.name == name)).one_or_none()
    return (found[0], found[1]) if found is not None else None


def waits_for(viewer: User | None, upload: Upload) -> bool:
    """Whether a comment shows it that this author of a post may decide on. One query for an author."""
    if viewer is None or not may_check_comments(viewer):
        return False
    shown = select(UploadUse.ref_id).where(UploadUse.upload_id == upload.id, UploadUse.kind == COMMENT)
    held = shown.join(Comment, Comment.id == UploadUse.ref_id).join(Post, Post.id == Comment.post_id)
    decided = held.join(Case, Case.comment_id == Comment.id).where(decided_by_author(viewer))
    return bool(db.session.scalar(select(decided.exists())))


def _is_public() -> ColumnElement[bool]:
    """The rules of `visible_to` for comments and for posts, asked of the places a picture is used in."""
    comment = _use(COMMENT).join(Comment, Comment.id == UploadUse.ref_id).join(Post, Post.id == Comment.post_id)
    post_alone = aliased(Post)
    post = _use(POST).join(post_alone, post_alone.id == UploadUse.ref_id)
    person = _use(AVATAR).join(User, User.id == UploadUse.ref_id)
    return or_(
        comment.where(Comment.state == PUBLISHED, Post.state == POST_PUBLISHED).exists(),
        post.where(post_alone.state == POST_PUBLISHED).exists(),
        person.where(User.avatar == Upload.name).exists(),
    )


def _use(kind: str):
    return select(UploadUse.ref_id).where(UploadUse.upload_id == Upload.id, UploadUse.kind == kind)
