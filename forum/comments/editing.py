"""Editing one's own comment, with its history kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import User
from forum.comments import counting, pictures, posting, publication, screening
from forum.comments.models import PUBLISHED, REJECTED, Comment, Revision
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.text import language, markdown

# Most slips are seen as soon as the words stand on the page; mending them then is still writing.
GRACE = timedelta(minutes=5)


def edit(comment: Comment, by: User, body: str, lang: str, *, has_case: bool) -> Comment:
    """New words for a comment. The same words again change nothing. Raises Refused, Conflict.

    The caller has asked `may_edit`, and moderation whether it `has_case` of this comment. A text that screening stops
    waits for a moderator; a rejected one is sent to them again.
    """
    text = posting.prepare(body, by, comment.post)
    lang = language.clean(lang, comment.lang)
    if text.body == comment.body and lang == comment.lang and comment.state != REJECTED:
        return comment
    publication.take_turn(comment)
    if leaves_a_trace(comment, has_case=has_case):
        # Only what readers could read becomes history: words that a moderator stopped stay unread.
        db.session.add(_revision(comment))
        comment.edited_at = clock.now()
    before, comment.body, comment.body_html = comment.body_html, text.body, text.rendered.html
    comment.renderer, comment.lang = markdown.RENDERER, lang
    db.session.flush()  # holding it looks at the version again
    pictures.note_edit(comment, before)
    findings = [finding.row() for finding in screening.screen(by, comment.post, text.rendered)]
    if comment.state == PUBLISHED and not findings:
        counting.touch(comment.post_id)
        publish(catalog.CommentEdited(comment.id))
    elif comment.state == REJECTED or findings:
        publication.hold(comment, findings or comment.held_for)
    return comment


def leaves_a_trace(comment: Comment, *, has_case: bool) -> bool:
    """Whether a change now is marked, and the present words kept for everybody to read. One query at most.

    Not for words that nobody could read yet, nor in the first minutes. But once somebody else has answered or liked
    these words, flagged or approved them, what they answered, liked and judged must stay to be read.
    """
    if not comment.is_public:
        return False
    is_fresh = clock.now() - (comment.published_at or comment.created_at) <= GRACE
    return not is_fresh or has_case or comment.edited_at is not None or _has_met_somebody(comment)


def _has_met_somebody(comment: Comment) -> bool:
    reply = aliased(Comment)
    hangs_beside = and_(reply.parent_id == comment.parent_id, reply.answers_id == comment.id)
    is_reply = or_(reply.parent_id == comment.id, hangs_beside)
    is_answered = exists().where(is_reply, reply.author_id != comment.author_id)
    # Asked anew: both may have come since the comment was read.
    found = select(Comment.like_count, is_answered).where(Comment.id == comment.id)
    likes, is_answered_now = db.session.execute(found).one()
    return bool(likes or is_answered_now)


def _revision(comment: Comment) -> Revision:
    return Revision(
        comment_id=comment.id,
        body=comment.body,
        body_html=comment.body_html,
        written_at=comment.edited_at or comment.created_at,
    )
