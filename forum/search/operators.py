"""What can be typed besides plain words: the table that the parser reads and the help page shows.

Examples are translated like every sentence: the Welsh names work everywhere, and so do the English ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from slugify import slugify

from forum.search import analysis, dates
from forum.search.engine import COMMENT, IMAGE, LIKED, LINK, NEWEST, PERSON, POST, RELEVANCE

# What an operator can narrow by: `Meaning.part` is one of these.
AUTHOR, KIND, TAG, SERIES, DISCUSSION = "author", "in", "tag", "series", "post"
AFTER, BEFORE, HAS, MINE, ORDER = "after", "before", "has", "mine", "order"
PARTS: Final = (AUTHOR, KIND, TAG, SERIES, DISCUSSION, AFTER, BEFORE, HAS, MINE, ORDER)

# No slug is longer.
LONGEST_SLUG: Final = 160


class Meaning(NamedTuple):
    """What a typed value narrows by: `value` is what is compared, `shown` what a reader is told."""

    part: str
    value: object
    shown: str


class Sign(NamedTuple):
    """A way to write words, which the parser knows by its signs."""

    form: object
    example: object
    does: object


SIGNS: Final = (
    Sign(
        _l("words"),
        _l("where do buses stop"),
        _l("Any of the words is enough; results with more of them come first. Small words such as “the” are left out."),
    ),
    Sign(_l('"a phrase"'), _l('"say yes"'), _l("These words in this order. Every result has the phrase.")),
    Sign(
        _l("-word"),
        _l('bus -red -"night bus"'),
        _l("Without this word or phrase. A minus works before the names below too, as in -author:name."),
    ),
    Sign(_l("one OR other"), _l("bus OR tram"), _l("Either will do, in capital letters. NEU is the same in Welsh.")),
    Sign(_l("begin*"), _l("counc*"), _l("Words that begin so, with three letters or more before the star.")),
)


@dataclass(frozen=True)
class Operator:
    """An operator by its names, the first one being the one that is shown.

    `read` makes the meaning of a value, None where it has none; then `misread` is said of it. `several` matches
    values of several words that need no quotation marks.
    """

    names: tuple[str, ...]
    form: object
    example: object
    does: object
    misread: object
    read: Callable[[str, date], Meaning | None]
    needs_person: bool = False
    several: re.Pattern[str] | None = None


def _author(value: str, today: date) -> Meaning | None:
    if value.casefold() in ("me", "fi"):
        return Meaning(MINE, True, value)
    words = tuple(word.text for word in analysis.words(value))
    return Meaning(AUTHOR, words, value) if words else None


_KINDS: Final = {
    POST: ("post", "posts", "erthygl", "erthyglau"),
    COMMENT: ("comment", "comments", "sylw", "sylwadau"),
    PERSON: ("person", "people", "pobl"),
}
_CONTENTS: Final = {
    IMAGE: ("image", "images", "picture", "pictures", "llun", "lluniau"),
    LINK: ("link", "links", "dolen", "dolenni"),
}
_ORDERS: Final = {
    RELEVANCE: ("relevance", "best", "perthnasedd", "gorau"),
    NEWEST: ("newest", "latest", "diweddaraf"),
    LIKED: ("liked", "poblogaidd"),
}


def _one_of(names: dict[str, tuple[str, ...]], value: str) -> str | None:
    return next((name for name, typed in names.items() if value.casefold() in typed), None)


def _kind(value: str, today: date) -> Meaning | None:
    kind = _one_of(_KINDS, value)
    return Meaning(KIND, kind, value) if kind else _series(value, today)


def _contents(value: str, today: date) -> Meaning | None:
    content = _one_of(_CONTENTS, value)
    return Meaning(HAS, content, value) if content else None


def _order(value: str, today: date) -> Meaning | None:
    order = _one_of(_ORDERS, value)
    return Meaning(ORDER, order, value) if order else None


def _mine(value: str, today: date) -> Meaning | None:
    return Meaning(MINE, True, value) if value.casefold() == "mine" else None


def _slug(part: str, value: str) -> Meaning | None:
    slug = slugify(value, max_length=LONGEST_SLUG)
    return Meaning(part, slug, value) if slug else None


def _tag(value: str, today: date) -> Meaning | None:
    return _slug(TAG, value)


def _series(value: str, today: date) -> Meaning | None:
    return _slug(SERIES, value)


def _discussion(value: str, today: date) -> Meaning | None:
    return _slug(DISCUSSION, value)


def _after(value: str, today: date) -> Meaning | None:
    day = dates.first_day(value, today)
    return Meaning(AFTER, dates.midnight(day), day.isoformat()) if day else None


def _before(value: str, today: date) -> Meaning | None:
    day = dates.first_day(value, today)
    return Meaning(BEFORE, dates.midnight(day), day.isoformat()) if day else None


_NO_NAME: Final = _l("“%(typed)s” was searched as plain words, because it has no name to look for.")
_NO_DATE: Final = _l("“%(typed)s” was searched as plain words. A date looks like 2026-01-31, 2026-01, 7d or last-week.")

OPERATORS: Final = (
    Operator(
        names=("author", "awdur"),
        form=_l("author:name"),
        example=_l('author:"Alice Archer"'),
        does=_l("Posts and comments by this person, and the person’s profile. Part of the name is enough."),
        misread=_NO_NAME,
        read=_author,
    ),
    Operator(
        names=("in", "yn"),
        form=_l("in:posts, in:comments, in:people"),
        example=_l("bus in:comments"),
        does=_l("Only results of this kind. The name of a series works too, as with series:"),
        misread=_NO_NAME,
        read=_kind,
    ),
    Operator(
        names=("tag",),
        form=_l("tag:name"),
        example=_l('tag:"care leavers"'),
        does=_l("Discussions with this tag."),
        misread=_NO_NAME,
        read=_tag,
    ),
    Operator(
        names=("series", "cyfres"),
        form=_l("series:name"),
        example=_l("series:creative-councils"),
        does=_l("Discussions of this series. Write the name with hyphens or in quotation marks."),
        misread=_NO_NAME,
        read=_series,
    ),
    Operator(
        names=("post", "erthygl"),
        form=_l("post:name"),
        example=_l("bus post:the-front-door"),
        does=_l("One discussion only, by the last part of its address."),
        misread=_NO_NAME,
        read=_discussion,
    ),
    Operator(
        names=("after", "wedi"),
        form=_l("after:date"),
        example=_l("after:last-week bus"),
        does=_l("From this day on, the day itself included. A week, month or year stands for its first day."),
        misread=_NO_DATE,
        read=_after,
        several=dates.SEVERAL_WORDS,
    ),
    Operator(
        names=("before", "cyn"),
        form=_l("before:date"),
        example=_l("before:2026-01-31 bus"),
        does=_l("Before this day, the day itself left out. A week, month or year stands for its first day."),
        misread=_NO_DATE,
        read=_before,
        several=dates.SEVERAL_WORDS,
    ),
    Operator(
        names=("has", "gyda"),
        form=_l("has:image, has:link"),
        example=_l("bus has:image"),
        does=_l("With a picture, or with a link, in the text. With both, if you ask for both."),
        misread=_l("“%(typed)s” was searched as plain words. You can ask for has:image and has:link."),
        read=_contents,
    ),
    Operator(
        names=("is",),
        form=_l("mine, is:mine, author:me"),
        example=_l("bus is:mine"),
        does=_l("What you wrote yourself. For this you must be signed in."),
        misread=_l("“%(typed)s” was searched as plain words. You can ask for is:mine."),
        read=_mine,
        needs_person=True,
    ),
    Operator(
        names=("order", "trefn"),
        form=_l("order:relevance, order:newest, order:liked"),
        example=_l("bus order:newest"),
        does=_l("The best matches first, the newest, or those with the most likes."),
        misread=_l("“%(typed)s” was searched as plain words. The orders are relevance, newest and liked."),
        read=_order,
    ),
)
_BY_NAME: Final = {name: operator for operator in OPERATORS for name in operator.names}


def named(name: str) -> Operator | None:
    return _BY_NAME.get(name.casefold())
