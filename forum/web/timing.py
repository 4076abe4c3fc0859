"""How long an answer took and how much of that the database, for a browser's developer tools. In development only."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, g, has_request_context
from sqlalchemy import event

from forum.foundation.db import db


def install(app: Flask) -> None:
    if not app.config["FORUM"].is_development:
        return
    app.before_request(_begin)
    app.after_request(_tell)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _statement_begins)
        event.listen(db.engine, "after_cursor_execute", _statement_ends)


def _begin() -> None:
    g.began, g.in_database, g.statements = time.perf_counter(), 0.0, 0


def _tell(response: Response) -> Response:
    if "began" in g:
        whole, database = (time.perf_counter() - g.began) * 1000, g.in_database * 1000
        response.headers["Server-Timing"] = (
            f'page;dur={whole:.1f}, database;dur={database:.1f};desc="{g.statements} statements"'
        )
    return response


def _statement_begins(connection: Any, *_rest: Any) -> None:
    connection.info["began"] = time.perf_counter()


def _statement_ends(connection: Any, *_rest: Any) -> None:
    if has_request_context() and "began" in g:
        g.in_database += time.perf_counter() - connection.info["began"]
        g.statements += 1
