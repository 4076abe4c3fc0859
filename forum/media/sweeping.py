"""Deleting pictures that nothing shows, and files that no row knows of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, select

from forum.foundation import clock
from forum.foundation.db import db
from forum.media import names
from forum.media.models import Upload, UploadUse
from forum.media.storage import Storage, site_storage

# Long enough to finish a text, to change one's mind about an edit, and for every transaction to end.
UNUSED_FOR = timedelta(hours=24)
# Rows or files looked at in one go.
BATCH = 500

Item = TypeVar("Item")


def delete_unused(is_kept: Callable[[Sequence[str]], set[str]]) -> int:
    """Delete what has long been without a place, but for the names that `is_kept` answers; how many went."""
    storage, count, last = site_storage(), 0, 0
    while rows := _unused(last):
        kept = is_kept([name for _number, name in rows])
        count += _delete([number for number, name in rows if name not in kept], storage)
        last = rows[-1][0]
    return count


def delete_strays() -> int:
    """Delete files without a row, left by a process that ended between storing and committing; how many went."""
    storage, count = site_storage(), 0
    old = (name for name, when in storage.all() if when < clock.now() - UNUSED_FOR)
    for batch in _batches(old):
        wanted = {names.whole(name) for name in batch}
        known = set(db.session.scalars(select(Upload.name).where(Upload.name.in_(wanted))))
        for name in batch:
            if names.whole(name) not in known:
                storage.delete(name)
                count += 1
    return count


def _unused(after: int) -> list[tuple[int, str]]:
    found = select(Upload.id, Upload.name).where(Upload.unused_since < clock.now() - UNUSED_FOR, Upload.id > after)
    return [(number, name) for number, name in db.session.execute(found.order_by(Upload.id).limit(BATCH))]


def _delete(numbers: Sequence[int], storage: Storage) -> int:
    """Rows first: whoever wants to show one at this moment waits for them, and finds them gone."""
    used = select(UploadUse.upload_id).where(UploadUse.upload_id == Upload.id)
    gone = db.session.scalars(
        delete(Upload)
        .where(Upload.id.in_(numbers), Upload.unused_since.is_not(None), ~used.exists())
        .returning(Upload.name)
        .execution_options(synchronize_session=False)
    ).all()
    for name in gone:
        storage.delete(name)
        storage.delete(names.small(name))
    return len(gone)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield batch
