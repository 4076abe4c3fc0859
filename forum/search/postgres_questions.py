"""What is looked for, in PostgreSQL's language of tsquery. It is passed as a value, and every word of it is quoted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from forum.search import analysis
from forum.search.engine import CONTENTS, Query, Term, Wish, Words
from forum.search.postgres_entries import AUTHOR, MARKS, QUALITY, WRITTEN, lexeme, quoted

# By the letters of a prefix, the words it stands for.
Prefixes = Mapping[str, Sequence[str]]

# No document is that.
NOTHING: Final = quoted(QUALITY)


def every(parts: Iterable[str]) -> str:
    """All of these; empty where nothing is asked."""
    return " & ".join(f"({part})" for part in parts if part)


def some(parts: Iterable[str]) -> str:
    """One of these at least."""
    return " | ".join(f"({part})" for part in parts) or NOTHING


def neither(parts: Iterable[str]) -> list[str]:
    """None of these, for `every`."""
    return [f"!({part})" for part in parts]


def of_wish(wish: Wish, prefixes: Prefixes) -> str:
    return some(of_term(term, prefixes) for term in wish.terms)


def of_term(term: Term, prefixes: Prefixes) -> str:
    if term.is_prefix:
        return some(quoted(WRITTEN + word) for letters in term.words for word in prefixes[letters])
    return " <-> ".join(f"({some(map(quoted, forms(word)))})" for word in term.words) or NOTHING


def of_unwanted(term: Term) -> str:
    """As `of_term`; all that begin with a prefix, however many."""
    if term.is_prefix:
        return some(f"{quoted(WRITTEN + lexeme(letters))}:*" for letters in term.words)
    return of_term(term, {})


def of_names(names: Iterable[Words]) -> str:
    """Posts and people with all words of one of these names."""
    return some(every(quoted(AUTHOR + lexeme(word)) for word in name) or NOTHING for name in names)


def of_kinds(kinds: Iterable[str]) -> str:
    return some(quoted(QUALITY + kind) for kind in sorted(kinds))


def of_contents(query: Query) -> str:
    wanted = [quoted(QUALITY + name) for name in CONTENTS if name in query.contents]
    unwanted = [quoted(QUALITY + name) for name in CONTENTS if name in query.without_contents]
    return every([*wanted, *neither(unwanted)])


def forms(word: str) -> list[str]:
    """The stems that a word may stand for, as lexemes. What is marked is none, whoever asks for it."""
    return sorted(lexeme(form) for form in analysis.forms(word) if form and form[0] not in MARKS)


def lexemes(wishes: Iterable[Wish], prefixes: Prefixes) -> set[str]:
    """All that must be known of a document to tell how well it fulfils these."""
    return stems(wishes) | {one for wish in wishes for term in wish.terms for one in written(term, prefixes)}


def stems(wishes: Iterable[Wish]) -> set[str]:
    """Those of them that have places."""
    terms = (term for wish in wishes for term in wish.terms if not term.is_prefix)
    return {form for term in terms for word in term.words for form in forms(word)}


def written(term: Term, prefixes: Prefixes) -> list[str]:
    """The lexemes of its words as they are written."""
    words: Collection[str] = term.words
    if term.is_prefix:
        words = [word for letters in term.words for word in prefixes[letters]]
    return [WRITTEN + lexeme(word) for word in words]
