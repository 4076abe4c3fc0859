"""Invented blogs, written to a folder as an importer finds them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from tests.apart import apart


def post(slug: str = "a-bench", **fields: Any) -> dict[str, Any]:
    row = {
        "slug": slug,
        "path": f"_posts/{slug}.md",
        "title": "A bench for the square",
        "date": "2019-04-02",
        "front_matter": "title: A bench for the square",
        "markdown": "Where should it stand?",
    }
    return row | fields


def comment(number: int | str, parent: int | str | None = None, **fields: Any) -> dict[str, Any]:
    """Comment 7 was written on the 7th of May at noon."""
    day = number if isinstance(number, int) and number < 31 else 1
    row = {
        "id": str(number),
        "post": "a-bench",
        "parent": None if parent is None else str(parent),
        "author": f"Writer {number}",
        "author_key": None,
        "date": f"2019-05-{day:02}T12:00:00Z",
        "format": "markdown",
        "text": f"Words of comment {number}.",
    }
    return row | fields


def blog(folder: Path, posts: Iterable[object] = (), comments: Iterable[object] = ()) -> Path:
    """A folder with both files; a row that is text or bytes is a line as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "posts.jsonl").write_bytes(b"".join(map(_line, posts)))
    (folder / "comments.jsonl").write_bytes(b"".join(map(_line, comments)))
    return folder


def _line(row: object) -> bytes:
    if isinstance(row, bytes):
        return row + b"\n"
    return (row if isinstance(row, str) else json.dumps(row)).encode() + b"\n"


def run(app: Flask, folder: Path, *options: str) -> Result:
    """`flask archive import jsonl FOLDER`, as in a shell of its own."""
    return apart(app.test_cli_runner().invoke, None, ["archive", "import", "jsonl", str(folder), *options])


def rejected(app: Flask, source: str = "blog") -> list[dict[str, Any]]:
    """What the file of rejects says; nothing when there is none."""
    place = app.config["FORUM"].data_dir / "import-rejects" / f"{source}.jsonl"
    return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []
