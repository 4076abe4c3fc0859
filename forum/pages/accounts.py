"""Joining, confirming, signing in and out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, session, url_for
from flask_babel import gettext as _

from forum.accounts import joining, passwords, queries, signing_in, tokens
from forum.accounts.models import User
from forum.comments import drafts, keeping
from forum.comments.models import Draft
from forum.foundation import signing
from forum.foundation.errors import Refused
from forum.foundation.limits import GUESSES_AT_ONE, JOIN, MAIL, MAIL_TO_ONE, SIGN_IN, limiter
from forum.pages.forms import CodeForm, JoinForm, SignInForm
from forum.text.excerpt import excerpt
from forum.web import respond, settle
from forum.web.guard import open_to_anybody
from forum.web.sign_in import begin, end, viewer

door = Blueprint("accounts", __name__)

# In the browser's own cookie: the address it asked for, and the handle of its letter.
WAITING = "waiting_for_mail"


def typed_address() -> str:
    """The account a form is about, for counting; its digest, so that no counter keeps addresses."""
    return signing.digest(queries.email_key(request.form.get("email", "")))


@dataclass(frozen=True)
class Kept:
    """Words typed before signing in, shown so that nobody fears for them."""

    body: str
    post_title: str
    post_url: str


@door.route("/join", methods=["GET", "POST"])
@open_to_anybody
@limiter.limit(JOIN, methods=["POST"])
@limiter.limit(MAIL_TO_ONE, key_func=typed_address, methods=["POST"])
def join():
    if viewer() is not None:
        return respond.see(url_for("home.index"))
    form = JoinForm(kept=request.args.get("kept", ""))
    status = 200
    if request.method == "POST":
        try:
            return _join(form)
        except Refused as refusal:
            settle.undo()
            form.refuse(refusal)
            status = 422
    return respond.private(
        render_template(
            "accounts/join.html",
            form=form,
            kept=_kept(form.kept.data),
            has_errors=form.has_problems,
            shortest=passwords.SHORTEST,
        ),
        status,
    )


def _join(form: JoinForm):
    handle = signing.new_secret()
    user = joining.join(
        form.name.data or "",
        form.username.data or "",
        form.email.data or "",
        form.password.data or "",
        handle,
    )
    if user is not None:
        keeping.keep_only(form.kept.data or "", user)
    # Where the address has an account already, the words wait for its owner in this browser.
    _wait_for_mail(form.email.data or "", handle, kept="" if user else form.kept.data or "")
    return respond.see(url_for("accounts.check_mail"))


def _wait_for_mail(email: str, handle: str, kept: str = "") -> None:
    session[WAITING] = {"email": email.strip()[:254], "handle": handle, "kept": kept[:100]}


@door.get("/join/check")
@open_to_anybody
def check_mail():
    return _check_mail(CodeForm(formdata=None))


def _check_mail(form: CodeForm, status: int = 200):
    waiting = session.get(WAITING)
    if waiting is None:
        return respond.see(url_for("accounts.join"))
    return respond.private(
        render_template("accounts/check_mail.html", form=form, email=waiting["email"], has_errors=form.has_problems),
        status,
    )


@door.post("/join/check")
@open_to_anybody
@limiter.limit(SIGN_IN)
def confirm_code():
    form, waiting = CodeForm(), session.get(WAITING)
    if waiting is None:
        return respond.see(url_for("accounts.join"))
    if not form.validate():
        return _check_mail(form, 422)
    try:
        return _welcome(joining.confirm(tokens.find_by_code(waiting["handle"], form.code.data or "")))
    except Refused as refusal:
        settle.keep_anyway()  # the counted try
        form.refuse(refusal)
        return _check_mail(form, 422)


@door.post("/join/again")
@open_to_anybody
@limiter.limit(MAIL)
def resend():
    waiting = session.get(WAITING)
    if waiting is None:
        return respond.see(url_for("accounts.join"))
    handle = signing.new_secret()
    if joining.send_again(waiting["handle"], handle):
        _wait_for_mail(waiting["email"], handle)
    # The same words whether or not a letter went: they must not tell who has an account.
    flash(_("If a minute has passed since the last one, a new e-mail is on its way."), "good")
    return respond.see(url_for("accounts.check_mail"))


@door.route("/join/confirm/<token>", methods=["GET", "POST"])
@open_to_anybody
@limiter.limit(SIGN_IN, methods=["POST"])
def confirm(token: str):
    """Looking at the link confirms nothing: programs that read mail follow links. Pressing its button does."""
    try:
        row = tokens.find(token, tokens.CONFIRM)
    except Refused as refusal:
        page = render_template("accounts/confirm.html", refusal=refusal.sentence, token=token)
        return respond.private(page, 410)
    if request.method == "POST":
        return _welcome(joining.confirm(row))
    return respond.private(render_template("accounts/confirm.html", refusal="", token=token, name=row.user.name))


def _welcome(user: User):
    begin(user, kept=False)
    flash(_("Welcome. Your e-mail address is confirmed."), "good")
    return respond.see(_page_of(drafts.waiting_for(user)) or url_for("home.index"))


@door.route("/sign-in", methods=["GET", "POST"])
@open_to_anybody
@limiter.limit(SIGN_IN, methods=["POST"])
@limiter.limit(GUESSES_AT_ONE, key_func=typed_address, methods=["POST"])
def sign_in():
    kept = request.args.get("kept") or session.get(WAITING, {}).get("kept", "")
    form = SignInForm(kept=kept, next=request.args.get("next", ""))
    if viewer() is not None:
        # Following a link changes nothing: words that a stranger's link names stay the stranger's.
        return respond.see(respond.safe_path(form.next.data) or url_for("home.index"))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return _sign_in(form)
            except Refused as refusal:
                form.refuse(refusal)
    return respond.private(
        render_template("accounts/sign_in.html", form=form, kept=_kept(form.kept.data), has_errors=form.has_problems),
        status,
    )


def _sign_in(form: SignInForm):
    user = signing_in.check(form.email.data or "", form.password.data or "")
    page = _claimed(form, user)
    if not user.is_confirmed:
        handle = signing.new_secret()
        joining.ask_again(user, handle)
        _wait_for_mail(user.email or "", handle)
        return respond.see(url_for("accounts.check_mail"))
    begin(user, kept=bool(form.keep.data))
    return respond.see(page or respond.safe_path(form.next.data) or url_for("home.index"))


def _claimed(form: SignInForm, user: User | None) -> str | None:
    """The page where words kept for this person wait to be posted."""
    return _page_of(keeping.claim(form.kept.data or "", user)) if user else None


def _page_of(draft: Draft | None) -> str | None:
    """Where kept words wait to be posted."""
    if draft is None:
        return None
    box = "reply" if draft.parent_id else "add-comment"
    return url_for("posts.show", slug=draft.post.slug, reply=draft.parent_id, _anchor=box)


@door.post("/sign-out")
@open_to_anybody
def sign_out():
    end()
    flash(_("You are signed out."), "good")
    return respond.see(url_for("home.index"))


def _kept(secret: str | None) -> Kept | None:
    draft = keeping.find(secret or "")
    if draft is None:
        return None
    return Kept(excerpt(draft.body, 300), draft.post.title, url_for("posts.show", slug=draft.post.slug))
