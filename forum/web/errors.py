"""What the rooms raise, as pages in plain words with the right status."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from forum.foundation import limits, transaction
from forum.foundation.errors import Conflict, Forbidden, NotFound, Refused

log = logging.getLogger(__name__)

PAGES = {400, 403, 404, 409, 413, 429, 500}


def install(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(PoolTimeout, _database_busy)
    app.register_error_handler(IntegrityError, _twice_at_once)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, sentence: str = "", **more: object) -> Response:
    """An error page. Whatever was changed is undone first, so that drawing the page can ask the database."""
    transaction.roll_back()
    template = f"errors/{status if status in PAGES else (500 if status >= 500 else 400)}.html"
    response = make_response(render_template(template, sentence=sentence, **more), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(error: Refused) -> Response:
    status = {Forbidden: 403, NotFound: 404}.get(type(error), 409 if isinstance(error, Conflict) else 400)
    return error_page(status, error.sentence, kept_words=_kept_words())


def _expired_form(error: CSRFError) -> Response:
    sentence = _("This page was open for a long time. Your words are kept: post again.")
    return error_page(400, sentence, kept_words=_kept_words())


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = error_page(error.code, kept_words=_kept_words())
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    if error.code == 429:
        response.headers["Retry-After"] = str(limits.seconds_to_wait())
    return response


def _twice_at_once(error: IntegrityError) -> Response:
    """Two wanted the same name or place at the same moment; the second finds out only when it is stored."""
    log.error("two changes met: %s", error)
    sentence = _("Somebody saved the same at the same moment. Try again.")
    return error_page(409, sentence, kept_words=_kept_words())


def _database_busy(error: OperationalError | PoolTimeout) -> Response:
    log.error("the database did not answer: %s", error)
    response = error_page(500, _("The site is very busy. Try again in a moment."), kept_words=_kept_words())
    response.headers["Retry-After"] = "5"
    return response


def _unexpected(error: Exception) -> Response:
    number = secrets.token_hex(4)
    # The rule, not the path: a path may hold the token of a mailed link.
    log.exception("unexpected error %s at %s %s", number, request.method, request.url_rule)
    return error_page(500, number=number, kept_words=_kept_words())


def _kept_words() -> str:
    """What the person had typed, so that no error page loses it."""
    if request.method != "POST" or not request.mimetype.endswith(("form-urlencoded", "form-data")):
        return ""
    try:
        return request.form.get("body", "")[:100_000]
    except HTTPException:
        return ""
