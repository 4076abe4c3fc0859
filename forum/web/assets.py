"""Static files under addresses that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import MissingFileError

from forum.web import bundling, compression

# The two files that stand for many; their folders are served through them alone.
STYLES, MODULES = "css/site.css", "js/site.js"
PACKED = {"css", "js", "svg"}
MAKING_PAGES = {".py", ".html", ".atom", ".mo"}
# Pages that were opened before an update ask for the files they know.
KEPT_DAYS = 30


def install(app: Flask, folder: Path) -> None:
    """Write what is served into the data folder, unless it is there already, and serve it from there."""
    made = app.config["FORUM"].data_dir / "static"
    addresses = {name: _write(made, name, content) for name, content in _files(folder)}
    _forget_old(made)
    # What a kept page depends on besides its content.
    app.config["BUILD"] = _build(addresses.values(), Path(app.root_path), Path(str(app.template_folder)))

    def asset(name: str) -> str:
        return addresses[name]

    app.jinja_env.globals["asset"] = asset
    files = WhiteNoise(
        app.wsgi_app,
        max_age=0,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_add_headers,
    )
    for path in sorted(made.rglob("*.*")):
        # Another process may be forgetting it at this moment.
        with suppress(FileNotFoundError, MissingFileError):
            files.add_file_to_dictionary(f"/static/{path.relative_to(made).as_posix()}", str(path))
    app.wsgi_app = files  # type: ignore[method-assign]


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield STYLES, bundling.styles(folder / STYLES).encode()
    yield MODULES, bundling.modules(folder / MODULES).encode()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] not in ("css", "js") and not name.name.startswith("."):
            yield name.as_posix(), path.read_bytes()


def _write(made: Path, name: str, content: bytes) -> str:
    """The address of a file with this content, which is there from now on, packed too."""
    stem, _, kind = name.rpartition(".")
    named = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
    place = made / named
    if place.exists():
        os.utime(place)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        if kind in PACKED:
            for end, encoding in ((".br", compression.BROTLI), (".gz", compression.GZIP)):
                _put(Path(f"{place}{end}"), compression.packed(content, encoding, compression.FOR_EVER), made.parent)
        # Last: where it is, the others are.
        _put(place, content, made.parent)
    return f"/static/{named}"


def _put(place: Path, content: bytes, desk: Path) -> None:
    """Write a whole file at once: another process may be doing the same, or reading it."""
    with tempfile.NamedTemporaryFile(dir=desk, prefix=".static-", delete=False) as file:
        file.write(content)
    Path(file.name).replace(place)


def _forget_old(made: Path) -> None:
    """Remove what no start has used for a month."""
    oldest = time.time() - KEPT_DAYS * 24 * 60 * 60
    old = []
    for path in made.rglob("*.*"):
        # Only the file itself is touched by each start; a packed form without it was left by one that was cut off.
        whole = path.with_suffix("") if path.suffix in (".br", ".gz") else path
        with suppress(FileNotFoundError):
            if (whole if whole.exists() else path).stat().st_mtime < oldest:
                old.append(path)
    for path in old:
        path.unlink(missing_ok=True)


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    # A picture opened by itself is a page of this site: it runs nothing.
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"


def _build(addresses: Iterable[str], *folders: Path) -> str:
    """A word for this version: another one whenever a file changed that pages are made of."""
    total = hashlib.sha256("\n".join(sorted(addresses)).encode())
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*.*") if path.suffix in MAKING_PAGES):
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update(path.read_bytes())
    return total.hexdigest()[:16]
