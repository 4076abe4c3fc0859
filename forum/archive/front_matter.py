"""The YAML at the head of a blog post, as far as we use it."""

from __future__ import annotations

from typing import Any

import yaml

# YAML of people is a page at most; the parser takes a second for 100,000 characters.
LONGEST = 50_000
# What YAML writes for nothing.
_NOTHING = ("", "~", "null", "Null", "NULL")


def read(written: str) -> dict[str, Any]:
    """Its entries, every value text or lists and mappings of text; empty when it cannot be read.

    BaseLoader builds nothing but text, so no value can fail to be a date or a number.
    """
    if len(written) > LONGEST:
        return {}
    try:
        found = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def text(matter: dict[str, Any], *names: str) -> str:
    """The first of these entries that is text, on one line; empty when none is."""
    for name in names:
        value = matter.get(name)
        if isinstance(value, str) and value.strip() not in _NOTHING:
            return " ".join(value.split())
    return ""


def words(matter: dict[str, Any], name: str) -> tuple[str, ...]:
    """An entry that is a list, or text with commas or spaces between the words."""
    value = matter.get(name)
    if isinstance(value, str):
        value = value.split(",") if "," in value else value.split()
    if not isinstance(value, list):
        return ()
    found = (" ".join(one.split()) for one in value if isinstance(one, str))
    return tuple(dict.fromkeys(one for one in found if one not in _NOTHING))


def names(matter: dict[str, Any]) -> tuple[str, ...]:
    """Who wrote the post: `author` or `authors`, as a name, a mapping with a name, or a list of these."""
    value = matter.get("author") or matter.get("authors") or ()
    people = value if isinstance(value, list) else [value]
    found = (one.get("name", "") if isinstance(one, dict) else one for one in people)
    return tuple(" ".join(one.split()) for one in found if isinstance(one, str) and one.strip() not in _NOTHING)
