"""By what results can be narrowed: values with their counts, from the tally of an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import CompoundSelect, literal, select, union_all

from forum.foundation.db import among, db
from forum.posts.models import PUBLISHED, Post, PostTag
from forum.search import names
from forum.search.arrays import Numbers, any_of, np
from forum.search.engine import KINDS, Tally
from forum.search.meaning import Ticks
from forum.search.names import SERIES, TAG, Named

# Values of one facet that are shown; more would be read by nobody.
MOST: Final = 8

# What the ticks of one facet ask of a place: of this column one of these values.
Condition = tuple[Numbers, Collection[int]]


@dataclass(frozen=True)
class Value:
    """A value that results can be narrowed to: as the address says it, and how many results that leaves."""

    value: str
    name: str
    count: int
    is_ticked: bool


@dataclass(frozen=True)
class Facets:
    """The values of each facet, those of most results first, and how many results all ticks leave.

    The counts of a facet are made as if nothing in it were ticked: they say what another tick would bring.
    `any_year` is how many results there are of all years together.
    """

    total: int = 0
    kinds: list[Value] = field(default_factory=list)
    series: list[Value] = field(default_factory=list)
    tags: list[Value] = field(default_factory=list)
    authors: list[Value] = field(default_factory=list)
    years: list[Value] = field(default_factory=list)
    any_year: int = 0


@dataclass(frozen=True)
class _Subjects:
    """Of which series, and about what, discussions are; by their numbers."""

    series: Mapping[int, list[int]]
    tags: Mapping[int, list[int]]


def total(tally: Tally, ticks: Ticks) -> int:
    """How many results the ticks leave. One query where a series or a tag is ticked."""
    subjects = _subjects(tally) if ticks.series or ticks.tags else _Subjects({}, {})
    return len(_left(tally.kinds, _conditions(tally, ticks, subjects).values()))


def of(tally: Tally, ticks: Ticks) -> Facets:
    """Two queries, whatever was found."""
    subjects = _subjects(tally)
    conditions = _conditions(tally, ticks, subjects)

    def counts(column: Numbers, facet: str) -> Counter[int]:
        return _counted(_left(column, (one for name, one in conditions.items() if name != facet)))

    kinds, writers, years = counts(tally.kinds, "kinds"), counts(tally.writers, "writers"), counts(tally.years, "year")
    series = _by_subject(counts(tally.posts, "series"), subjects.series)
    tags = _by_subject(counts(tally.posts, "tags"), subjects.tags)
    del writers[0]
    shown_series, shown_tags = _shown(series, ticks.series), _shown(tags, ticks.tags)
    shown_writers = _shown(writers, ticks.writers)
    found = names.by_id(tags=shown_tags, series=shown_series, people=shown_writers)
    return Facets(
        len(_left(tally.kinds, conditions.values())),
        [
            Value(one, one, kinds[number], one in ticks.kinds)
            for number, one in enumerate(KINDS)
            if kinds[number] or one in ticks.kinds
        ],
        _values(shown_series, found.series, series, ticks.series),
        _values(shown_tags, found.tags, tags, ticks.tags),
        _values(shown_writers, found.people, writers, ticks.writers),
        [Value(str(one), str(one), years[one], one == ticks.year) for one in _shown_years(years, ticks.year)],
        years.total(),
    )


def _subjects(tally: Tally) -> _Subjects:
    posts = set(np.unique(tally.posts).tolist()) - {0}
    series: dict[int, list[int]] = defaultdict(list)
    tags: dict[int, list[int]] = defaultdict(list)
    for subject, post_id, number in db.session.execute(_SUBJECTS, {"posts": posts}):
        (tags if subject == TAG else series)[post_id].append(number)
    return _Subjects(series, tags)


_SUBJECTS: CompoundSelect[Any] = union_all(
    select(literal(SERIES), Post.id, Post.series_id).where(
        among(Post.id, "posts"), Post.state == PUBLISHED, Post.series_id.is_not(None)
    ),
    select(literal(TAG), PostTag.post_id, PostTag.tag_id).where(among(PostTag.post_id, "posts")),
)


def _conditions(tally: Tally, ticks: Ticks, subjects: _Subjects) -> dict[str, Condition]:
    """What ticks ask for, by facet; of one facet any value will do."""
    asked: dict[str, Condition] = {}
    if ticks.kinds:
        asked["kinds"] = (tally.kinds, [KINDS.index(kind) for kind in ticks.kinds])
    if ticks.series:
        asked["series"] = (tally.posts, _about(subjects.series, ticks.series))
    if ticks.tags:
        asked["tags"] = (tally.posts, _about(subjects.tags, ticks.tags))
    if ticks.writers:
        asked["writers"] = (tally.writers, ticks.writers)
    if ticks.year is not None:
        asked["year"] = (tally.years, [ticks.year])
    return asked


def _about(subjects: Mapping[int, list[int]], wanted: frozenset[int]) -> set[int]:
    return {post for post, found in subjects.items() if not wanted.isdisjoint(found)}


def _left(column: Numbers, conditions: Iterable[Condition]) -> Numbers:
    """What is in this column for the results that meet the conditions."""
    is_left = np.ones(len(column), np.bool_)
    for asked, wanted in conditions:
        is_left &= any_of(wanted, asked)
    return column[is_left]


def _counted(column: Numbers) -> Counter[int]:
    """How often each value is there."""
    values, counts = np.unique(column, return_counts=True)
    return Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))


def _by_subject(by_post: Counter[int], subjects: Mapping[int, list[int]]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for post, count in by_post.items():
        for subject in subjects.get(post, ()):
            counts[subject] += count
    return counts


def _shown(counts: Counter[int], ticked: frozenset[int]) -> list[int]:
    """The values of most results, and whatever is ticked: it must be possible to take a tick away."""
    ordered = sorted(counts, key=lambda one: (-counts[one], one))
    return [*ordered[:MOST], *sorted(ticked.difference(ordered[:MOST]))]


def _shown_years(years: Counter[int], ticked: int | None) -> list[int]:
    newest = sorted(years, reverse=True)[:MOST]
    return newest if ticked is None or ticked in newest else [*newest, ticked]


def _values(
    shown: Collection[int], named: Mapping[str, Named], counts: Counter[int], ticked: frozenset[int]
) -> list[Value]:
    found = {one.id: one for one in named.values()}
    values = [Value(found[one].slug, found[one].name, counts[one], one in ticked) for one in shown if one in found]
    return sorted(values, key=lambda value: (-value.count, value.name.casefold()))
