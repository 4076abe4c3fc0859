"""Words typed before signing in, kept until their writer is known."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from forum.accounts.models import User
from forum.comments import posting
from forum.comments.models import Comment, Draft
from forum.foundation import clock, signing
from forum.foundation.db import db
from forum.posts.models import Post
from forum.text import language

# Long enough to find the letter and come back.
KEPT_FOR = timedelta(days=7)
# What a person may have typed and must not lose, even when it is too long to post.
LONGEST = 100_000


def keep(post: Post, parent: Comment | None, body: str, lang: str, user: User | None = None) -> str:
    """Keep these words; the secret that finds them again. Raises Refused when there are none."""
    body = body.replace("\x00", "")  # PostgreSQL keeps none
    posting.check_length(body, LONGEST)
    secret = signing.new_secret()
    db.session.add(
        Draft(
            secret_digest=signing.digest(secret),
            user_id=user.id if user else None,
            post_id=post.id,
            parent_id=parent.id if parent else None,
            body=body,
            lang=language.clean(lang, post.lang),
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
    """These words are this person's; their older ones for the same place go."""
    draft = find(secret)
    if draft is None:
        return None
    forget(user, draft.post_id)
    draft.user_id = user.id
    return draft


def keep_only(secret: str, user: User) -> None:
    """Claim these words and forget what else was kept for this person.

    An account that is not confirmed is nobody's yet: whoever tried it before must leave no words in it.
    """
    others = delete(Draft).where(Draft.user_id == user.id, Draft.secret_digest != signing.digest(secret))
    db.session.execute(others)
    claim(secret, user)


def waiting_for(user: User) -> Draft | None:
    """The newest words this person has not posted."""
    return db.session.scalar(
        select(Draft)
        .where(Draft.user_id == user.id, Draft.created_at > clock.now() - KEPT_FOR)
        .order_by(Draft.id.desc())
        .limit(1)
    )


def of(user: User, post_id: int) -> Draft | None:
    """What this person has typed below this post and not posted."""
    return db.session.scalar(
        select(Draft)
        .where(Draft.user_id == user.id, Draft.post_id == post_id, Draft.created_at > clock.now() - KEPT_FOR)
        .order_by(Draft.id.desc())
        .limit(1)
    )


def forget(user: User, post_id: int) -> None:
    db.session.execute(delete(Draft).where(Draft.user_id == user.id, Draft.post_id == post_id))


def forget_old() -> None:
    db.session.execute(delete(Draft).where(Draft.created_at < clock.now() - KEPT_FOR))
