"""Editing one's own comment, with its history kept."""

from __future__ import annotations

from forum.accounts.models import User
from forum.comments import counting, posting, publication, screening
from forum.comments.models import PUBLISHED, REJECTED, Comment, Revision
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.text import language, markdown


def edit(comment: Comment, by: User, body: str, lang: str) -> Comment:
    """New words for a comment. The same words again change nothing. Raises Refused, Conflict.

    The caller has asked `may_edit`. A text that screening stops waits for a moderator; a rejected one
    is sent to them again.
    """
    text = posting.prepare(body)
    lang = language.clean(lang, comment.lang)
    if text.body == comment.body and lang == comment.lang and comment.state != REJECTED:
        return comment
    publication.take_turn(comment)
    if comment.is_public:
        # Only what readers could read becomes history: words that a moderator stopped stay unread.
        db.session.add(_revision(comment))
        comment.edited_at = clock.now()
    comment.body, comment.body_html = text.body, text.rendered.html
    comment.renderer, comment.lang = markdown.RENDERER, lang
    db.session.flush()  # holding it looks at the version again
    findings = [finding.row() for finding in screening.screen(by, comment.post, text.rendered)]
    if comment.state == PUBLISHED and not findings:
        counting.touch(comment.post_id)
        publish(catalog.CommentEdited(comment.id))
    elif comment.state == REJECTED or findings:
        publication.hold(comment, findings or comment.held_for)
    return comment


def _revision(comment: Comment) -> Revision:
    return Revision(
        comment_id=comment.id,
        body=comment.body,
        body_html=comment.body_html,
        written_at=comment.edited_at or comment.created_at,
    )
