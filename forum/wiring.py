"""The one switchboard: which doors are open, what follows each event, what runs by the clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from forum.accounts import sessions
from forum.comments import drafts
from forum.events import catalog, purging
from forum.media import sweeping
from forum.moderation import reactions as moderation_reactions
from forum.notifications import emails
from forum.pages import about, accounts, comments, dev, home, marks, mine, people, posts, queue, search, writing
from forum.search import indexing
from forum.search import reactions as search_reactions

BLUEPRINTS: list[Blueprint] = [
    home.door,
    posts.door,
    comments.door,
    marks.door,
    people.door,
    mine.door,
    accounts.door,
    writing.door,
    queue.door,
    search.door,
    about.door,
    dev.door,
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
}

# Events that nothing follows, each with its reason.
UNWIRED: dict[type[catalog.Event], str] = {
    catalog.LikesChanged: "Scores follow.",
    catalog.CommentFlagged: "The queue reads the database; moderators are not mailed yet.",
}

HOUR = 60 * 60.0

# Seconds between runs, and what runs. A comment is found within a second of becoming public.
SCHEDULE: list[tuple[float, Callable[[], object]]] = [
    (0.3, indexing.drain),
    (HOUR, sessions.forget_expired),
    (HOUR, drafts.forget_old),
    (HOUR, purging.forget_old),
    (HOUR, sweeping.orphans),
]
