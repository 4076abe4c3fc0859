"""What is mine: my comments with their states, what I keep, and my profile."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import profile
from forum.comments import counting
from forum.comments import queries as comment_queries
from forum.foundation.errors import Refused
from forum.foundation.limits import WRITE, limiter
from forum.marks import queries as mark_queries
from forum.pages.forms import ProfileForm
from forum.reading import profiles
from forum.web import respond
from forum.web.guard import members_only
from forum.web.sign_in import member

door = Blueprint("mine", __name__)


@door.get("/account/comments")
@members_only
def comments():
    """Where did my comment go?"""
    rows, older = comment_queries.all_by(member(), request.args.get("after", ""))
    return respond.private(
        render_template(
            "mine/comments.html",
            comments=profiles.my_lines(rows, member()),
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
    me, status = member(), 200
    form = ProfileForm(data={"name": me.name, "role": me.role, "organisation": me.organisation, "bio": me.bio})
    if request.method == "POST":
        try:
            profile.change(
                me, form.name.data or "", form.role.data or "", form.organisation.data or "", form.bio.data or ""
            )
            # The name stands on every page they wrote on.
            counting.touch_all_of(me.id)
            flash(_("Saved."), "good")
            return respond.see(url_for("mine.edit_profile"))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    return respond.private(render_template("mine/profile.html", form=form, has_errors=form.has_problems), status)
