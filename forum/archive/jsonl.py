"""A folder with posts.jsonl and comments.jsonl, read strictly: each line becomes a record or a reject."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from forum.archive import dates, from_html, front_matter
from forum.archive.records import Archive, CommentRecord, PostRecord, Reject, Spot

POSTS, COMMENTS = "posts.jsonl", "comments.jsonl"
MARKDOWN, HTML = "markdown", "html"

# PostgreSQL stores no NUL, and no database half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


Record = TypeVar("Record")


class _Unusable(ValueError):
    """A line that cannot be used; the text is the reason."""


def read(folder: Path) -> Archive:
    """All of it, in memory. The folder's name is the source's. Raises OSError; comments.jsonl may be absent."""
    archive = Archive(folder.resolve().name)
    archive.posts.extend(_records(folder / POSTS, _post, archive.rejects))
    if (folder / COMMENTS).exists():
        archive.comments.extend(_records(folder / COMMENTS, _comment, archive.rejects))
    return archive


def _records(path: Path, make: Callable[[_Line], Record], rejects: list[Reject]) -> Iterator[Record]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            spot = Spot(path.name, number, raw.decode("utf-8", "replace").strip("\ufeff\r\n"))
            try:
                yield make(_Line(spot, _fields(raw)))
            except _Unusable as reason:
                rejects.append(Reject(spot, str(reason)))


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _Unusable("This line is not UTF-8 text.") from error
    except (ValueError, RecursionError) as error:
        raise _Unusable("This line is not JSON.") from error
    if not isinstance(found, dict):
        raise _Unusable("This line is not a JSON object.")
    return found


class _Line:
    """The fields of one line, each asked for by the type it must have."""

    def __init__(self, spot: Spot, fields: dict[str, Any]) -> None:
        self.spot = spot
        self._fields = fields

    def text(self, name: str) -> str:
        """Text that must be there and not empty."""
        found = self.text_if_any(name)
        if not found.strip():
            raise _Unusable(f"“{name}” is missing or empty.")
        return found

    def text_if_any(self, name: str) -> str:
        value = self._fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _Unusable(f"“{name}” is not text.")
        return _UNSTORABLE.sub("\ufffd", value)

    def id(self, name: str) -> str:
        found = self.id_if_any(name)
        if found is None:
            raise _Unusable(f"“{name}” is missing or empty.")
        return found

    def id_if_any(self, name: str) -> str | None:
        """An id is text or a whole number."""
        value = self._fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text_if_any(name).strip() or None

    def date(self, name: str) -> datetime:
        try:
            return dates.read(self.text(name))
        except _Unusable:
            raise
        except ValueError as reason:
            raise _Unusable(str(reason)) from reason


def _post(line: _Line) -> PostRecord:
    slug = line.text("slug").strip()
    matter = front_matter.read(line.text_if_any("front_matter"))
    return PostRecord(
        spot=line.spot,
        slug=slug,
        title=" ".join(line.text_if_any("title").split()) or front_matter.text(matter, "title") or _spoken(slug),
        body=_clean(line.text("markdown")),
        published_at=_post_date(line, matter),
        standfirst=_one_line(front_matter.text(matter, "excerpt", "description")),
        lang=front_matter.text(matter, "lang", "language"),
        tags=front_matter.words(matter, "tags"),
        authors=front_matter.names(matter),
    )


def _post_date(line: _Line, matter: dict[str, Any]) -> datetime | None:
    if line.text_if_any("date").strip():
        return line.date("date")
    for name in ("date", "last_modified_at", "modified"):
        try:
            return dates.read(front_matter.text(matter, name))
        except ValueError:
            continue
    return None


def _comment(line: _Line) -> CommentRecord:
    return CommentRecord(
        spot=line.spot,
        id=line.id("id"),
        post=line.text("post").strip(),
        parent=line.id_if_any("parent"),
        author=" ".join(line.text_if_any("author").split()),
        author_key=line.id_if_any("author_key"),
        written_at=line.date("date"),
        body=_body(line),
    )


def _body(line: _Line) -> str:
    source, form = line.text("text"), line.text_if_any("format") or MARKDOWN
    if form not in (MARKDOWN, HTML):
        raise _Unusable(f"“format” is {form[:20]!r}; it must be “markdown” or “html”.")
    body = _clean(from_html.markdown(source) if form == HTML else source)
    if not body:
        raise _Unusable("“text” holds no words.")
    return body


def _clean(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n").strip()


def _one_line(written: str) -> str:
    """An excerpt may hold tags."""
    return from_html.words(written) if "<" in written or "&" in written else written


def _spoken(slug: str) -> str:
    """A title for a post that has none."""
    words = " ".join(re.split(r"[-_\s]+", slug)).strip()
    return words[:1].upper() + words[1:]
