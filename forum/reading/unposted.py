"""Drafts, as their writer finds them in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from forum.comments.models import Draft


@dataclass(frozen=True)
class DraftLine:
    """`url` leads to where it can be posted; "" where it cannot. `reply_to` is told of public comments only."""

    id: int
    url: str
    post_title: str
    post_lang: str
    reply_to: str
    is_reply: bool
    body: str
    earlier: str
    lang: str
    saved_at: datetime


def lines(drafts: Sequence[Draft]) -> list[DraftLine]:
    return [_line(draft) for draft in drafts]


def _line(draft: Draft) -> DraftLine:
    post, parent = draft.post, draft.parent
    is_answering = parent is not None and parent.is_public
    page = url_for(
        "posts.show",
        slug=post.slug,
        reply=draft.parent_id if is_answering else None,
        _anchor="reply" if is_answering else "add-comment",
    )
    return DraftLine(
        id=draft.id,
        url=page if post.is_open else "",
        post_title=post.title if post.is_public else "",
        post_lang=post.lang,
        reply_to=parent.author.name if parent is not None and is_answering else "",
        is_reply=parent is not None,
        body=draft.body,
        earlier=draft.earlier or "",
        lang=draft.lang,
        saved_at=draft.saved_at,
    )
