"""A small cache in front of Flask: guests' whole pages, packed for the way, until something that guests see changes.

A page is made from its key and from nothing else: the path, the parameters that its view reads, the language. What
else a browser sends is taken away before Flask makes the page, so nobody can put a word into a page that others get.
"""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_etags

from forum.foundation import clock
from forum.foundation.cache import Cache
from forum.foundation.changes import Watch
from forum.foundation.db import engine_options
from forum.web import compression, language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

# About seven hundred pages of 20 KB.
MOST_BYTES = 16 * 1024 * 1024
# Seconds. What changes by the clock alone may be late by this: the end of a discussion, “3 min ago”.
LONGEST_AGE = 60
# Longer ones are no address that we make.
LONGEST_PATH = LONGEST_QUERY = 400
# Of a header that chooses among a few forms, more need not be read.
LONGEST_CHOICE, LONGEST_TAGS = 200, 2_000
# Put on links by those who send people here; no page reads them.
FOREIGN = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id")

# Whoever sends one of these is answered by Flask, or a cookie, but for one that only chooses the language: of a value
# in quotes or with spaces Flask says what it means.
OWN = ("HTTP_AUTHORIZATION", "HTTP_X_FRAGMENT")
ONLY_LANGUAGE = re.compile(rf'{language.COOKIE}=[^;"\s]*')
# What a kept page may differ by: all of it is in the key, or is answered by Flask.
VARIES = {"accept-encoding", "accept-language", "authorization", "cookie", "x-fragment"}
# All that a page is made from besides its key, and none of it is shown.
TAKEN = (
    "PATH_INFO", "SCRIPT_NAME", "REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.errors",
    "wsgi.multiprocess", "wsgi.multithread", "wsgi.run_once", "wsgi.version",
)  # fmt: skip
# A 304 brings no bytes, so it says nothing about them.
OF_BYTES = {"content-encoding", "content-length", "content-type"}


def kept_for_guests(*parameters: str) -> Callable[[View], View]:
    """For a page that is the same for all guests and reads these parameters of the query, and no other.

    A request with another parameter, another cookie than that of the language or a header of OWN is answered by Flask.
    """

    def mark(view: View) -> View:
        view.__kept__ = frozenset(parameters)  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Put the cache before the application."""
    app.extensions["front"] = front = Front(app, app.wsgi_app)
    app.wsgi_app = front  # type: ignore[method-assign]


@dataclass(frozen=True)
class Key:
    """What a page is made from, and while what is true it may be shown."""

    mount: str
    path: str
    query: str
    language: str
    encoding: str
    number: int
    minute: int


@dataclass(frozen=True)
class Page:
    """One form of a page, ready to be sent."""

    headers: list[tuple[str, str]]
    tag: str
    encoding: str
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + 2_000  # the headers and the key

    def is_known_by(self, tags: str) -> bool:
        """Whether an If-None-Match header names this form (RFC 9110, 13.1.2: by weak comparison)."""
        return tags == self.tag or parse_etags(tags[:LONGEST_TAGS]).contains_weak(self.tag.strip('"'))


class NotKept(Exception):
    """An answer that is for this request alone."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers
        self.body = body


