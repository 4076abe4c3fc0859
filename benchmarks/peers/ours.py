"""Have Your Say itself, on the same terms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.databases import Database, PostgresAndRedis, Redis, Sqlite
from benchmarks.discussions import HUNDRED, WRITTEN_TO
from benchmarks.driver import PACKED, Request, forms
from benchmarks.peers.peer import Place, Running
from benchmarks.site import Site

NAME = "Have Your Say"


@dataclass
class Ours(Running):
    """With what only we can be asked: the page when nothing is kept."""

    site: Site | None = None


@contextmanager
def running(place: Place) -> Iterator[Ours]:
    with _running(place, Sqlite(place.folder / "site"), "SQLite, durable") as running_here:
        yield running_here


@contextmanager
def running_on_postgres(place: Place) -> Iterator[Ours]:
    """Raises Missing."""
    redis = Redis(place.folder / "redis")
    try:
        database = PostgresAndRedis(place.postgres, redis, "ours")
        with _running(place, database, "PostgreSQL, durable; Redis") as running_here:
            yield running_here
    finally:
        redis.stop()


@contextmanager
def _running(place: Place, database: Database, kept: str) -> Iterator[Ours]:
    site = Site(place.folder / "site", database)
    site.fill("peers")
    thread = f"/posts/{HUNDRED}"
    with site.running(thread) as seconds:
        site.come_to_rest()
        yield Ours(
            f"{NAME}, {database.name}",
            site.served,
            f"gunicorn, 2 gevent workers; {kept}",
            thread=Request(thread, PACKED),
            member=Request(thread, PACKED | {"Cookie": site.cookies[0]}),
            writers=[_writer(site, number) for number in range(len(site.cookies))],
            start_seconds=seconds,
            site=site,
        )


def _writer(site: Site, number: int):
    [form] = forms(site.served, WRITTEN_TO, site.cookies[number], [""], f"bench-{number}")
    sent = iter(range(10**6))

    def post(text: str) -> Request:
        changed = {"body": text, "token": f"bench-{number}-{next(sent)}"}
        return Request(form.path, form.headers, (form.form or {}) | changed, form.status)

    return post
