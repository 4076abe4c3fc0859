"""One answer with or without JavaScript: a page, a part of one, or a 303."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request

FRAGMENT_HEADER = "X-Fragment"


def wants_fragment(name: str) -> bool:
    """Whether a script asks for this part only."""
    return request.headers.get(FRAGMENT_HEADER) == name


def see(url: str) -> Response:
    """Go there with GET."""
    return redirect(url, 303)  # type: ignore[return-value]


def private(html: str, status: int = 200) -> Response:
    """A page for one person, kept by nobody else."""
    response = make_response(html, status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def safe_path(target: str | None) -> str | None:
    """A path on this site to go back to, or None: an address elsewhere is never followed."""
    if not target or len(target) > 2000 or any(ord(c) < 33 for c in target) or "\\" in target:
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        if parts.netloc != request.host or parts.scheme not in ("http", "https"):
            return None
        target = parts.path + (f"?{parts.query}" if parts.query else "")
    return target if target.startswith("/") and not target.startswith("//") else None
