"""Choosing the language of the site, at the foot of every page."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Blueprint, abort, current_app, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from forum.foundation.limits import MARK, limiter
from forum.web import language, respond
from forum.web.guard import open_to_anybody
from forum.web.security import guests_need_no_token
from forum.web.sign_in import viewer

door = Blueprint("languages", __name__)


@door.post("/language")
@open_to_anybody
@guests_need_no_token
@limiter.limit(MARK)
def choose():
    """Of guests their browser keeps it, of members their account too. They see the same page again."""
    code = request.form.get("language", "")
    if code not in language.spoken(current_app):
        abort(400)
    member = viewer()
    if member is not None:
        member.language = code
    answer = respond.see(_page())
    language.remember(answer, code)
    return answer


def _page() -> str:
    """The page that the form stood on. Pages are kept for many readers, so the browser says which it was."""
    path = respond.safe_path(request.referrer)
    return path if path and _can_be_read(path) else url_for("home.index")


def _can_be_read(path: str) -> bool:
    """Whether it is more than the address of a form, which showed its own answer."""
    try:
        current_app.url_map.bind("").match(unquote(urlsplit(path).path), "GET")
    except MethodNotAllowed:
        return False
    except HTTPException:
        return True  # a page that says that there is none
    return True
