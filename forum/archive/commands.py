"""`flask archive …`: discussions from elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from forum.archive import jsonl, linking, rejects
from forum.archive.linking import Discussion
from forum.archive.load import load
from forum.archive.records import Archive
from forum.archive.tally import Tally
from forum.foundation import transaction
from forum.moderation import figures

archive = AppGroup("archive", help="Bring discussions in from elsewhere.")


@archive.group("import")
def importing() -> None:
    """Import what another system exported. Importing it again adds only what is new."""


@importing.command("jsonl")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do all of it and take it back.")
def import_jsonl(folder: Path, dry_run: bool) -> None:
    """Import FOLDER/posts.jsonl and FOLDER/comments.jsonl; docs/importing.md describes them."""
    try:
        found = jsonl.read(folder)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from error
    run(found, transaction.roll_back if dry_run else transaction.commit)
    if dry_run:
        click.echo("This was a dry run: nothing was kept.")


def run(found: Archive, settle: Callable[[], None]) -> None:
    """Load an archive, `settle` after each discussion, and tell what was done. Raises ClickException for nothing."""
    # As a request: reasons are told in the site's language, as readers would hear them.
    with current_app.test_request_context(base_url=current_app.config["FORUM"].base_url):
        tally = _load_all(found, settle)
        # Comments of the past may be among them.
        figures.forget_kept()
        settle()
        place = rejects.keep(current_app.config["FORUM"].data_dir, found.source, tally.rejects)
    _tell(tally)
    if place is not None:
        click.echo(f"Rejected lines, each with the reason: {place}")
    if tally.new + tally.known == 0:
        raise click.ClickException(f"Nothing was imported: {found.source} holds no post that could be used.")
    click.echo(f"{found.source}: {tally.new} new, {tally.known} known, {len(tally.rejects)} rejected.")


def _load_all(found: Archive, settle: Callable[[], None]) -> Tally:
    discussions, unlinked = linking.link(found)
    tally = Tally(rejects=[*found.rejects, *unlinked])
    with click.progressbar(length=sum(map(_size, discussions)), label=found.source, file=sys.stderr) as bar:
        for discussion in discussions:
            load(found.source, discussion, tally)
            settle()
            bar.update(_size(discussion))
    return tally


def _size(discussion: Discussion) -> int:
    return 1 + len(discussion.comments)


def _tell(tally: Tally) -> None:
    posts, comments = _rejected(tally, jsonl.POSTS), _rejected(tally, jsonl.COMMENTS)
    rows = [
        ("", "new", "known", "rejected"),
        ("Posts", tally.new_posts, tally.known_posts, posts),
        ("Comments", tally.new_comments, tally.known_comments, comments),
        ("  replies under their parents", tally.new_replies, tally.known_replies, ""),
        ("People", len(tally.new_people), len(tally.known_people), ""),
    ]
    for name, *numbers in rows:
        click.echo(f"{name:<30}" + "".join(f"{number:>10}" for number in numbers))


def _rejected(tally: Tally, file: str) -> int:
    return sum(reject.spot.file == file for reject in tally.rejects)
