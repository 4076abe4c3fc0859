"""Somebody with a post open in a browser, as far as its stream goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from forum.posts.models import Post
from tests.apart import apart


@dataclass
class Told:
    """One event of a stream, as a browser reads it."""

    name: str = "message"
    id: str = ""
    data: str = ""
    retry: str = ""

    @property
    def news(self) -> dict[str, Any]:
        return json.loads(self.data)


@dataclass
class Ear:
    """A stream that is open until `close`."""

    app: Flask
    response: TestResponse
    told: list[Told] = field(default_factory=list)
    _pieces: Iterator[bytes] = field(init=False)

    @classmethod
    def at(cls, app: Flask, post: Post, after: int | str = 0, **headers: Any) -> Ear:
        query = f"?after={after}" + "".join(f"&{name}={headers.pop(name)}" for name in ("version",) if name in headers)
        environ = {"REMOTE_ADDR": headers.pop("address", "127.0.0.1")}
        response = apart(
            app.test_client().get, f"/posts/{post.slug}/live{query}", headers=headers, environ_overrides=environ
        )
        ear = cls(app, response)
        ear._pieces = iter(response.response)
        return ear

    @property
    def status(self) -> int:
        return self.response.status_code

    def read(self) -> list[Told]:
        """The next piece; the first comes at once."""
        return _read(next(self._pieces))

    def hear(self) -> dict[str, Any]:
        """The next thing that is told; waits for it."""
        while not self.told:
            self.told += self.read()
        return self.told.pop(0).news

    def rest(self) -> list[Told]:
        """All until the stream ends."""
        return [*self.told, *(one for piece in self._pieces for one in _read(piece))]

    def close(self) -> None:
        self.response.close()


def _read(piece: bytes) -> list[Told]:
    told = []
    for block in piece.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            told.append(Told(fields.pop("event", "message"), **fields))
    return told
