"""Flagging a comment, and a member's own flags with what became of them."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import preferences
from forum.foundation.access import require
from forum.foundation.errors import Refused
from forum.foundation.limits import MARK, WRITE, limiter
from forum.moderation import flagged, flagging
from forum.moderation.permissions import may_flag, may_report
from forum.pages import finding
from forum.pages.comments import address_of
from forum.pages.forms import FlagForm
from forum.reading import flags
from forum.reading.cards import Setting, comment_card
from forum.web import respond
from forum.web.guard import members_only, open_to_anybody
from forum.web.sign_in import member, viewer

door = Blueprint("flags", __name__)


@door.get("/comments/<int:comment_id>/flag")
@open_to_anybody
def show(comment_id: int):
    """The form; a guest finds here how to sign in, and how to report what is illegal without that."""
    return _page(comment_id, FlagForm())


@door.post("/comments/<int:comment_id>/flag")
@members_only
@limiter.limit(WRITE)
def flag(comment_id: int):
    comment, form, by = finding.readable(comment_id), FlagForm(), member()
    require(may_flag(by, comment))
    try:
        flagging.flag(comment, by, form.reason.data or "", form.details.data or "", hides_at=_hides_at())
    except Refused as refusal:
        form.refuse(refusal)
        return _page(comment_id, form, 422)
    flash(_("Thank you. A moderator will look."), "good")
    stands = comment.is_public
    return respond.see(address_of(comment) if stands else url_for("posts.show", slug=comment.post.slug))


@door.get("/account/flags")
@members_only
def mine():
    """What became of what I flagged?"""
    found, older = flagged.flags_by(member(), request.args.get("after", ""))
    return respond.private(
        render_template(
            "mine/flags.html",
            flags=flags.mine(found),
            gets_mail=member().flag_mail,
            older_url=url_for("flags.mine", after=older) if older else None,
        )
    )


@door.post("/account/flags")
@members_only
@limiter.limit(MARK)
def switch_mail():
    preferences.switch_flag_mail(member(), request.form.get("mail") == "on")
    flash(_("Saved."), "good")
    return respond.see(url_for("flags.mine"))


def _page(comment_id: int, form: FlagForm, status: int = 200):
    comment = finding.readable(comment_id)
    if viewer() is not None:
        require(may_flag(viewer(), comment))
    page = render_template(
        "comments/flag.html",
        form=form,
        card=comment_card(comment, Setting.of(comment.post)),
        post=comment.post,
        report_url=url_for("reports.report", comment_id=comment.id) if may_report(comment) else None,
        sign_in_url=url_for("accounts.sign_in", next=request.path),
        has_errors=form.has_problems,
    )
    return respond.private(page, status)


def _hides_at() -> int:
    return current_app.config["FORUM"].flags_hide
