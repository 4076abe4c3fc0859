"""`flask search …`: the index made anew, and compared with the database."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from forum.search import rebuild
from forum.search.engine import NotReady

search = AppGroup("search", help="The search index.")

# Enough to see what is wrong.
MOST_SHOWN = 20


@search.command("rebuild")
def rebuild_index() -> None:
    """Build the index anew from the database. Readers use the old one until the new one is whole."""
    with click.progressbar(length=1, label="Indexing", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        count = rebuild.run(show)
    click.echo(f"The index holds {count} posts, comments and people.")


@search.command("check")
def check_index() -> None:
    """Compare index and database; exit code 1 when they differ."""
    try:
        found = rebuild.check()
    except NotReady as error:
        sys.exit(f"There is nothing to compare: {error}. Run: flask search rebuild")
    for words, keys in (("missing", found.missing), ("outdated", found.outdated), ("surplus", found.surplus)):
        if keys:
            more = f" and {len(keys) - MOST_SHOWN} more" if len(keys) > MOST_SHOWN else ""
            click.echo(f"{words}: {', '.join(keys[:MOST_SHOWN])}{more}")
    click.echo(f"{found.waiting} changes wait to be written.")
    if found:
        sys.exit("The index differs from the database. Run: flask search rebuild")
    click.echo("The index agrees with the database.")
