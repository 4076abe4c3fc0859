"""A series of posts as knots on a line."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from forum.posts.models import Post, Series

# The eight figures a series' knot can be; see DESIGN: x = sin(a·t + p), y = sin(b·t).
_FIGURES = ((1, 2), (2, 3), (3, 4), (4, 5), (3, 2), (1, 3), (3, 5), (2, 5))
_POINTS = 90


@dataclass(frozen=True)
class Knot:
    part: int
    title: str
    url: str | None
    # past, here, future (not out yet)
    state: str
    lang: str = ""


@dataclass(frozen=True)
class SeriesPlace:
    name: str
    slug: str
    url: str
    part: int
    total: int | None
    knots: list[Knot]
    previous: Knot | None
    next: Knot | None
    knot_path: str


@dataclass(frozen=True)
class SeriesRow:
    """A series in a list: its line of knots and its newest part."""

    name: str
    slug: str
    url: str
    description: str
    knots: list[Knot]
    knot_path: str
    part: int
    total: int | None
    latest_at: datetime | None
    is_complete: bool
    posts: list[Knot]


def place_in(series: Series, post: Post, parts: Sequence[Post]) -> SeriesPlace:
    knots = _knots(series, parts, post)
    here = next((i for i, knot in enumerate(knots) if knot.state == "here"), None)
    earlier = knots[:here]
    later = knots[here + 1 :] if here is not None else []
    return SeriesPlace(
        name=series.name,
        slug=series.slug,
        url=url_for("home.series", slug=series.slug),
        part=post.part or (knots[here].part if here is not None else 1),
        total=series.total,
        knots=knots,
        previous=earlier[-1] if here and earlier[-1].url else None,
        next=later[0] if later and later[0].url else None,
        knot_path=knot_path(series.slug),
    )


def series_row(series: Series, parts: Sequence[Post]) -> SeriesRow:
    last = parts[-1] if parts else None
    return SeriesRow(
        name=series.name,
        slug=series.slug,
        url=url_for("home.series", slug=series.slug),
        description=series.description,
        knots=_knots(series, parts, last),
        knot_path=knot_path(series.slug),
        part=(last.part if last else None) or len(parts),
        total=series.total,
        latest_at=last.published_at if last else None,
        is_complete=bool(series.total and len(parts) >= series.total),
        posts=[_knot(number, part, None) for number, part in enumerate(parts, 1)],
    )


def _knots(series: Series, parts: Sequence[Post], here: Post | None) -> list[Knot]:
    out = [_knot(number, part, here) for number, part in enumerate(parts, 1)]
    numbers = {knot.part for knot in out}
    planned = [n for n in range(1, (series.total or 0) + 1) if n not in numbers]
    return sorted([*out, *(Knot(n, "", None, "future") for n in planned)], key=lambda knot: knot.part)


def _knot(number: int, part: Post, here: Post | None) -> Knot:
    state = "here" if here is not None and part.id == here.id else "past"
    return Knot(part.part or number, part.title, url_for("posts.show", slug=part.slug), state, part.lang)


def knot_path(slug: str) -> str:
    """The series' figure as an SVG path in a box of 48 by 48."""
    a, b = _FIGURES[zlib.crc32(slug.encode()) % len(_FIGURES)]
    phase = math.pi / (4 * b)
    steps = (2 * math.pi * step / _POINTS for step in range(_POINTS))
    points = (f"{24 + 20 * math.sin(a * t + phase):.1f} {24 + 20 * math.sin(b * t):.1f}" for t in steps)
    return "M" + "L".join(points) + "Z"
