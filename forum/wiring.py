"""The one switchboard: which doors are open, what follows each event, what runs by the clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from forum.accounts import sessions
from forum.comments import drafts, keeping, pictures
from forum.events import catalog, purging
from forum.live import door as live
from forum.marks import reactions as mark_reactions
from forum.media import sweeping
from forum.moderation import reactions as moderation_reactions
from forum.notifications import emails
from forum.pages import (
    about,
    accounts,
    comments,
    composing,
    dev,
    folding,
    home,
    marks,
    media,
    mine,
    muting,
    news,
    people,
    posts,
    queue,
    reading_settings,
    search,
    writing,
)
from forum.pages import drafts as drafts_page
from forum.search import indexing
from forum.search import reactions as search_reactions

BLUEPRINTS: list[Blueprint] = [
    home.door,
    posts.door,
    comments.door,
    composing.door,
    drafts_page.door,
    news.door,
    marks.door,
    folding.door,
    people.door,
    muting.door,
    mine.door,
    reading_settings.door,
    accounts.door,
    writing.door,
    queue.door,
    search.door,
    about.door,
    dev.door,
    media.door,
    live.door,
]

REACTIONS: dict[type[catalog.Event], list[Callable[[Any], None]]] = {
    catalog.ConfirmationAsked: [emails.send_confirmation],
    catalog.KnownAddressJoined: [emails.send_known_address],
    catalog.ResetAsked: [emails.send_reset],
    catalog.PasswordChanged: [emails.send_password_changed],
    catalog.PostPublished: [search_reactions.note_discussion],
    catalog.PostChanged: [search_reactions.note_post],
    catalog.PostUnpublished: [search_reactions.note_discussion],
    catalog.CommentPublished: [search_reactions.note_comment],
    catalog.CommentEdited: [search_reactions.note_comment],
    catalog.CommentHidden: [search_reactions.note_comment],
    catalog.CommentHeld: [moderation_reactions.open_case],
    catalog.CommentWithdrawn: [moderation_reactions.close_case],
    catalog.CommentDecided: [emails.send_decision],
    catalog.LikesChanged: [mark_reactions.score],
}

# Events that nothing follows, each with its reason.
UNWIRED: dict[type[catalog.Event], str] = {
    catalog.CommentFlagged: "The queue reads the database; moderators are not mailed yet.",
}

HOUR = 60 * 60.0
DAY = 24 * HOUR

# Seconds between runs, and what runs. A comment is found within a second of becoming public.
SCHEDULE: list[tuple[float, Callable[[], object]]] = [
    (0.3, indexing.drain),
    (HOUR, sessions.forget_expired),
    (HOUR, drafts.forget_old),
    (HOUR, keeping.forget_old),
    (HOUR, purging.forget_old),
    (HOUR, pictures.sweep),
    (DAY, sweeping.delete_strays),
]
