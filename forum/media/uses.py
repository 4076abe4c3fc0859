"""Which places show which pictures.

A picture is seen while something public of its sender's shows it. Others may show it too, as in a quotation, but that
keeps it from nobody: when a moderator removes the comment it came with, it is gone from everywhere.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update

from forum.foundation import clock
from forum.foundation.db import db
from forum.media.models import Upload, UploadUse


def record(kind: str, ref_id: int, names: Collection[str], owners: Collection[int | None]) -> None:
    """A place shows these pictures from now on, and no others; those of other people than `owners` do not count.

    One query where nothing changes, four at most. The caller sees to it that a place is changed by one at a time.
    """
    there = {name: number for number, name in db.session.execute(_shown_in(kind, ref_id))}
    added = set(names) - there.keys()
    dropped = [number for name, number in there.items() if name not in names]
    if added:
        _add(kind, ref_id, added, owners)
    if dropped:
        _drop(kind, ref_id, dropped)


def _shown_in(kind: str, ref_id: int):
    uses = select(Upload.id, Upload.name).join(UploadUse, UploadUse.upload_id == Upload.id)
    return uses.where(UploadUse.kind == kind, UploadUse.ref_id == ref_id)


def _add(kind: str, ref_id: int, names: Collection[str], owners: Collection[int | None]) -> None:
    # Taking the rows first waits for a sweep that is just deleting them, and leaves out what it took.
    taken = (
        update(Upload)
        .where(Upload.name.in_(names), Upload.user_id.in_(owners))
        .values(unused_since=None)
        .returning(Upload.id)
        .execution_options(synchronize_session=False)
    )
    for number in db.session.scalars(taken).all():
        db.session.add(UploadUse(upload_id=number, kind=kind, ref_id=ref_id))


def _drop(kind: str, ref_id: int, numbers: Collection[int]) -> None:
    of_this_place = (UploadUse.kind == kind, UploadUse.ref_id == ref_id, UploadUse.upload_id.in_(numbers))
    db.session.execute(delete(UploadUse).where(*of_this_place).execution_options(synchronize_session=False))
    left = select(UploadUse.upload_id).where(UploadUse.upload_id == Upload.id)
    db.session.execute(
        update(Upload)
        .where(Upload.id.in_(numbers), ~left.exists())
        .values(unused_since=clock.now())
        .execution_options(synchronize_session=False)
    )
