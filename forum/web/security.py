"""What browsers are told to refuse, and which forms we refuse ourselves."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.routing import IntegerConverter, Map

from forum.foundation.errors import Forbidden
from forum.web import csrf
from forum.web.sign_in import viewer

View = TypeVar("View", bound=Callable[..., Any])

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def guests_need_no_token(view: View) -> View:
    """For forms on pages shared by all guests, which carry no cookie and so no token."""
    view.__tokenless__ = True  # type: ignore[attr-defined]
    return view


def stale_forms_see(answer: Callable[..., Any]) -> Callable[[View], View]:
    """What a member sees whose form is of another session: `answer`, with the route's arguments. It changes nothing.

    The view is never called, so no form without its token does what it asks for.
    """

    def mark(view: View) -> View:
        view.__when_stale__ = answer  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    csrf.install(app)
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_null_characters)
    app.before_request(_refuse_foreign_forms)
    app.before_request(_check_token)
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The word that lets this page's one inline style in."""
    if g.get("csp_nonce") is None:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


@contextmanager
def nonce_hidden_as(word: str) -> Iterator[None]:
    """Styles that are drawn meanwhile have this word in place of the nonce."""
    before = g.get("csp_nonce")
    g.csp_nonce = word
    try:
        yield
    finally:
        g.csp_nonce = before


def let_images_in(html: str) -> None:
    """Let this page show the images from elsewhere that its author's text has; every other page shows our own."""
    if '<img src="https:' in html:
        g.outside_images = True


class RowNumber(IntegerConverter):
    """A number in an address that a column can hold; another one is the address of nothing."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **({"max": 2**31 - 1} | kwargs))


def _refuse_null_characters() -> None:
    """No person types them, and PostgreSQL stores none."""
    typed = [
        request.path,
        *(word for form in (request.args, request.form) for pair in form.items(multi=True) for word in pair),
    ]
    if any("\0" in word for word in typed):
        abort(400)


def _refuse_foreign_forms() -> None:
    """A second wall beside the CSRF token, and the only one for forms on pages without a session."""
    if request.method not in UNSAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    is_foreign = site not in (None, "same-origin", "none")
    if origin is not None and origin != "null":
        is_foreign = is_foreign or origin.partition("://")[2] != request.host
    # A "null" origin comes from sandboxed pages; our own pages never send it with Sec-Fetch-Site same-origin.
    if is_foreign or (origin == "null" and site != "same-origin"):
        raise Forbidden(_("This form came from another site, so nothing was changed."))


def _check_token() -> Response | None:
    if request.endpoint is None:
        return None  # nothing is there to protect; the answer is 404 or 405
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "__tokenless__", False) and viewer() is None:
        return None
    if current_app.config["WTF_CSRF_ENABLED"]:
        try:
            csrf.protection.protect()
        except CSRFError:
            answer = getattr(view, "__when_stale__", None)
            if answer is None or viewer() is None:
                raise
            return current_app.make_response(answer(**(request.view_args or {})))
    return None


def _add_headers(response: Response) -> Response:
    headers = response.headers
    style = f"'self' 'nonce-{g.csp_nonce}'" if g.get("csp_nonce") else "'self'"
    # Drawings of the style sheets are data.
    images = "'self' data: https:" if "outside_images" in g else "'self' data:"
    headers.setdefault(
        "Content-Security-Policy",
        # Browsers disagree which directive an icon of our sprite falls under; 'self' lets it in everywhere.
        "default-src 'self'; object-src 'none'; frame-src 'none'; worker-src 'none'; script-src 'self'; "
        f"style-src {style}; img-src {images}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
    if current_app.config["FORUM"].is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
