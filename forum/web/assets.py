"""Static files under addresses that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise


def install(app: Flask, folder: Path) -> None:
    """One digest for the whole tree: modules then import each other by relative path."""
    digest = _digest(folder)
    # What a kept page depends on besides its content.
    app.config["BUILD"] = f"{digest}-{_digest(Path(app.root_path) / str(app.template_folder))}"
    stem = f"/static/{digest}"

    def asset(name: str) -> str:
        return f"{stem}/{name}"

    app.jinja_env.globals["asset"] = asset
    files = WhiteNoise(
        app.wsgi_app,
        max_age=0,
        immutable_file_test=lambda path, url: url.startswith(f"{stem}/"),
        add_headers_function=_add_headers,
    )
    files.add_files(str(folder), prefix=stem)
    app.wsgi_app = files  # type: ignore[method-assign]


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    # A picture opened by itself is a page of this site: it runs nothing.
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(path.read_bytes())
    return total.hexdigest()[:12]
