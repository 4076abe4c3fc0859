"""The pictures of comments: which are theirs, and how long they are kept. docs/pictures.md says it to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import ngettext
from sqlalchemy import and_, func, or_, select

from forum.comments.models import REJECTED, REMOVED, WITHDRAWN, Comment, Draft, HeldEdit, Revision
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.media import sweeping, uses
from forum.media.models import COMMENT, POST, UploadUse
from forum.posts.models import Post
from forum.text import pictures

# More than anybody looks at below a post, each 800 pixels wide.
MOST = 10
# A moderator may have erred, and a writer may mend what was rejected: until then the pictures wait with the words.
KEPT_FOR = timedelta(days=30)


def check_number(html: str) -> None:
    """Pass a text with few enough pictures. Raises Refused, naming the field."""
    if len(pictures.mentioned(html)) > MOST:
        sentence = ngettext(
            "Show at most %(num)d picture in one comment", "Show at most %(num)d pictures in one comment", MOST
        )
        raise Refused(sentence, "body")


def note(comment: Comment) -> None:
    """Its pictures are in use. No query for a comment without any."""
    names = pictures.mentioned(comment.body_html)
    if names:
        uses.record(COMMENT, comment.id, names, [comment.author_id])


def note_edit(comment: Comment, before: str) -> None:
    """Its pictures may be others than in the HTML before. What readers find in its history stays with it."""
    names = pictures.mentioned(comment.body_html)
    if not names and not pictures.mentioned(before):
        return
    earlier = db.session.scalars(select(Revision.body_html).where(Revision.comment_id == comment.id)).all()
    uses.record(COMMENT, comment.id, names.union(*map(pictures.mentioned, earlier)), [comment.author_id])


def sweep() -> int:
    """Delete the pictures that no text, draft or profile needs any more; how many went. Due every hour."""
    for use in db.session.scalars(_of_gone_comments()).all():
        uses.record(COMMENT, use.ref_id, (), ())
    for use in db.session.scalars(_of_gone_posts()).all():
        uses.record(POST, use.ref_id, (), ())
    return sweeping.delete_unused(_in_drafts)


def _of_gone_comments():
    """Withdrawn is a writer's last word; others may come back for a while. The rest are gone with their post."""
    since = func.coalesce(Comment.hidden_at, Comment.edited_at, Comment.created_at)
    is_gone = or_(
        Comment.id.is_(None),
        Comment.state == WITHDRAWN,
        and_(Comment.state.in_([REMOVED, REJECTED]), since < clock.now() - KEPT_FOR),
    )
    return _places(COMMENT).outerjoin(Comment, Comment.id == UploadUse.ref_id).where(is_gone)


def _of_gone_posts():
    return _places(POST).outerjoin(Post, Post.id == UploadUse.ref_id).where(Post.id.is_(None))


def _places(kind: str):
    return select(UploadUse).where(UploadUse.kind == kind)


def _in_drafts(names: Sequence[str]) -> set[str]:
    """Those that somebody may still post."""
    speaks = or_(Draft.body.contains(pictures.FOLDER), Draft.earlier.contains(pictures.FOLDER))
    found: set[str] = set()
    for body, earlier in db.session.execute(select(Draft.body, Draft.earlier).where(speaks)):
        found |= pictures.mentioned(f"{body} {earlier or ''}")
    # New words that wait for a moderator: not in use, for that would show their pictures to everybody.
    for html in db.session.scalars(select(HeldEdit.body_html).where(HeldEdit.body_html.contains(pictures.FOLDER))):
        found |= pictures.mentioned(html)
    return found & set(names)
