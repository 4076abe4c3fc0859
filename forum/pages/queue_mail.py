"""What a moderator is mailed about the queue."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from forum.foundation.errors import Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import care
from forum.pages.forms import QueueMailForm
from forum.web import respond
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("queue_mail", __name__)

RHYTHMS = {
    care.HOURLY: lazy_gettext("Every hour, when something waits"),
    care.DAILY: lazy_gettext("Every day, when something waits"),
    care.LATE_ONLY: lazy_gettext("Only when something has waited longer than we promise"),
    care.NEVER: lazy_gettext("Never"),
}


@door.route("/moderation/mail", methods=["GET", "POST"])
@moderators_only
@limiter.limit(WRITE, methods=["POST"])
def show():
    me, status = member(), 200
    form = QueueMailForm(data={"queue_mail": me.queue_mail})
    form.queue_mail.choices = [(code, str(words)) for code, words in RHYTHMS.items()]
    if request.method == "POST":
        try:
            # A form without an answer chose nothing, not “only when late”.
            care.choose(me, request.form.get("queue_mail", "nothing"))
            flash(_("Saved."), "good")
            return respond.see(url_for("queue_mail.show"))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    page = render_template(
        "queue/mail.html",
        form=form,
        hints={care.DAILY: _("After %(hour)d:00 UTC.", hour=care.DAILY_AT)},
        has_errors=form.has_problems,
    )
    return respond.private(page, status)
