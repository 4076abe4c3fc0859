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
from forum.moderation import care, figures, learning, notices, reporting
from forum.moderation import reactions as moderation_reactions
from forum.notifications import decision_letters, emails, flag_letters, queue_letters
from forum.pages import (
    about,
    accounts,
    appeals,
    bulk,
    claims,
    comments,
    composing,
    deciding,
    dev,
    flags,
    folding,
    home,
    languages,
    marks,
    media,
    mine,
    moderation_log,
    moderation_search,
    muting,
    news,
    opensearch,
    passwords,
    people,
    posts,
    queue,
    queue_mail,
    queue_news,
    reading_settings,
    replies,
    reports,
    sanctions,
    screening,
    search,
    search_feed,
    search_help,
    search_suggest,
    transparency,
    waiting,
    workload,
    writing,
)
from forum.pages import drafts as drafts_page
from forum.pages import notes as notes_page
from forum.search import indexing

BLUEPRINTS: list[Blueprint] = [
    home.door,
    posts.door,
    comments.door,
    flags.door,
    reports.door,
    composing.door,
    drafts_page.door,
    news.door,
    marks.door,
    folding.door,
    people.door,
    muting.door,
    mine.door,
    reading_settings.door,
    languages.door,
    accounts.door,
    passwords.door,
    writing.door,
    waiting.door,
    queue.door,
    sanctions.door,
    appeals.door,
    deciding.door,
    claims.door,
    bulk.door,
    notes_page.door,
    replies.door,
    workload.door,
    moderation_search.door,
    queue_news.door,
    queue_mail.door,
    screening.door,
    search.door,
    search_suggest.door,
    search_feed.door,
    opensearch.door,
    search_help.door,
    moderation_log.door,
    transparency.door,
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
    catalog.CommentHeld: [moderation_reactions.open_case],
    catalog.CommentSuspected: [moderation_reactions.note_suspicion],
    catalog.EditHeld: [moderation_reactions.open_edit_case],
    catalog.EditDropped: [moderation_reactions.close_edit_case],
    catalog.CommentWithdrawn: [moderation_reactions.close_case],
    catalog.DecisionFinal: [decision_letters.send_decision, flag_letters.send_outcomes, learning.learn],
    catalog.CommentReported: [flag_letters.send_report],
    catalog.AppealMade: [decision_letters.send_received],
    catalog.QueueDigestDue: [queue_letters.send_digest],
    catalog.CasesOverdue: [queue_letters.send_overdue],
    catalog.LikesChanged: [mark_reactions.score],
}

# Events that nothing follows, each with its reason.
UNWIRED: dict[type[catalog.Event], str] = {
    catalog.PostPublished: "The database itself notes for the search what changed.",
    catalog.PostChanged: "The same.",
    catalog.PostUnpublished: "The same.",
    catalog.CommentPublished: "The same; open pages hear of it from the log of events.",
    catalog.CommentEdited: "The same.",
    catalog.CommentHidden: "The same.",
    catalog.CaseChanged: "Pages of moderators that are open hear of it from the log of events.",
    catalog.CommentDecided: "People are told once it can no longer be undone.",
    catalog.DecisionUndone: "What it did to the comment has events of its own.",
    catalog.CommentFlagged: "The queue reads the database; moderators are not mailed yet.",
}

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Seconds between runs, and what runs. A comment is found within a second of becoming public.
SCHEDULE: list[tuple[float, Callable[[], object]]] = [
    (0.3, indexing.drain),
    (MINUTE, notices.send_due),
    (MINUTE, care.escalate),
    (MINUTE, care.ask_for_digests),
    (HOUR, figures.keep_finished),
    (HOUR, sessions.forget_expired),
    (HOUR, drafts.forget_old),
    (HOUR, keeping.forget_old),
    (HOUR, purging.forget_old),
    (HOUR, pictures.sweep),
    (DAY, sweeping.delete_strays),
    (DAY, reporting.forget_senders),
]
