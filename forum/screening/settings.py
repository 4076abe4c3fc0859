"""How the checks are set on this site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import db
from forum.screening.models import CheckSetting

_ALL = select(CheckSetting.name, CheckSetting.is_on, CheckSetting.numbers)


@dataclass(frozen=True)
class Kept:
    """What is kept of one check: whether it is on, and its numbers. None for on: as the code says."""

    is_on: bool | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)


def kept() -> dict[str, Kept]:
    """By the names of checks. One query over a dozen rows; asked for each comment, so that nothing is ever stale."""
    return {name: Kept(is_on, numbers) for name, is_on, numbers in db.session.execute(_ALL)}


def change(name: str, by: User | None, *, is_on: bool | None = None, numbers: Mapping[str, Any] | None = None) -> None:
    """Keep how a check is set from now on; what is not named stays as it was. Two at once take turns."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(CheckSetting).values(name=name, is_on=True, numbers={}, changed_at=clock.now())
    db.session.execute(made.on_conflict_do_nothing(index_elements=["name"]))
    row = db.session.scalars(
        select(CheckSetting)
        .where(CheckSetting.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if is_on is not None:
        row.is_on = is_on
    row.numbers = {**row.numbers, **(numbers or {})}
    row.changed_at = clock.now()
    if by is not None:
        row.by_id = by.id
    db.session.flush()
