"""In which language the service speaks to this reader."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel import Locale
from flask import Flask, current_app, request
from flask_babel import Babel, get_locale

from forum.web.sign_in import viewer


def install(app: Flask) -> None:
    Babel(app, locale_selector=_choose)


def interface_language() -> str:
    """The code of the language this answer is in, such as “cy”."""
    return str(get_locale() or current_app.config["FORUM"].language)


def interface_direction() -> str:
    locale = get_locale()
    return locale.text_direction if isinstance(locale, Locale) else "ltr"


def _choose() -> str:
    site = current_app.config["FORUM"].language
    spoken = _spoken(current_app.config["BABEL_TRANSLATION_DIRECTORIES"])
    if len(spoken) == 1:
        return site
    member = viewer()
    if member is not None and member.language in spoken:
        return member.language
    return request.accept_languages.best_match([site, *sorted(spoken - {site})]) or site


@lru_cache(maxsize=4)
def _spoken(folder: str) -> frozenset[str]:
    """English, which the source is in, and every language with a catalogue."""
    return frozenset({"en"} | {path.parent.parent.name for path in Path(folder).glob("*/LC_MESSAGES/*.mo")})
