"""By what results can be narrowed: values with their counts, from the tally of an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import CompoundSelect, literal, select, union_all

from forum.foundation.db import among, db
from forum.posts.models import PUBLISHED, Post, PostTag
from forum.search import names
from forum.search.engine import KINDS, Place
from forum.search.meaning import Ticks
from forum.search.names import SERIES, TAG, Named

# Values of one facet that are shown; more would be read by nobody.
MOST: Final = 8

# Which part of a place a facet is about.
_KIND, _POST, _WRITER, _YEAR = (Place._fields.index(name) for name in ("kind", "post_id", "writer_id", "year"))

Tally = Mapping[Place, int]
# What a place has to have for the ticks of one facet: at this index one of these.
Condition = tuple[int, Container[Any]]


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
    if not ticks:
        return sum(tally.values())
    subjects = _subjects(tally) if ticks.series or ticks.tags else _Subjects({}, {})
    return _count(tally, _KIND, _conditions(ticks, subjects)).total()


def of(tally: Tally, ticks: Ticks) -> Facets:
    """Two queries, whatever was found."""
    subjects = _subjects(tally)
    conditions = _conditions(ticks, subjects)

    def counts(part: int, facet: str) -> Counter[Any]:
        return _count(tally, part, {name: one for name, one in conditions.items() if name != facet})

    kinds, writers, years = counts(_KIND, "kinds"), counts(_WRITER, "writers"), counts(_YEAR, "year")
    series = _by_subject(counts(_POST, "series"), subjects.series)
    tags = _by_subject(counts(_POST, "tags"), subjects.tags)
    del writers[0]
    shown_series, shown_tags = _shown(series, ticks.series), _shown(tags, ticks.tags)
    shown_writers = _shown(writers, ticks.writers)
    found = names.by_id(tags=shown_tags, series=shown_series, people=shown_writers)
    return Facets(
        _count(tally, _KIND, conditions).total() if conditions else kinds.total(),
        [Value(one, one, kinds[one], one in ticks.kinds) for one in KINDS if kinds[one] or one in ticks.kinds],
        _values(shown_series, found.series, series, ticks.series),
        _values(shown_tags, found.tags, tags, ticks.tags),
        _values(shown_writers, found.people, writers, ticks.writers),
        [Value(str(one), str(one), years[one], one == ticks.year) for one in _shown_years(years, ticks.year)],
        years.total(),
    )


def _subjects(tally: Tally) -> _Subjects:
    posts = set(map(itemgetter(_POST), tally)) - {0}
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


def _conditions(ticks: Ticks, subjects: _Subjects) -> dict[str, Condition]:
    """What ticks ask for, by facet; of one facet any value will do."""
    asked: dict[str, Condition] = {}
    if ticks.kinds:
        asked["kinds"] = (_KIND, ticks.kinds)
    if ticks.series:
        asked["series"] = (_POST, _about(subjects.series, ticks.series))
    if ticks.tags:
        asked["tags"] = (_POST, _about(subjects.tags, ticks.tags))
    if ticks.writers:
        asked["writers"] = (_WRITER, ticks.writers)
    if ticks.year is not None:
        asked["year"] = (_YEAR, {ticks.year})
    return asked


def _about(subjects: Mapping[int, list[int]], wanted: frozenset[int]) -> set[int]:
    return {post for post, found in subjects.items() if not wanted.isdisjoint(found)}


def _count(tally: Tally, part: int, conditions: Mapping[str, Condition]) -> Counter[Any]:
    """How many results there are by this part of their places, of those that meet the conditions."""
    asked = list(conditions.values())
    # A Counter takes three times as long to add to.
    counts: dict[Any, int] = {}
    if not asked:
        for value, count in zip(map(itemgetter(part), tally), tally.values(), strict=True):
            counts[value] = counts.get(value, 0) + count
        return Counter(counts)
    for place, count in tally.items():
        for at, wanted in asked:
            if place[at] not in wanted:
                break
        else:
            value = place[part]
            counts[value] = counts.get(value, 0) + count
    return Counter(counts)


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
