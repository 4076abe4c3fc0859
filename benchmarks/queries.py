"""How many statements each page sends to the database, counted in an application of its own.

`python -m benchmarks.queries COOKIE PATH …` writes JSON to standard output: for each path the number when nothing
is kept and when the thread is, and null for a page that is not there. A path that begins with “member:” is asked for
with the cookie. The address of a comment counts what it leads to as well.
"""

from __future__ import annotations

import json
import sys

from sqlalchemy import event
from sqlalchemy.engine import Engine

import config
from forum.app import create_app

AS_MEMBER = "member:"


def main() -> None:
    """Count for the site that the environment names."""
    cookie, *paths = sys.argv[1:]
    sent: list[str] = []
    event.listen(
        Engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_rest: sent.append(statement)
    )
    app = create_app(config.read())

    def count(path: str) -> int | None:
        sent.clear()
        headers = {"Cookie": cookie} if path.startswith(AS_MEMBER) else {}
        client = app.test_client(use_cookies=False)
        answer = client.get(path.removeprefix(AS_MEMBER), headers=headers, follow_redirects=True)
        return len(sent) if answer.status_code == 200 else None

    print(json.dumps({path: [count(path), count(path)] for path in paths}))


if __name__ == "__main__":
    main()
