"""What somebody has written and not posted, in one list."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _

from forum.comments import drafts
from forum.reading import unposted
from forum.web import respond
from forum.web.guard import members_only
from forum.web.sign_in import member

door = Blueprint("drafts", __name__)


@door.get("/account/drafts")
@members_only
def index():
    return respond.private(
        render_template(
            "mine/drafts.html",
            drafts=unposted.lines(drafts.all_of(member())),
            days=drafts.KEPT_FOR.days,
        )
    )


@door.post("/account/drafts/<int:draft_id>/delete")
@members_only
def delete(draft_id: int):
    drafts.drop(member(), draft_id)
    flash(_("The draft is deleted."), "good")
    return respond.see(url_for("drafts.index"))
