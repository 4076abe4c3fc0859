"""Words typed before signing in, kept until their writer is known."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from forum.accounts.models import User
from forum.comments import drafts, posting
from forum.comments.models import Comment, Draft
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.posts.models import Post
from forum.text import language

# Long enough to find the letter and come back.
KEPT_FOR = timedelta(days=7)


def keep(post: Post, parent: Comment | None, body: str, lang: str) -> str:
    """Keep these words; the secret that finds them again. Raises Refused when there are none."""
    body = body.replace("\x00", "")  # PostgreSQL keeps none
    posting.check_length(body, drafts.LONGEST)
    secret = signing.new_secret()
    db.session.add(
        Draft(
            secret_digest=signing.digest(secret),
            post_id=post.id,
            parent_id=parent.id if parent else None,
            body=body,
            lang=language.clean(lang, post.lang),
            version=drafts.first_version(),
        )
    )
    return secret


def find(secret: str) -> Draft | None:
    """Words nobody has claimed yet."""
    if not secret:
        return None
    draft = db.session.scalar(select(Draft).where(Draft.secret_digest == signing.digest(secret)))
    if draft is None or draft.user_id is not None or clock.now() - draft.created_at > KEPT_FOR:
        return None
    return draft


def claim(secret: str, user: User) -> Draft | None:
    """These words are this person's draft. Other words of theirs in the same place are kept beside them."""
    draft = find(secret)
    if draft is None:
        return None
    before = drafts.at(user, draft.post_id, draft.parent_id)
    if before is not None:
        draft.earlier = _besides(draft.body, before)
        db.session.delete(before)
        db.session.flush()  # the place is free before it is taken
    draft.user_id = user.id
    draft.saved_at = clock.now()
    return draft


def keep_only(secret: str, user: User) -> None:
    """Claim these words and forget what else was kept for this person.

    An account that is not confirmed is nobody's yet: whoever tried it before must leave no words in it.
    """
    others = delete(Draft).where(Draft.user_id == user.id, Draft.secret_digest != signing.digest(secret))
    db.session.execute(others)
    claim(secret, user)


def forget_old() -> None:
    db.session.execute(delete(Draft).where(Draft.user_id.is_(None), Draft.created_at < clock.now() - KEPT_FOR))


def _besides(body: str, before: Draft) -> str | None:
    """What was there before and is not in the words that come now."""
    others = [words for words in (before.body, before.earlier) if words and words.strip() not in body]
    return "\n\n".join(others) or None
