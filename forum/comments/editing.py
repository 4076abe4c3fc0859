"""Editing one's own comment, with its history kept; new words that a moderator reads first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import User
from forum.comments import counting, digests, pictures, posting, publication
from forum.comments.findings import AskFirst, Screen, Screened
from forum.comments.models import REJECTED, Comment, HeldEdit, Revision
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock
from forum.foundation.db import db
from forum.text import language, markdown

# Most slips are seen as soon as the words stand on the page; mending them then is still writing.
GRACE = timedelta(minutes=5)


def edit(
    comment: Comment, by: User, body: str, lang: str, *, has_case: bool, screen: Screen, nudged: bool = False
) -> Comment:
    """New words for a comment. The same words again change nothing. Raises Refused, Conflict, AskFirst.

    The caller has asked `may_edit`, and moderation whether it `has_case` of this comment. A text that screening stops
    waits for a moderator, and readers of a public comment read the old words until then; a rejected one is sent to
    them again.
    """
    text = posting.prepare(body, by, comment.post)
    lang = language.clean(lang, comment.lang)
    if text.body == comment.body and lang == comment.lang and comment.state != REJECTED:
        drop_waiting(comment)
        return comment
    found = screen(by, comment.post, comment.answered, text, nudged=nudged, lang=lang, edited=comment)
    if found.nudge is not None and not nudged:
        raise AskFirst(found.nudge)
    publication.take_turn(comment)
    if comment.is_public and found.is_held:
        _wait(comment, text, lang, found)
        return comment
    drop_waiting(comment)
    _change(comment, text.body, str(text.rendered.html), lang, has_case=has_case)
    if comment.is_public:
        publication.suspect(comment, found)
    elif comment.state == REJECTED or found.is_held:
        publication.hold(comment, found.rows() or comment.held_for)
    return comment


def waiting_of(comment: Comment) -> HeldEdit | None:
    """The new words of a public comment that wait for a moderator. One query."""
    return db.session.scalar(select(HeldEdit).where(HeldEdit.comment_id == comment.id))


def waiting_among(comment_ids: Collection[int]) -> set[int]:
    """Those of these comments whose new words wait for a moderator. One query."""
    return set(db.session.scalars(select(HeldEdit.comment_id).where(HeldEdit.comment_id.in_(comment_ids))))


def apply_waiting(comment: Comment) -> None:
    """What waited is what readers read from now on; what they read until now is its history. Raises Conflict.

    Does nothing for a comment whose new words do not wait.
    """
    edit = waiting_of(comment)
    if edit is None:
        return
    publication.take_turn(comment)
    _change(comment, edit.body, edit.body_html, edit.lang, has_case=True)
    db.session.delete(edit)
    db.session.flush()


def drop_waiting(comment: Comment) -> None:
    """What waited, if anything did, is not read by anybody; what readers read stays."""
    dropped = db.session.execute(delete(HeldEdit).where(HeldEdit.comment_id == comment.id))
    if dropped.rowcount:  # type: ignore[attr-defined]
        _raise_version(comment)
        publish(catalog.EditDropped(comment.id))


def _wait(comment: Comment, text: posting.Text, lang: str, found: Screened) -> None:
    edit = waiting_of(comment) or HeldEdit(comment_id=comment.id)
    edit.body, edit.body_html, edit.lang = text.body, str(text.rendered.html), lang
    edit.renderer, edit.held_for, edit.written_at = markdown.RENDERER, found.rows(), clock.now()
    db.session.add(edit)
    _raise_version(comment)
    publish(catalog.EditHeld(comment.id))


def _raise_version(comment: Comment) -> None:
    """Whoever decides on what waits, or edits it elsewhere, has seen other words."""
    db.session.flush()
    raised = update(Comment).where(Comment.id == comment.id).values(version=Comment.version + 1)
    db.session.execute(raised.execution_options(synchronize_session=False))
    db.session.refresh(comment, ["version"])


def _change(comment: Comment, body: str, body_html: str, lang: str, *, has_case: bool) -> None:
    if leaves_a_trace(comment, has_case=has_case):
        # Only what readers could read becomes history: words that a moderator stopped stay unread.
        db.session.add(_revision(comment))
        comment.edited_at = clock.now()
    before, comment.body, comment.body_html = comment.body_html, body, body_html
    comment.renderer, comment.lang, comment.text_digest = markdown.RENDERER, lang, digests.of(body)
    db.session.flush()  # holding it looks at the version again
    pictures.note_edit(comment, before)
    if comment.is_public:
        counting.touch(comment.post_id)
        publish(catalog.CommentEdited(comment.id))


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
        lang=comment.lang,
        written_at=comment.edited_at or comment.created_at,
    )
