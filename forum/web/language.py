"""In which language the service speaks to this reader."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel import Locale
from flask import Flask, current_app, request
from flask_babel import Babel, get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from forum.web.sign_in import viewer


def install(app: Flask) -> None:
    Babel(app, locale_selector=_choose)


def interface_language() -> str:
    """The code of the language this answer is in, such as “cy”."""
    return str(get_locale() or current_app.config["FORUM"].language)


def interface_direction() -> str:
    locale = get_locale()
    return locale.text_direction if isinstance(locale, Locale) else "ltr"


def for_guest(app: Flask, accepted: str) -> str:
    """The language for somebody whose browser sends this Accept-Language header."""
    site, spoken = app.config["FORUM"].language, _spoken(app.config["BABEL_TRANSLATION_DIRECTORIES"])
    wanted = parse_accept_header(accepted, LanguageAccept)
    return wanted.best_match([site, *sorted(spoken - {site})]) or site


def _choose() -> str:
    spoken = _spoken(current_app.config["BABEL_TRANSLATION_DIRECTORIES"])
    member = viewer() if len(spoken) > 1 else None
    if member is not None and member.language in spoken:
        return member.language
    return for_guest(current_app, request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=4)
def _spoken(folder: str) -> frozenset[str]:
    """English, which the source is in, and every language with a catalogue."""
    return frozenset({"en"} | {path.parent.parent.name for path in Path(folder).glob("*/LC_MESSAGES/*.mo")})
