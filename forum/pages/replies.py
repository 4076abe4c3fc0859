"""Saved replies: the list, and one to write or change."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import SelectField, StringField, TextAreaField

from forum.foundation.errors import NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import replies
from forum.moderation.models import SavedReply
from forum.pages.forms import PageForm
from forum.text import language
from forum.web import respond
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("replies", __name__)


class ReplyForm(PageForm):
    title = StringField(lazy_gettext("Name"))
    words = TextAreaField(lazy_gettext("Words"))
    lang = SelectField(lazy_gettext("Language"), validate_choice=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.lang.choices = [("", _("Any language")), *language.LANGUAGES.items()]


@door.get("/moderation/replies")
@moderators_only
def index():
    return respond.private(render_template("queue/replies.html", replies=replies.everything()))


@door.route("/moderation/replies/new", methods=["GET", "POST"])
@moderators_only
@limiter.limit(WRITE, methods=["POST"])
def new():
    form, status = ReplyForm(), 200
    if form.is_submitted():
        try:
            replies.save(*_values(form), member())
            flash(_("Saved."), "good")
            return respond.see(url_for("replies.index"))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    return _page(form, None, status)


@door.route("/moderation/replies/<int:reply_id>", methods=["GET", "POST"])
@moderators_only
@limiter.limit(WRITE, methods=["POST"])
def edit(reply_id: int):
    reply, status = _find(reply_id), 200
    form = ReplyForm(obj=reply)
    if form.is_submitted():
        try:
            replies.change(reply, *_values(form))
            flash(_("Saved."), "good")
            return respond.see(url_for("replies.index"))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    return _page(form, reply, status)


@door.post("/moderation/replies/<int:reply_id>/delete")
@moderators_only
def delete(reply_id: int):
    replies.delete(_find(reply_id))
    flash(_("Deleted."), "good")
    return respond.see(url_for("replies.index"))


def _page(form: ReplyForm, reply: SavedReply | None, status: int):
    page = render_template("queue/reply.html", form=form, reply=reply, has_errors=form.has_problems)
    return respond.private(page, status)


def _values(form: ReplyForm) -> tuple[str, str, str]:
    return form.title.data or "", form.words.data or "", form.lang.data or ""


def _find(reply_id: int) -> SavedReply:
    reply = replies.by_id(reply_id)
    if reply is None:
        raise NotFound(_("There is no reply at this address."))
    return reply
