"""Writing a comment: posting it, looking at it first, keeping it for later, and finding whom to mention."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape

from forum.accounts.models import User
from forum.comments import drafts, keeping, posting, queries, quoting
from forum.comments.drafts import Newer, Typed
from forum.comments.models import Comment
from forum.comments.permissions import may_reply
from forum.foundation.errors import Conflict, NotFound, Refused
from forum.foundation.limits import DRAFT, MARK, PICTURE, PREVIEW, SUGGEST, WRITE, limiter, neighbourhood
from forum.pages import adding
from forum.pages import posts as post_page
from forum.pages.comments import address_of
from forum.pages.forms import number
from forum.posts.models import Post
from forum.reading import composer as composers
from forum.reading import people, thread
from forum.reading.cards import Setting, comment_card
from forum.reading.composer import GO_ON_WRITING, JOIN, KEEP_MINE, POST, SHOW_NEWER, SHOW_PREVIEW, Composer
from forum.web import respond, settle
from forum.web.guard import members_only, open_to_anybody
from forum.web.security import guests_need_no_token, stale_forms_see
from forum.web.sign_in import member, viewer
from forum.web.uploads import takes_pictures

door = Blueprint("composing", __name__)

# Buttons of the composer that show it again and post nothing.
LOOKS = (SHOW_PREVIEW, GO_ON_WRITING, SHOW_NEWER, KEEP_MINE)


def _of_another_session(slug: str):
    """A form from before signing out, or of whoever was signed in here then: shown again, and nothing is changed."""
    post, writer = post_page.find(slug), member()
    composer = _composer(post, writer, _asked_parent(post)[0])
    sentence = _("Not posted yet: this page is from before you signed in as %(name)s.", name=writer.name)
    composer.errors = [sentence]
    composer.kept_note = _("Your words are below. Look at them, then post again.")
    composer.draft_version = 0
    return _page(post, writer, composer, 400)


@door.post("/posts/<slug>/comments")
@open_to_anybody
@guests_need_no_token
@stale_forms_see(_of_another_session)
@takes_pictures
@limiter.limit(lambda: PREVIEW if request.form.get("intent") in LOOKS else WRITE)
@limiter.limit(PICTURE, exempt_when=lambda: not adding.is_asked())
def create(slug: str):
    post, writer = post_page.find(slug), viewer()
    parent, is_vanished = _asked_parent(post)
    intent = request.form.get("intent", POST)
    if intent == SHOW_PREVIEW and respond.wants_fragment("preview"):
        return _preview(post, writer, parent)
    if writer is not None and adding.is_asked():
        return _add_picture(post, writer, parent)
    if intent in LOOKS:
        return _again(post, writer, parent, intent=intent)
    if is_vanished:
        return _again(post, writer, None, _gone(), status=409)
    if not post.is_open:
        return _again(post, writer, parent, may_reply(writer, post, parent).reason, status=403)
    if writer is None:
        return _keep_and_ask(post, parent, intent)
    verdict = may_reply(writer, post, parent)
    if not verdict:
        return _again(post, writer, parent, verdict.reason, status=403)
    typed = _typed()
    try:
        comment = posting.write(writer, post, parent, typed.body, typed.lang, typed.token)
    except Refused as refusal:
        return _again(post, writer, parent, refusal.sentence, status=422)
    drafts.forget_posted(writer, post, parent, typed)
    flash(_("Posted.") if comment.is_public else _("Sent. A moderator reads it before others do."), "good")
    return respond.see(address_of(comment))


def _who() -> str:
    """Whom to count: an office of many writers shares one address."""
    writer = viewer()
    return f"member {writer.id}" if writer else neighbourhood()


@door.post("/posts/<slug>/draft")
@members_only
@limiter.limit(DRAFT, key_func=_who)
def save_draft(slug: str):
    """Keep the words of an open composer; a script asks every few seconds."""
    post, writer = post_page.find(slug), member()
    try:
        draft = drafts.save(writer, post, _asked_comment(post), _typed())
    except Newer as newer:
        return respond.private(str(thread.render_newer(newer.draft)), 409)
    except Conflict:
        raise
    except Refused as refusal:
        return respond.private(str(escape(refusal.sentence)), 422)
    if not respond.wants_fragment("draft"):
        return respond.see(url_for("posts.show", slug=slug))
    version, at = (draft.version, draft.saved_at) if draft else (0, None)
    return respond.private(str(thread.render_saved(version, at)))


@door.get("/comments/<int:comment_id>/quote")
@open_to_anybody
@limiter.limit(MARK)
def quote(comment_id: int):
    """A public comment as a Markdown quotation, for a script to put into a composer."""
    comment = queries.by_id(comment_id)
    if comment is None or not comment.is_public or not comment.post.is_public:
        raise NotFound(_("There is no comment at this address."))
    response = make_response(quoting.whole(comment))
    response.mimetype = "text/plain"
    return response


@door.get("/people/suggest")
@members_only
@limiter.limit(SUGGEST, key_func=_who)
def suggest():
    """Whom somebody may mean who types an @ and these letters."""
    found = people.suggestions(request.args.get("q", ""), request.args.get("post", ""), member())
    return respond.private(render_template("people/_suggest.html", people=found))


def _asked_comment(post: Post) -> Comment | None:
    """The comment the form answers, whatever became of it."""
    comment = queries.by_id(number(request.form.get("parent")))
    return comment if comment is not None and comment.post_id == post.id else None


def _asked_parent(post: Post) -> tuple[Comment | None, bool]:
    """The comment to be answered, and whether one was asked for that is not there."""
    if not request.form.get("parent"):
        return None, False
    comment = _asked_comment(post)
    if comment is None or not comment.is_public:
        return None, True
    return comment, False


def _gone() -> str:
    return _("The comment you answer is no longer there. You can post your words as a comment of its own.")


def _typed() -> Typed:
    form = request.form
    # Whoever keeps their own words over a newer draft has seen that draft.
    seen = form.get("newer") if form.get("intent") == KEEP_MINE else form.get("draft")
    body = form.get("body", "").replace("\x00", "").replace("\r\n", "\n")
    return Typed(body, form.get("lang", ""), _version(seen), form.get("token", "")[:64])


def _version(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= 10 else 0


def _composer(post: Post, writer: User | None, parent: Comment | None) -> Composer:
    """A composer with what was sent."""
    card = comment_card(parent, Setting.of(post)) if parent else None
    typed = _typed()
    composer = composers.for_post(post, writer, card, typed.body, typed.lang, typed.token)
    composer.draft_version, composer.has_new_words = typed.seen, True
    return composer


def _preview(post: Post, writer: User | None, parent: Comment | None):
    """The preview alone, for a script that puts it into the page."""
    composer = _composer(post, writer, parent)
    status = _look(composer, writer, post)
    if writer is not None:
        _remember(post, writer, composer)
    return respond.private(str(thread.render_preview(composer)), status)


def _add_picture(post: Post, writer: User, parent: Comment | None):
    """The page with the picture at the end of the words, or with what is wrong with it."""
    composer = _composer(post, writer, parent)
    composer.body, composer.picture, status = adding.to(composer.body)
    _remember(post, writer, composer)
    return _page(post, writer, composer, status)


def _again(
    post: Post, writer: User | None, parent: Comment | None, sentence: str = "", *, status: int = 200, intent: str = ""
):
    """The post page with what was typed, a preview or what is wrong with it."""
    composer = _composer(post, writer, parent)
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
    return _page(post, writer, composer, status)


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
        draft = drafts.save(writer, post, _asked_comment(post), replace(_typed(), body=composer.body))
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
    asked = _asked_comment(post)
    draft = drafts.at(writer, post.id, asked.id if asked else None)
    if draft is not None:
        composer.other_words = composer.body
        composer.body, composer.lang, composer.draft_version = draft.body, draft.lang, draft.version
        composer.has_new_words = False


def _page(post: Post, writer: User | None, composer: Composer, status: int):
    writing = composers.open_at(post, writer, composer.parent.id if composer.parent else 0)
    response = post_page.page(post, writer, composers.again(writing, composer), status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _keep_and_ask(post: Post, parent: Comment | None, intent: str):
    """A guest's words are kept; then they join or sign in, and find them again."""
    typed = _typed()
    try:
        secret = keeping.keep(post, parent, typed.body, typed.lang)
    except Refused as refusal:
        return _again(post, None, parent, refusal.sentence, status=422)
    if "csrf_token" in request.form:
        # Only members' pages have one: they were signed out while they wrote.
        flash(_("Not posted yet: you were signed out meanwhile. Sign in, and your words are there to post."), "wait")
    return respond.see(url_for("accounts.join" if intent == JOIN else "accounts.sign_in", kept=secret))
