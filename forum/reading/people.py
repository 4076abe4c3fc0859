"""People to choose from: whom a writer may mean who types an @ and some letters."""

from __future__ import annotations

import unicodedata

from forum.accounts import queries as account_queries
from forum.accounts.models import User
from forum.comments import writers
from forum.posts import queries as post_queries
from forum.reading.cards import PersonCard, person_card
from forum.text import mentions

# As many as fit above a telephone's keyboard.
MOST = 8
LONGEST = 40


def suggestions(typed: str, slug: str, viewer: User) -> list[PersonCard]:
    """People whose username or name begins like this: those of this discussion first. Four queries at most."""
    typed = typed.strip().removeprefix("@")[:LONGEST]
    if not typed:
        return []
    found = {person.id: person for person in _in_discussion(slug, viewer) if _is_meant(person, typed)}
    if len(found) < MOST:
        found |= {person.id: person for person in account_queries.beginning_with(typed, MOST) if person.id not in found}
    found.pop(viewer.id, None)
    chosen = [person for person in found.values() if _can_be_mentioned(person)]
    return [person_card(person) for person in chosen[:MOST]]


def _in_discussion(slug: str, viewer: User) -> list[User]:
    post = post_queries.by_slug(slug, viewer)
    return writers.newest_in(post) if post is not None else []


def _is_meant(person: User, typed: str) -> bool:
    start = _plain(typed)
    names = [person.username, person.name, *person.name.split()]
    return account_queries.is_known(person) and any(_plain(name).startswith(start) for name in names)


def _can_be_mentioned(person: User) -> bool:
    """Whether Markdown would read the whole name after an @."""
    return mentions.find(f"@{person.username}") == (person.username,)


def _plain(name: str) -> str:
    """Without capitals and accents: on a foreign keyboard one types what one can."""
    decomposed = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
