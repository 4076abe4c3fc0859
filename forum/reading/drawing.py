"""Small parts of pages, each as its template draws it, for who puts them into a page or sends them alone."""

from __future__ import annotations

from datetime import datetime

from flask import get_template_attribute
from markupsafe import Markup

from forum.reading.cards import CommentCard


def own(cards_of_one_place: list[CommentCard], *, is_reply: bool) -> Markup:
    """The viewer's own comments that nobody else sees, as they hang at one place."""
    return get_template_attribute("thread/_mine.html", "mine")(cards_of_one_place, is_reply)


def reply_box(composer: object) -> Markup:
    """The composer as it hangs below the comment it answers."""
    return get_template_attribute("thread/_composer.html", "reply_composer")(composer)


def likes(card: CommentCard) -> Markup:
    """How many like a comment, as it stands among its actions."""
    return get_template_attribute("thread/_card.html", "likes")(card)


def cover() -> str:
    """What stands over a comment by somebody the reader has muted."""
    return str(get_template_attribute("thread/_muted.html", "cover")())


def reasons(decision_id: int) -> str:
    """The link to why a comment was removed, for its writer."""
    return str(get_template_attribute("thread/_mine.html", "reasons")(decision_id)).strip()


def preview(composer: object) -> Markup:
    """The words of a composer as readers will see them."""
    return get_template_attribute("thread/_composer.html", "preview")(composer)


def saved(version: int, at: datetime | None) -> Markup:
    """When a draft was saved, and which version of it stands on the server."""
    return get_template_attribute("thread/_composer.html", "saved")(version, at)


def newer(draft: object) -> Markup:
    """The draft that was saved elsewhere, and what can be done."""
    return get_template_attribute("thread/_composer.html", "newer")(draft)
