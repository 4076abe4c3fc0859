"""What is mine: my comments with their states, what I keep, and my profile."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import profile
from forum.accounts.permissions import may_rewrite
from forum.comments import counting
from forum.comments import queries as comment_queries
from forum.foundation.access import require
from forum.foundation.errors import Refused
from forum.foundation.limits import PICTURE, WRITE, limiter
from forum.marks import queries as mark_queries
from forum.media import avatars
from forum.media.permissions import may_upload
from forum.pages import adding
from forum.pages.comments import edit_hours
from forum.pages.forms import AvatarForm, ProfileForm
from forum.reading import profiles
from forum.web import respond
from forum.web.guard import members_only
from forum.web.sign_in import member
from forum.web.uploads import takes_pictures

door = Blueprint("mine", __name__)

# The button that takes the picture away.
INITIALS = "initials"


@door.get("/account/comments")
@members_only
def comments():
    """Where did my comment go?"""
    rows, older = comment_queries.all_by(member(), request.args.get("after", ""))
    return respond.private(
        render_template(
            "mine/comments.html",
            comments=profiles.my_lines(rows, member(), edit_hours()),
            older_url=url_for("mine.comments", after=older) if older else None,
        )
    )


@door.get("/account/bookmarks")
@members_only
def bookmarks():
    rows, older = mark_queries.kept_by(member(), request.args.get("after", ""))
    return respond.private(
        render_template(
            "mine/bookmarks.html",
            comments=profiles.kept_lines([row.comment for row in rows]),
            older_url=url_for("mine.bookmarks", after=older) if older else None,
        )
    )


@door.route("/account/profile", methods=["GET", "POST"])
@members_only
@limiter.limit(WRITE, methods=["POST"])
def edit_profile():
    me, form = member(), _profile_form()
    if request.method == "GET":
        return _profile(form, AvatarForm())
    require(may_rewrite(me))
    try:
        profile.change(
            me, form.name.data or "", form.role.data or "", form.organisation.data or "", form.bio.data or ""
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _profile(form, AvatarForm(), 422)
    # The name stands on every page they wrote on.
    counting.touch_all_of(me.id)
    flash(_("Saved."), "good")
    return respond.see(url_for("mine.edit_profile"))


@door.post("/account/picture")
@members_only
@takes_pictures
@limiter.limit(PICTURE)
def change_picture():
    """The picture beside my name, or my initials again."""
    me, form = member(), AvatarForm()
    try:
        if request.form.get("intent") == INITIALS:
            avatars.remove(me)
        else:
            require(may_upload(me))
            avatars.change(me, adding.sent())
    except Refused as refusal:
        form.refuse(refusal)
        return _profile(_profile_form(), form, 422)
    counting.touch_all_of(me.id)
    flash(_("Saved."), "good")
    return respond.see(url_for("mine.edit_profile"))


def _profile_form() -> ProfileForm:
    me = member()
    return ProfileForm(
        # A picture comes with a form of its own, which says nothing about the rest.
        formdata=request.form if request.endpoint == "mine.edit_profile" and request.method == "POST" else None,
        data={"name": me.name, "role": me.role, "organisation": me.organisation, "bio": me.bio},
    )


def _profile(form: ProfileForm, avatar_form: AvatarForm, status: int = 200):
    wrong = avatar_form if avatar_form.has_problems else form
    html = render_template(
        "mine/profile.html", form=form, avatar_form=avatar_form, wrong=wrong, has_errors=wrong.has_problems
    )
    return respond.private(html, status)
