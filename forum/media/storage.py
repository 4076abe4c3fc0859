"""Where the files of pictures are kept: in a folder of this machine, or in storage that speaks S3.

One interface for both. A name is made by us and checked by us, so none leads out of its place.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from flask import current_app

from forum.media.names import Missing, checked
from forum.media.s3 import Bucket


class Storage(Protocol):
    """Files by their names. What is put under a name never changes."""

    def put(self, name: str, content: bytes, kind: str) -> None:
        """Keep a file, all of it or nothing. `kind` is its media type. Raises OSError."""

    def get(self, name: str) -> bytes:
        """All of a file. Raises Missing, OSError."""

    def delete(self, name: str) -> None:
        """Be without this file, also when it is not there. Raises OSError."""

    def exists(self, name: str) -> bool:
        """Raises OSError where nobody can tell."""

    def all(self) -> Iterator[tuple[str, datetime]]:
        """Every file's name and when it was put. Raises OSError."""


class Folder:
    """Files below a folder, spread by the first two signs of their names."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes, kind: str) -> None:
        path, half = self._path(name), self._path(f"half-{secrets.token_hex(8)}.part")
        for folder in (path.parent, half.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        # The name is lasting only when its folder is.
        place = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise Missing(name) from error

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        try:
            return self._path(name).is_file()
        except Missing:
            return False

    def all(self) -> Iterator[tuple[str, datetime]]:
        """Halves that a power cut left are among them, under names that no picture has."""
        for path in self._root.glob("*/*"):
            yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        return self._root / checked(name)[:2] / name


def site_storage() -> Storage:
    """The storage that this site's settings name."""
    settings = current_app.config["FORUM"]
    return Bucket(settings.media_bucket) if settings.media_bucket else Folder(settings.media_dir)
