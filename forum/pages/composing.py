"""Writing a comment: posting it, looking at it first, keeping it for later, and finding whom to mention."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape

from forum.comments import drafts, keeping, posting, quoting
from forum.comments.drafts import Newer
from forum.comments.findings import AskFirst
from forum.comments.models import Comment
from forum.comments.permissions import may_reply
from forum.foundation.errors import Conflict, Refused
from forum.foundation.limits import DRAFT, MARK, PICTURE, PREVIEW, SUGGEST, WRITE, limiter
from forum.pages import adding, again, finding, typed
from forum.pages import posts as post_page
from forum.pages.comments import address_of
from forum.posts.models import Post
from forum.reading import drawing, people
from forum.reading.composer import AS_IT_IS, GO_ON_WRITING, JOIN, KEEP_MINE, POST, SHOW_NEWER, SHOW_PREVIEW
from forum.screening import checks
from forum.screening.pace import TooFast
from forum.web import respond
from forum.web.counting import account_or_address
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
    composer = again.filled(post, writer, typed.parent(post)[0])
    sentence = _("Not posted yet: this page is from before you signed in as %(name)s.", name=writer.name)
    composer.errors = [sentence]
    composer.kept_note = _("Your words are below. Look at them, then post again.")
    composer.draft_version = 0
    return again.show(post, writer, composer, 400)


@door.post("/posts/<slug>/comments")
@open_to_anybody
@guests_need_no_token
@stale_forms_see(_of_another_session)
@takes_pictures
@limiter.limit(lambda: PREVIEW if request.form.get("intent") in LOOKS else WRITE)
@limiter.limit(PICTURE, exempt_when=lambda: not adding.is_asked())
def create(slug: str):
    post, writer = post_page.find(slug), viewer()
    parent, is_vanished = typed.parent(post)
    intent = request.form.get("intent", POST)
    if intent == SHOW_PREVIEW and respond.wants_fragment("preview"):
        return again.preview(post, writer, parent)
    if writer is not None and adding.is_asked():
        return again.with_picture(post, writer, parent)
    if intent in LOOKS:
        return again.page(post, writer, parent, intent=intent)
    if is_vanished:
        return again.page(post, writer, None, _gone(), status=409)
    if not post.is_open:
        return again.page(post, writer, parent, may_reply(writer, post, parent).reason, status=403)
    if writer is None:
        return _keep_and_ask(post, parent, intent)
    verdict = may_reply(writer, post, parent)
    if not verdict:
        return again.page(post, writer, parent, verdict.reason, status=403)
    sent = typed.words()
    try:
        comment = posting.write(
            writer,
            post,
            parent,
            sent.body,
            sent.lang,
            sent.token,
            screen=checks.screen,
            nudged=intent == AS_IT_IS,
        )
    except AskFirst as asked:
        return again.page(post, writer, parent, status=422, nudge=asked.nudge)
    except TooFast as refusal:
        return again.page(post, writer, parent, refusal.sentence, status=429)
    except Refused as refusal:
        return again.page(post, writer, parent, refusal.sentence, status=422)
    drafts.forget_posted(writer, post, parent, sent)
    flash(_("Posted.") if comment.is_public else _("Sent. A moderator reads it before others do."), "good")
    return respond.see(address_of(comment))


@door.post("/posts/<slug>/draft")
@members_only
@limiter.limit(DRAFT, key_func=account_or_address)
def save_draft(slug: str):
    """Keep the words of an open composer; a script asks every few seconds."""
    post, writer = post_page.find(slug), member()
    try:
        draft = drafts.save(writer, post, typed.comment(post), typed.words())
    except Newer as newer:
        return respond.private(str(drawing.newer(newer.draft)), 409)
    except Conflict:
        raise
    except Refused as refusal:
        return respond.private(str(escape(refusal.sentence)), 422)
    if not respond.wants_fragment("draft"):
        return respond.see(url_for("posts.show", slug=slug))
    version, at = (draft.version, draft.saved_at) if draft else (0, None)
    return respond.private(str(drawing.saved(version, at)))


@door.get("/comments/<int:comment_id>/quote")
@open_to_anybody
@limiter.limit(MARK)
def quote(comment_id: int):
    """A public comment as a Markdown quotation, for a script to put into a composer."""
    comment = finding.comment(comment_id, lambda found: found.is_public and found.post.is_public)
    response = make_response(quoting.whole(comment))
    response.mimetype = "text/plain"
    return response


@door.get("/people/suggest")
@members_only
@limiter.limit(SUGGEST, key_func=account_or_address)
def suggest():
    """Whom somebody may mean who types an @ and these letters."""
    found = people.suggestions(request.args.get("q", ""), request.args.get("post", ""), member())
    return respond.private(render_template("people/_suggest.html", people=found))


def _gone() -> str:
    return _("The comment you answer is no longer there. You can post your words as a comment of its own.")


def _keep_and_ask(post: Post, parent: Comment | None, intent: str):
    """A guest's words are kept; then they join or sign in, and find them again."""
    sent = typed.words()
    try:
        secret = keeping.keep(post, parent, sent.body, sent.lang)
    except Refused as refusal:
        return again.page(post, None, parent, refusal.sentence, status=422)
    if "csrf_token" in request.form:
        # Only members' pages have one: they were signed out while they wrote.
        flash(_("Not posted yet: you were signed out meanwhile. Sign in, and your words are there to post."), "wait")
    return respond.see(url_for("accounts.join" if intent == JOIN else "accounts.sign_in", kept=secret))
