"""A password forgotten, set anew by a link, or changed."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import passwords, signing_in, tokens
from forum.foundation.errors import Refused
from forum.foundation.limits import MAIL, MAIL_TO_ONE, SIGN_IN, limiter
from forum.pages.accounts import typed_address
from forum.pages.forms import ForgotForm, PasswordForm, ResetForm
from forum.web import respond
from forum.web.guard import members_only, open_to_anybody
from forum.web.sign_in import begin, current_session, viewer

door = Blueprint("passwords", __name__)


@door.route("/password/forgot", methods=["GET", "POST"])
@open_to_anybody
@limiter.limit(MAIL, methods=["POST"])
@limiter.limit(MAIL_TO_ONE, key_func=typed_address, methods=["POST"])
def forgot():
    form = ForgotForm()
    status = 200
    if request.method == "POST":
        if form.validate():
            signing_in.forgot(form.email.data or "")
            return respond.private(render_template("accounts/forgot_sent.html", email=form.email.data))
        status = 422
    return respond.private(render_template("accounts/forgot.html", form=form, has_errors=form.has_problems), status)


@door.route("/password/reset/<token>", methods=["GET", "POST"])
@open_to_anybody
@limiter.limit(SIGN_IN, methods=["POST"])
def reset(token: str):
    form, refusal_line = ResetForm(), ""
    status = 200
    try:
        row = tokens.find(token, tokens.RESET)
        if request.method == "POST":
            status = 422
            if form.validate():
                user = signing_in.reset(row, form.password.data or "")
                begin(user, kept=False)
                flash(_("Your password is changed, and you are signed in."), "good")
                return respond.see(url_for("home.index"))
    except Refused as refusal:
        if refusal.field:
            form.refuse(refusal)
        else:
            status, refusal_line = 410, refusal.sentence
    return respond.private(
        render_template(
            "accounts/reset.html",
            form=form,
            refusal=refusal_line,
            token=token,
            has_errors=form.has_problems,
            shortest=passwords.SHORTEST,
        ),
        status,
    )


@door.route("/account/password", methods=["GET", "POST"])
@members_only
@limiter.limit(SIGN_IN, methods=["POST"])
def change():
    form, member = PasswordForm(), viewer()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate() and member is not None:
            try:
                signing_in.change(member, form.current.data or "", form.password.data or "", current_session())
                flash(_("Your password is changed. Your other sessions have ended."), "good")
                return respond.see(url_for("passwords.change"))
            except Refused as refusal:
                form.refuse(refusal)
    return respond.private(
        render_template("accounts/password.html", form=form, has_errors=form.has_problems, shortest=passwords.SHORTEST),
        status,
    )