class Front:
    """The cache, as a WSGI application around another."""

    def __init__(self, app: Flask, behind: WSGIApplication) -> None:
        site, database = app.config["FORUM"], app.config["SQLALCHEMY_DATABASE_URI"]
        self._app = app
        self._behind = behind
        self._watch = Watch(database, engine_options(database))
        self._pages: Cache[Page] = Cache(lambda page: page.size, MOST_BYTES)
        self._number: int | None = None
        self._is_timed = site.is_development
        scheme, _, host = site.base_url.partition("://")
        self._address = {"wsgi.url_scheme": scheme, "HTTP_HOST": host.partition("/")[0]}
        self._parameters = lru_cache(maxsize=1024)(self._parameters_of)
        self._asked = lru_cache(maxsize=256)(lambda header: language.for_guest(app, header))
        self._chosen = {f"{language.COOKIE}={code}": code for code in language.spoken(app)}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        key = self._key(environ)
        if key is None:
            if tags := environ.get("HTTP_IF_NONE_MATCH"):
                environ["HTTP_IF_NONE_MATCH"] = compression.plain_tags(tags)
            return self._behind(environ, start_response)
        try:
            page = self._pages.get(key, lambda: self._make(key, environ))
        except NotKept as answer:
            start_response(answer.status, list(answer.headers))
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]
        timing = [("Server-Timing", f"front;dur={(time.perf_counter() - began) * 1000:.1f}")] if self._is_timed else []
        if page.is_known_by(environ.get("HTTP_IF_NONE_MATCH", "")):
            kept = [(name, value) for name, value in page.headers if name.lower() not in OF_BYTES]
            start_response("304 Not Modified", kept + timing)
            return []
        start_response("200 OK", page.headers + timing)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]

    def forget(self) -> None:
        """Begin anew, as after a start."""
        self._pages.clear()
        self._watch.forget()

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """What this request asks for, or None when it is not for us."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or any(name in environ for name in OWN):
            return None
        spoken = self._language(environ)
        if spoken is None:
            return None
        path = environ.get("PATH_INFO", "")
        known = self._parameters(path) if len(path) <= LONGEST_PATH else None
        query = _canonical(environ.get("QUERY_STRING", ""), known) if known is not None else None
        number = self._watch.number() if query is not None else None
        if query is None or number is None:
            return None
        if number != self._number:
            # Nothing of before will be asked for again.
            self._pages.clear()
            self._number = number
        return Key(
            environ.get("SCRIPT_NAME", ""),
            path,
            query,
            spoken,
            compression.chosen(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST_CHOICE]),
            number,
            # Not all pages grow old in the same second.
            int(clock.now().timestamp() + hash(path) % LONGEST_AGE) // LONGEST_AGE,
        )

    def _language(self, environ: WSGIEnvironment) -> str | None:
        """In what this guest reads: what their only cookie says, else their browser; None with another cookie."""
        cookie = environ.get("HTTP_COOKIE")
        if cookie is not None:
            if cookie in self._chosen:
                return self._chosen[cookie]
            if not ONLY_LANGUAGE.fullmatch(cookie):
                return None
        return self._asked(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST_CHOICE])

    def _parameters_of(self, path: str) -> frozenset[str] | None:
        """The parameters that the page at this path reads; None where no kept page is."""
        try:
            address = path.encode("latin-1").decode()
            rule, _values = self._app.url_map.bind("").match(address, "GET", return_rule=True)
        except (HTTPException, UnicodeError):
            return None
        return getattr(self._app.view_functions[rule.endpoint], "__kept__", None)

    def _make(self, key: Key, environ: WSGIEnvironment) -> Page:
        """Raises NotKept."""
        for encoding in (compression.PLAIN, *compression.ENCODINGS):
            other = self._pages.peek(replace(key, encoding=encoding))
            if other is not None:
                return _page(other.headers, compression.unpacked(other.body, other.encoding), key.encoding)
        status, headers, body = self._ask(_clean(environ, key) | self._address)
        if not _may_be_kept(status, headers):
            raise NotKept(status, headers, body)
        return _page(headers, body, key.encoding)

    def _ask(self, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
        said: list[tuple[str, Headers]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
            said.append((status, Headers(headers)))
            return lambda _part: None

        parts = self._behind(environ, start)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        status, headers = said[-1]
        return status, headers, body


def _canonical(query: str, known: frozenset[str]) -> str | None:
    """The query as the page reads it, in one spelling; None when there is something in it that it does not know."""
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    pairs = sorted(pair for pair in pairs if not FOREIGN.fullmatch(pair[0]))
    names = [name for name, _value in pairs]
    if len(set(names)) < len(names) or not known.issuperset(names):
        return None
    return urlencode(pairs)


def _clean(environ: Mapping[str, Any], key: Key) -> WSGIEnvironment:
    """The same request as anybody would send it."""
    return {name: environ[name] for name in TAKEN if name in environ} | {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": key.query,
        "HTTP_ACCEPT_LANGUAGE": key.language,
        "wsgi.input": io.BytesIO(),
    }


def _may_be_kept(status: str, headers: Headers) -> bool:
    control = headers.get("Cache-Control", "").lower()
    varies = {name.strip().lower() for name in ",".join(headers.getlist("Vary")).split(",")} - {""}
    return (
        status.startswith("200 ")
        and "Set-Cookie" not in headers
        and "private" not in control
        and "no-store" not in control
        and varies <= VARIES
        # A word that lets one style in must not be known before the page is made.
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
        and headers.get("Content-Type", "").partition(";")[0] in compression.PACKED
        and "Content-Encoding" not in headers
    )


def _page(made_with: Headers | list[tuple[str, str]], body: bytes, encoding: str) -> Page:
    if len(body) < compression.SHORTEST:
        encoding = compression.PLAIN
    headers, packed = Headers(made_with), compression.packed(body, encoding, compression.MANY_TIMES)
    # Of the bytes themselves: the same page has the same tag in every process, and after a restart.
    tag = compression.tag_of(f'"{hashlib.sha256(body).hexdigest()[:20]}"', encoding)
    headers.setdefault("Cache-Control", "no-cache")
    headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    headers["ETag"] = tag
    headers["Content-Length"] = str(len(packed))
    headers.pop("Server-Timing", None)
    headers.pop("Content-Encoding", None)
    if encoding:
        headers["Content-Encoding"] = encoding
    return Page(headers.to_wsgi_list(), tag, encoding, packed)
