"""Every route says who may come in; a route that says nothing is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _

from forum.foundation.errors import Forbidden, NotFound
from forum.web.sign_in import viewer

View = TypeVar("View", bound=Callable[..., Any])

ANYBODY, MEMBERS, AUTHORS, MODERATORS, DEVELOPERS = (
    "anybody",
    "members",
    "authors",
    "moderators",
    "developers",
)


def _entry(who: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__entry__ = who  # type: ignore[attr-defined]
        return view

    return mark


open_to_anybody = _entry(ANYBODY)
members_only = _entry(MEMBERS)
authors_only = _entry(AUTHORS)
moderators_only = _entry(MODERATORS)
developers_only = _entry(DEVELOPERS)


def entry_of(view: Callable[..., Any]) -> str | None:
    """Who may use this view, as it declares."""
    return getattr(view, "__entry__", None)


def install(app: Flask) -> None:
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None
    who = entry_of(current_app.view_functions[request.endpoint])
    if who == ANYBODY:
        return None
    if who == DEVELOPERS:
        if not current_app.config["FORUM"].shows_mail:
            raise NotFound(_("There is no page at this address."))
        return None
    if who is None:
        abort(500, f"the route {request.endpoint} does not declare who may come in")
    member = viewer()
    if member is None:
        if request.method == "POST" and request.form.get("body", "").strip() and not request.headers.get("X-Fragment"):
            # A page with what they wrote: a way to sign in would lose it.
            raise Forbidden(_("You are signed out, so nothing was changed. Copy your words, then sign in."))
        return _to_sign_in()
    if who == AUTHORS and not (member.is_author or member.is_admin):
        raise Forbidden(_("This page is for authors."))
    if who == MODERATORS and not member.is_staff:
        raise Forbidden(_("This page is for moderators."))
    return None


def _to_sign_in() -> Response:
    # After a POST there is no page to come back to but the one the form stood on.
    back = request.full_path.rstrip("?") if request.method == "GET" else request.referrer or ""
    return redirect(url_for("accounts.sign_in", next=back or None), 303)  # type: ignore[return-value]
