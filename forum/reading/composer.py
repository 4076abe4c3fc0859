"""The box a comment is written in, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import url_for
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import posting
from forum.foundation import signing
from forum.posts.models import Post
from forum.reading.cards import CommentCard
from forum.text import language


@dataclass
class Composer:
    action: str
    parent: CommentCard | None
    reply_to: str
    cancel_url: str
    body: str
    lang: str
    languages: list[tuple[str, str]]
    token: str
    is_guest: bool
    is_checked_first: bool
    max_length: int = posting.LONGEST
    errors: list[str] = field(default_factory=list)
    preview_html: Markup | None = None
    kept_note: str = ""
    # What the writer saw of a comment that is being edited.
    version: int | None = None

    @property
    def anchor(self) -> str:
        return "reply" if self.parent else "add-comment"


def for_post(
    post: Post,
    viewer: User | None,
    parent: CommentCard | None = None,
    body: str = "",
    lang: str = "",
    token: str = "",
) -> Composer:
    """An empty composer, or one that shows again what was typed."""
    page = url_for("posts.show", slug=post.slug)
    return Composer(
        action=url_for("comments.create", slug=post.slug),
        parent=parent,
        reply_to=parent.author.name if parent else "",
        cancel_url=f"{page}#{parent.anchor}" if parent else f"{page}#add-comment",
        body=body,
        lang=lang or post.lang,
        languages=list(language.LANGUAGES.items()),
        # A guest's page is the same for all guests; their form is told apart once they are known.
        token=token or (signing.new_secret() if viewer else ""),
        is_guest=viewer is None,
        is_checked_first=post.is_checked_first or (viewer is not None and viewer.is_newcomer),
    )
