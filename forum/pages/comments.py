"""What people do with comments: write, link to, edit, withdraw, flag; and what moderators do in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import drafts, editing, posting, queries, tree, withdrawing
from forum.comments.models import IN_THE_TREE, Comment
from forum.comments.permissions import may_edit, may_reply, may_see, may_see_history, may_withdraw
from forum.foundation import paging
from forum.foundation.access import require
from forum.foundation.errors import Conflict, Forbidden, NotFound, Refused
from forum.foundation.limits import PREVIEW, WRITE, limiter
from forum.moderation import decisions, flagging
from forum.moderation.permissions import may_decide, may_flag
from forum.pages import posts as post_page
from forum.pages import queue
from forum.pages.forms import FlagForm, RemoveForm, number
from forum.posts.models import Post
from forum.reading import composer as composers
from forum.reading import overlay
from forum.reading.cards import Setting, comment_card
from forum.reading.composer import Composer
from forum.text import safe
from forum.web import respond, settle
from forum.web.guard import members_only, moderators_only, open_to_anybody
from forum.web.security import guests_need_no_token
from forum.web.sign_in import member, viewer

door = Blueprint("comments", __name__)

POST, SHOW_PREVIEW, GO_ON_WRITING, JOIN, SIGN_IN = "post", "preview", "write", "join", "signin"


@dataclass(frozen=True)
class Version:
    """What a comment said from a moment on."""

    at: datetime
    body_html: Markup


@door.post("/posts/<slug>/comments")
@open_to_anybody
@guests_need_no_token
@limiter.limit(lambda: PREVIEW if request.form.get("intent") == SHOW_PREVIEW else WRITE)
def create(slug: str):
    post, writer, form = post_page.find(slug), viewer(), request.form
    parent, is_vanished = _asked_parent(post)
    intent = form.get("intent", POST)
    if intent in (SHOW_PREVIEW, GO_ON_WRITING):
        return _again(post, writer, parent, preview=intent == SHOW_PREVIEW)
    if is_vanished:
        return _again(post, writer, None, _gone(), status=409)
    if not post.is_open:
        return _again(post, writer, parent, may_reply(writer, post, parent).reason, status=403)
    if writer is None:
        return _keep_and_ask(post, parent, intent)
    verdict = may_reply(writer, post, parent)
    if not verdict:
        return _again(post, writer, parent, verdict.reason, status=403)
    try:
        comment = posting.write(
            writer, post, parent, form.get("body", ""), form.get("lang", ""), form.get("token", "")[:64]
        )
    except Refused as refusal:
        return _again(post, writer, parent, refusal.sentence, status=422)
    drafts.forget(writer, post.id)
    flash(_("Posted.") if comment.is_public else _("Sent. A moderator reads it before others do."), "good")
    return respond.see(address_of(comment))


@door.get("/comments/<int:comment_id>")
@open_to_anybody
def show(comment_id: int):
    comment = queries.by_id(comment_id)
    if comment is None or not comment.post.is_public:
        raise NotFound(_("There is no comment at this address."))
    if not (comment.was_seen and comment.state in IN_THE_TREE):
        require_sight(comment)
    return respond.see(address_of(comment))


@door.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@members_only
@limiter.limit(WRITE, methods=["POST"])
def edit(comment_id: int):
    comment = _visible(comment_id)
    require(may_edit(member(), comment))
    composer = _edit_composer(comment)
    status = 200
    if request.method == "POST":
        composer.body, composer.lang = request.form.get("body", ""), request.form.get("lang", comment.lang)
        try:
            intent = request.form.get("intent")
            if intent == SHOW_PREVIEW:
                composer.preview_html = posting.prepare(composer.body).rendered.html
            elif intent != GO_ON_WRITING:
                return _save(comment, composer)
        except Refused as refusal:
            composer.errors, status = [refusal.sentence], 409 if isinstance(refusal, Conflict) else 422
    return respond.private(
        render_template(
            "comments/edit.html",
            composer=composer,
            card=_own_card(comment),
            post=comment.post,
            version=comment.version,
            has_errors=bool(composer.errors),
        ),
        status,
    )


@door.route("/comments/<int:comment_id>/withdraw", methods=["GET", "POST"])
@members_only
def withdraw(comment_id: int):
    comment = _visible(comment_id)
    require(may_withdraw(viewer(), comment))
    if request.method == "POST":
        was_seen = comment.was_seen
        withdrawing.withdraw(comment)
        flash(_("Your comment is withdrawn."), "good")
        return respond.see(address_of(comment) if was_seen else url_for("posts.show", slug=comment.post.slug))
    return respond.private(
        render_template(
            "comments/withdraw.html",
            card=_own_card(comment),
            replies=comment.descendant_count,
            post=comment.post,
        )
    )


@door.get("/comments/<int:comment_id>/history")
@open_to_anybody
def history(comment_id: int):
    comment = _visible(comment_id)
    require(may_see_history(viewer(), comment))
    versions = [Version(row.written_at, safe.stored(row.body_html)) for row in queries.revisions_of(comment)]
    versions.append(Version(comment.edited_at or comment.created_at, safe.stored(comment.body_html)))
    return respond.private(
        render_template(
            "comments/history.html",
            card=comment_card(comment, Setting.of(comment.post)),
            versions=list(reversed(versions)),
            post=comment.post,
        )
    )


@door.route("/comments/<int:comment_id>/flag", methods=["GET", "POST"])
@members_only
@limiter.limit(WRITE, methods=["POST"])
def flag(comment_id: int):
    comment, form, by = _visible(comment_id), FlagForm(), member()
    require(may_flag(by, comment))
    status = 200
    if request.method == "POST":
        try:
            flagging.flag(comment, by, form.reason.data or "", form.details.data or "")
            flash(_("Thank you. A moderator will look."), "good")
            return respond.see(address_of(comment))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    card = comment_card(comment, Setting.of(comment.post))
    return respond.private(
        render_template("comments/flag.html", form=form, card=card, post=comment.post, has_errors=form.has_problems),
        status,
    )


@door.route("/comments/<int:comment_id>/remove", methods=["GET", "POST"])
@moderators_only
def remove(comment_id: int):
    comment, form, by = _visible(comment_id), RemoveForm(), member()
    require(may_decide(by, comment, comment.parent))
    if not comment.is_public and request.method == "GET":
        raise Conflict(_("This comment is not public any more."))
    status = 200
    if request.method == "POST":
        try:
            decisions.remove_public(comment, by, form.reason.data or "", form.message.data or "")
            flash(_("Removed. A line with the reason stays in its place."), "good")
            return respond.see(address_of(comment))
        except decisions.AlreadyDecided as lost:
            return queue.lost_to(lost)
        except (Conflict, Forbidden):
            raise
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    card = comment_card(comment, Setting.of(comment.post))
    return respond.private(
        render_template("comments/remove.html", form=form, card=card, post=comment.post, has_errors=form.has_problems),
        status,
    )


def address_of(comment: Comment) -> str:
    """The page that shows a comment, at its place. Survives paging: what is not on the first page gets its own."""
    post, anchor = comment.post, f"comment-{comment.id}"
    whole = url_for("posts.show", slug=post.slug, _anchor=anchor)
    if not comment.was_seen:
        return whole
    above = queries.ancestors_of(comment)
    line = [*above, comment]
    if len(above) > queries.LEVELS or any((one.rank or 0) > queries.FIRST_REPLIES for one in line):
        page = url_for("posts.branch", slug=post.slug, comment_id=comment.parent_id)
        return f"{page}?from={paging.cursor(tree.last_segment(comment.path))}#{anchor}"
    first, _later = queries.branches(post.id, None, queries.OLDEST)
    if any(top.id == line[0].id for top in first):
        return whole
    page = url_for("posts.show", slug=post.slug)
    return f"{page}?from={paging.cursor(line[0].path)}#{anchor}"


def require_sight(comment: Comment) -> None:
    verdict = may_see(viewer(), comment)
    if not verdict:
        # A comment that may not be seen must not be told from one that never was.
        raise NotFound(verdict.reason)


def _visible(comment_id: int) -> Comment:
    comment = queries.by_id(comment_id)
    if comment is None:
        raise NotFound(_("There is no comment at this address."))
    require_sight(comment)
    return comment


def _asked_parent(post: Post) -> tuple[Comment | None, bool]:
    """The comment to be answered, and whether one was asked for that is not there."""
    asked = request.form.get("parent", "")
    if not asked:
        return None, False
    parent = queries.by_id(number(asked))
    if parent is None or parent.post_id != post.id or not parent.is_public:
        return None, True
    return parent, False


def _gone() -> str:
    return _("The comment you answer is no longer there. You can post your words as a comment of its own.")


def _again(post: Post, writer: User | None, parent: Comment | None, sentence: str = "", *,
           status: int = 200, preview: bool = False):  # fmt: skip
    """The post page with what was typed, a preview or what is wrong with it."""
    form = request.form
    card = comment_card(parent, Setting.of(post)) if parent else None
    composer = composers.for_post(
        post, writer, card, form.get("body", "").replace("\x00", ""), form.get("lang", ""), form.get("token", "")[:64]
    )
    try:
        if preview:
            composer.preview_html = posting.prepare(composer.body).rendered.html
    except Refused as refusal:
        sentence, status = refusal.sentence, 422
    if sentence:
        composer.errors = [sentence]
    if writer is not None and composer.body.strip() and len(composer.body) <= drafts.LONGEST:
        _remember(post, writer, parent, composer)
    response = post_page.page(post, writer, composer, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _remember(post: Post, writer: User, parent: Comment | None, composer: Composer) -> None:
    """A preview or a refused form keeps the words on the server too."""
    drafts.forget(writer, post.id)
    drafts.keep(post, parent, composer.body, composer.lang, writer)
    settle.keep_anyway()


def _keep_and_ask(post: Post, parent: Comment | None, intent: str):
    """A guest's words are kept; then they join or sign in, and find them again."""
    try:
        secret = drafts.keep(post, parent, request.form.get("body", ""), request.form.get("lang", ""))
    except Refused as refusal:
        return _again(post, None, parent, refusal.sentence, status=422)
    return respond.see(url_for("accounts.join" if intent == JOIN else "accounts.sign_in", kept=secret))


def _edit_composer(comment: Comment) -> Composer:
    composer = composers.for_post(comment.post, member(), None, comment.body, comment.lang)
    composer.action = url_for("comments.edit", comment_id=comment.id)
    composer.version = comment.version
    composer.cancel_url = address_of(comment)
    composer.is_checked_first = comment.state != "published"
    return composer


def _save(comment: Comment, composer: Composer):
    if number(request.form.get("version")) != comment.version:
        raise Conflict(_("This comment changed while you were writing. Your words are below; look at it first."))
    was_public = comment.is_public
    editing.edit(comment, member(), composer.body, composer.lang)
    if comment.is_public:
        flash(_("Saved."), "good")
    elif was_public:
        flash(_("Saved. A moderator reads it before others do."), "good")
    else:
        flash(_("Saved and sent to a moderator."), "good")
    return respond.see(address_of(comment))


def _own_card(comment: Comment):
    if comment.is_public:
        return comment_card(comment, Setting.of(comment.post))
    return overlay.private_cards([comment], comment.post)[0]
