"""A composer shown again with what was typed: with a preview, a picture, a newer draft, or what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments import drafts, posting
from forum.comments.drafts import Newer
from forum.comments.findings import Nudge
from forum.comments.models import Comment
from forum.foundation.errors import Refused
from forum.pages import adding, typed
from forum.pages import posts as post_page
from forum.posts.models import Post
from forum.reading import composer as composers
from forum.reading import drawing, standing
from forum.reading.cards import Setting, comment_card
from forum.reading.composer import GO_ON_WRITING, SHOW_NEWER, SHOW_PREVIEW, Composer
from forum.web import respond, settle


def filled(post: Post, writer: User | None, parent: Comment | None) -> Composer:
    """A composer with what was sent."""
    card = comment_card(parent, Setting.of(post)) if parent else None
    sent = typed.words()
    composer = composers.for_post(post, writer, card, sent.body, sent.lang, sent.token)
    composer.draft_version, composer.has_new_words = sent.seen, True
    return composer


def show(post: Post, writer: User | None, composer: Composer, status: int):
    """The post page with this composer open, for its writer alone."""
    stands = standing.of(writer, post)
    writing = composers.open_at(post, writer, stands, composer.parent.id if composer.parent else 0)
    response = post_page.page(post, writer, stands, composers.again(writing, composer), status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def preview(post: Post, writer: User | None, parent: Comment | None):
    """The preview alone, for a script that puts it into the page."""
    composer = filled(post, writer, parent)
    status = _look(composer, writer, post)
    if writer is not None:
        _remember(post, writer, composer)
    return respond.private(str(drawing.preview(composer)), status)


def with_picture(post: Post, writer: User, parent: Comment | None):
    """The page with the picture at the end of the words, or with what is wrong with it."""
    composer = filled(post, writer, parent)
    composer.body, composer.picture, status = adding.to(composer.body)
    _remember(post, writer, composer)
    return show(post, writer, composer, status)


def page(
    post: Post,
    writer: User | None,
    parent: Comment | None,
    sentence: str = "",
    *,
    status: int = 200,
    intent: str = "",
    nudge: Nudge | None = None,
):
    """The post page with what was typed, a preview, what is wrong with it or what the writer is asked."""
    composer = filled(post, writer, parent)
    composer.nudge, composer.goes_on = nudge, intent == GO_ON_WRITING
    if intent == SHOW_PREVIEW:
        status = _look(composer, writer, post)
    if sentence:
        composer.errors = [sentence]
    if writer is not None:
        if intent == SHOW_NEWER:
            _show_newer(post, writer, composer)
        else:
            _remember(post, writer, composer)
    elif "csrf_token" in request.form:
        composer.kept_note = _("You are signed out. Sign in to post: your words come with you.")
    return show(post, writer, composer, status)


def _look(composer: Composer, writer: User | None, post: Post) -> int:
    """Make the preview, or say why there is none; the status of the answer."""
    try:
        composer.show(posting.prepare(composer.body, writer, post).rendered)
    except Refused as refusal:
        composer.errors = [refusal.sentence]
        return 422
    return 200


def _remember(post: Post, writer: User, composer: Composer) -> None:
    """A preview or a refused form keeps the words on the server too."""
    try:
        draft = drafts.save(writer, post, typed.comment(post), replace(typed.words(), body=composer.body))
    except Newer as newer:
        composer.newer = newer.draft
        return
    except Refused:
        return  # the page has the words
    composer.has_new_words = False
    if draft is not None:
        composer.draft_version, composer.saved_at = draft.version, draft.saved_at
        composer.other_words = draft.earlier or ""
    settle.keep_anyway()


def _show_newer(post: Post, writer: User, composer: Composer) -> None:
    """The draft that was saved elsewhere in the box, and what was typed here beside it."""
    asked = typed.comment(post)
    draft = drafts.at(writer, post.id, asked.id if asked else None)
    if draft is not None:
        composer.other_words = composer.body
        composer.body, composer.lang, composer.draft_version = draft.body, draft.lang, draft.version
        composer.has_new_words = False
