"""Forms with a picture in them: which routes take them, how large they may be, and the file they bring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request

from forum.web.sign_in import viewer

View = TypeVar("View", bound=Callable[..., Any])

# Four times the largest picture we take: who sends a larger one, from a camera say, is told so beside the words they
# typed. Beyond it nothing is read, and the answer is a page; the browser still has the words.
LARGEST_FORM: Final = 32 * 1024 * 1024


def takes_pictures(view: View) -> View:
    """For forms of members that may bring a picture; other forms stay as small as words are."""
    view.__takes_pictures__ = True  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    """Called before whatever looks into forms: a form is read once, up to the limit of that moment."""
    app.before_request(_let_pictures_in)


def _let_pictures_in() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method == "POST" and getattr(view, "__takes_pictures__", False) and viewer() is not None:
        request.max_content_length = LARGEST_FORM


def sent_file(field: str, most: int) -> bytes | None:
    """The file that was chosen in this field, or None; one byte more than `most` tells that there is more."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    return file.stream.read(most + 1)
