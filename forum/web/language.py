"""In which language the service speaks to this reader: the one they chose, else the one their browser asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from babel import Locale
from flask import Flask, Response, current_app, request
from flask_babel import Babel, get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from forum.text.language import LANGUAGES
from forum.web.sign_in import viewer

# What somebody chose at the foot of a page, in this browser.
COOKIE = "language"
KEPT_FOR = timedelta(days=365)


def install(app: Flask) -> None:
    Babel(app, locale_selector=_choose)
    # Who speaks to people elsewhere than on pages reads it here.
    app.config["LANGUAGES"] = spoken(app)
    app.jinja_env.globals["other_languages"] = other_languages


def interface_language() -> str:
    """The code of the language this answer is in, such as “cy”."""
    return str(get_locale() or current_app.config["FORUM"].language)


def interface_direction() -> str:
    locale = get_locale()
    return locale.text_direction if isinstance(locale, Locale) else "ltr"


def spoken(app: Flask) -> frozenset[str]:
    """The codes of all languages that the service speaks."""
    return _spoken(app.config["BABEL_TRANSLATION_DIRECTORIES"])


def named(codes: frozenset[str]) -> Sequence[tuple[str, str]]:
    """These languages in a lasting order, each with its own name for itself."""
    return [(code, LANGUAGES.get(code, code)) for code in sorted(codes, key=lambda code: (code != "en", code))]


def other_languages() -> Sequence[tuple[str, str]]:
    """What this page could be read in instead. The same on all pages in one language."""
    return named(spoken(current_app) - {interface_language()})


def chosen() -> str:
    """The language this reader has chosen; empty where their browser decides."""
    known, member = spoken(current_app), viewer()
    if member is not None and member.language in known:
        return member.language
    wish = request.cookies.get(COOKIE, "")
    return wish if wish in known else ""


def asked_for() -> str:
    """The language for this reader's browser where they have chosen none."""
    return for_guest(current_app, request.headers.get("Accept-Language", ""))


def remember(response: Response, code: str) -> None:
    """Let this browser keep the choice; an empty one is forgotten."""
    attributes = {
        "path": current_app.session_interface.get_cookie_path(current_app),
        "secure": current_app.config["SESSION_COOKIE_SECURE"],
        "httponly": True,
        "samesite": "Lax",
    }
    if code:
        response.set_cookie(COOKIE, code, max_age=KEPT_FOR, **attributes)
    else:
        response.delete_cookie(COOKIE, **attributes)


def for_guest(app: Flask, accepted: str) -> str:
    """The language for somebody whose browser sends this Accept-Language header."""
    site, known = app.config["FORUM"].language, spoken(app)
    wanted = parse_accept_header(accepted, LanguageAccept)
    return wanted.best_match([site, *sorted(known - {site})]) or site


def _choose() -> str:
    wish = chosen() if len(spoken(current_app)) > 1 else ""
    return wish or asked_for()


@lru_cache(maxsize=4)
def _spoken(folder: str) -> frozenset[str]:
    """English, which the source is in, and every language with a catalogue."""
    return frozenset({"en"} | {path.parent.parent.name for path in Path(folder).glob("*/LC_MESSAGES/*.mo")})
