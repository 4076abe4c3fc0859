"""Start the whole site with one command, and stop all of it with one key: `python -m forum.serve`.

It looks for what would go wrong before it loads the application. Then it forks the web server and the worker, which
share what is loaded, starts again the one that dies, and ends both when it is told to end. Of the application itself
it runs nothing, which keeps it hard to crash.
"""

import errno
import http.client
import importlib
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from config import ROOT, BadSetting, Config, read
from forum.children import STOPPED_BY, Child, Failed, Forked, stop_all

PREPARE = ["-m", "forum.prepare"]
# What is forked, and what the processes are called.
LOADED, WEB, WORKER = "forum.loaded", "forum.web", "forum.worker"

# A slow disk may need this long for the first start, in seconds; a start that takes longer will not come.
LONGEST_START = 60


class Stopped(SystemExit):
    """Somebody told it to stop. Gevent, which runs here once the site is loaded, would write down any other."""


class CannotStart(Exception):
    """Why the site cannot start; the text is for the person at the terminal."""


def main() -> int:
    """Serve the site that the environment describes. Answers 2 for a bad setting, 1 for another refusal."""
    for number in STOPPED_BY:
        signal.signal(number, _stop)
    try:
        serve(read())
    except BadSetting as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except (CannotStart, Failed) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Stopped:
        _say("Stopped.")
    return 0


def serve(config: Config) -> None:
    """Run the site until an interrupt, and leave nothing running. Raises CannotStart, Stopped."""
    _need_a_writable_folder(config.data_dir)
    _need_a_free_port(config.host, config.port)
    set_up = Child("set-up of the database", PREPARE, subprocess.PIPE)
    children = [set_up]
    try:
        if not _is_up_to_date(config.database_url):
            _say("Bringing the database up to date. The first time takes longest.")
            set_up.result()
        site = importlib.import_module(LOADED)
        web, worker = Forked("web server", WEB, site.web), Forked("worker", WORKER, site.work)
        children = [web, worker, set_up]
        web.start()
        _wait_for_an_answer(config, web)
        _say(f"\n{config.site_name} is at {config.base_url}\n")
        worker.start()
        if config.is_development:
            _show_sign_ins(set_up.result())
        _say("Ctrl-C stops it.")
        while True:
            time.sleep(0.2)
            web.tend()
            worker.tend()
    finally:
        for number in STOPPED_BY:
            signal.signal(number, signal.SIG_IGN)
        stop_all(children)


def _need_a_writable_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written ({error.strerror}). "
            "Choose another: FORUM_DATA=/path/to/folder make run"
        ) from error


def _need_a_free_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise CannotStart(f"Port {port} {why}. Choose another: PORT={port + 1} make run") from error


def _is_up_to_date(database_url: str) -> bool:
    """Whether an SQLite database has the newest migration; about another kind only the set-up can tell."""
    path = database_url.removeprefix("sqlite:///")
    try:
        with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return False
    return {version for (version,) in rows} == _newest()


def _newest() -> set[str]:
    """The migrations that no other follows, read from their files: importing Alembic takes 0.3 s."""
    source = "\n".join(file.read_text() for file in ROOT.glob("migrations/versions/*.py"))
    made, followed = (
        set(re.findall(rf"^{name}\b[^=\n]*= *[\"'](\w+)", source, re.MULTILINE))
        for name in ("revision", "down_revision")
    )
    return made - followed


def _wait_for_an_answer(config: Config, web: Child) -> None:
    deadline = time.monotonic() + LONGEST_START
    while not _answers(config):
        if web.has_ended():
            raise CannotStart("The web server ended while starting; the lines above say why.")
        if time.monotonic() > deadline:
            raise CannotStart(f"The web server did not answer within {LONGEST_START} seconds.")
        time.sleep(0.05)


def _answers(config: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104 (asked, not bound)
    with closing(http.client.HTTPConnection(host, config.port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False


def _show_sign_ins(written: str) -> None:
    accounts: list[list[str]] = json.loads(written)
    if not accounts:
        return
    rows = [["Sign in as", "E-mail", "Password"], *accounts]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        _say(f"  {line.rstrip()}")
    _say("")


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
