"""Pages that are drawn once and filled for each reader.

To draw the frame of a page, its post and its composer by their templates takes longer than all else on a page whose
discussion is kept. What differs between readers is little: it is drawn as a hole, and the holes are filled. The
template stays the only place that says how the page looks. What a page is drawn of besides its holes is its key.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup, escape

from forum.foundation.cache import cache
from forum.web import csrf, security

# Nobody who writes here can know it, so no text has a hole in it.
_MARK = secrets.token_hex(8)
_HOLE = re.compile(f"{_MARK}-([a-z_0-9]+);")
TOKEN, NONCE = "csrf_token", "csp_nonce"


def hole(name: str) -> Markup:
    """Where a page differs, for its template to draw."""
    return Markup(f"{_MARK}-{name};")  # noqa: S704 (letters, figures and a hyphen)


@dataclass(frozen=True)
class Form:
    """A page with holes: literal text and the names of holes take turns."""

    parts: list[str]

    @classmethod
    def of(cls, html: str) -> Form:
        return cls(_HOLE.split(html))

    @property
    def size(self) -> int:
        return 2 * sum(map(len, self.parts))

    def filled(self, filling: Mapping[str, object]) -> str:
        """Escapes what is not HTML already. Raises KeyError for a hole that nothing is there for."""
        parts = self.parts.copy()
        parts[1::2] = [escape(filling[name]) for name in parts[1::2]]
        return "".join(parts)


def page(
    template: str, key: Hashable | None, values: Callable[[], Mapping[str, object]], filling: Mapping[str, object]
) -> str:
    """The page of this template for one reader. Without a key it is drawn anew; `values` are asked for then only."""

    form = (
        form_of(template, values())
        if key is None
        else cache.get_own((template, key), lambda: form_of(template, values()))
    )
    return filled(form, filling)


def form_of(template: str, values: Mapping[str, object]) -> Form:
    """The page of this template with holes."""
    with csrf.hidden_as(hole(TOKEN)), security.nonce_hidden_as(hole(NONCE)):
        return Form.of(render_template(template, **values))


def filled(form: Form, filling: Mapping[str, object]) -> str:
    """The page for this reader, with a token and a nonce that only this answer has."""
    own = {name: make() for name, make in _OWN.items() if name in form.parts}
    return form.filled({**own, **filling})


_OWN: dict[str, Callable[[], str]] = {TOKEN: csrf.token, NONCE: security.csp_nonce}
