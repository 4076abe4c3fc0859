"""Every engine against a plain reading of the contract: many small documents, and queries put together by chance."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from forum.search import analysis
from forum.search.engine import (
    COMMENT,
    CONTENTS,
    KINDS,
    NEWEST,
    ORDERS,
    PERSON,
    POST,
    Document,
    Picked,
    Place,
    Query,
    Term,
    Wish,
)
from tests.search.shelf import MOST, change, keep, keys

BEGIN = datetime(2024, 6, 1, tzinfo=UTC)
WORDS = ("bus", "buses", "running", "run", "quokka", "late", "road", "tree", "trees", "tram", "red", "blue")
NAMES = ("alice", "archer", "bob", "berg")
QUERIES = 150


class Chance(random.Random):
    """What may stand in documents and queries."""

    def some(self, things, most: int) -> tuple:
        return tuple(self.choices(things, k=self.randint(1, most)))

    def maybe(self, share: float, value):
        return value if self.random() < share else type(value)()

    def document(self, kind: str, number: int) -> Document:
        title = " ".join(self.some(WORDS, 3)) if kind != COMMENT else ""
        authors = () if kind == COMMENT else (" ".join(self.some(NAMES, 2)),)
        at = BEGIN + timedelta(days=self.randrange(900))
        post_id = {POST: number, COMMENT: self.randint(1, 8), PERSON: 0}[kind]
        writer = number if kind == PERSON else self.randint(1, 5)
        contents = tuple(sorted(set(self.some(CONTENTS, 2)))) if self.random() < 0.4 else ()
        body, lang = " ".join(self.some(WORDS, 8)), self.choice(["en", "cy"])
        return Document(kind, number, post_id, title, body, authors, lang, at, writer, contents)

    def term(self) -> Term:
        if self.random() < 0.15:
            return Term((self.choice(["bus", "tre", "run", "quo"]),), is_prefix=True)
        return Term(self.some(WORDS, 2 if self.random() < 0.4 else 1))

    def numbers(self, most: int) -> frozenset[int]:
        return frozenset(self.sample(range(1, most + 1), self.randint(0, 3)))

    def query(self) -> Query:
        wishes = [Wish(tuple(self.term() for _ in range(self.randint(1, 2))), self.random() < 0.3) for _ in range(3)]
        since = BEGIN + timedelta(days=self.randrange(600))
        return Query(
            wishes=tuple(wishes[: self.randint(0, 3)]),
            without=self.maybe(0.2, (self.term(),)),
            authors=self.maybe(0.2, (self.some(NAMES, 2), self.some(NAMES, 1))),
            without_authors=self.maybe(0.2, (self.some(NAMES, 1),)),
            kinds=self.maybe(0.3, frozenset(self.some(KINDS, 2))),
            posts=self.numbers(8) if self.random() < 0.2 else None,
            without_posts=self.maybe(0.2, self.numbers(8)),
            writers=self.numbers(5) if self.random() < 0.2 else None,
            since=since if self.random() < 0.2 else None,
            until=since + timedelta(days=200) if self.random() < 0.2 else None,
            contents=self.maybe(0.2, frozenset(self.some(CONTENTS, 1))),
            without_contents=self.maybe(0.2, frozenset(self.some(CONTENTS, 1))),
            order=self.choice(ORDERS),
            picked=Picked(
                kinds=self.maybe(0.2, frozenset(self.some(KINDS, 2))),
                posts=self.numbers(8) if self.random() < 0.1 else None,
                writers=self.maybe(0.2, self.numbers(5)),
                years=self.maybe(0.2, frozenset(self.some([2024, 2025, 2026], 1))),
            ),
        )


def has(document: Document, term: Term) -> bool:
    texts = (document.title, document.body)
    if term.is_prefix:
        return any(word.text.startswith(term.words[0]) for text in texts for word in analysis.words(text))
    choices = [analysis.forms(word) for word in term.words]
    for held in (analysis.terms(text, document.lang) for text in texts):
        for start in range(len(held) - len(choices) + 1):
            if all(held[start + step] in choice for step, choice in enumerate(choices)):
                return True
    return False


def fulfils(document: Document, wish: Wish) -> bool:
    return any(has(document, term) for term in wish.terms)


def is_by(document: Document, names, shelf: list[Document]) -> bool:
    def is_called(one: Document) -> bool:
        return any(set(name) <= set(" ".join(one.authors).split()) for name in names)

    if document.kind == COMMENT:
        return any(one.kind == PERSON and one.id == document.writer_id and is_called(one) for one in shelf)
    return is_called(document)


def answers(document: Document, query: Query, shelf: list[Document]) -> bool:
    wishes = [fulfils(document, wish) for wish in query.wishes]
    needed = [done for done, wish in zip(wishes, query.wishes, strict=True) if wish.is_needed]
    return (
        all(needed)
        and (any(wishes) or not wishes)
        and not any(has(document, term) for term in query.without)
        and (not query.authors or is_by(document, query.authors, shelf))
        and not (query.without_authors and is_by(document, query.without_authors, shelf))
        and (not query.kinds or document.kind in query.kinds)
        and (query.posts is None or document.post_id in query.posts)
        and document.post_id not in query.without_posts
        and (query.writers is None or document.writer_id in query.writers)
        and (query.since is None or document.created_at >= query.since)
        and (query.until is None or document.created_at < query.until)
        and query.contents <= set(document.contents)
        and not query.without_contents & set(document.contents)
    )


def is_picked(document: Document, picks: Picked) -> bool:
    return (
        (not picks.kinds or document.kind in picks.kinds)
        and (picks.posts is None or document.post_id in picks.posts)
        and (not picks.writers or document.writer_id in picks.writers)
        and (not picks.years or document.created_at.year in picks.years)
    )


def place(document: Document) -> Place:
    return Place(document.kind, document.post_id, document.writer_id, document.created_at.year)


@pytest.fixture
def shelf(engine) -> list[Document]:
    """Written in batches, with some changed and some forgotten again."""
    chance = Chance(20)
    made = {
        (kind, number): chance.document(kind, number)
        for kind, most in ((POST, 8), (COMMENT, 90), (PERSON, 5))
        for number in range(1, most + 1)
    }
    all_of_them = list(made.values())
    for start in range(0, len(all_of_them), 35):
        keep(engine, *all_of_them[start : start + 35])
    for number in range(1, 90, 7):
        made[COMMENT, number] = chance.document(COMMENT, number)
    keep(engine, *(made[COMMENT, number] for number in range(1, 90, 7)))
    gone = [made.pop((COMMENT, number)) for number in range(3, 90, 11)]
    change(engine, [one.key for one in gone])
    return list(made.values())


def test_what_is_found_and_counted_is_what_the_contract_says(engine, shelf):
    chance, results = Chance(6), 0
    for _ in range(QUERIES):
        query, stale = chance.query(), chance.maybe(0.3, tuple(one.key for one in chance.sample(shelf, 9)))
        living = [one for one in shelf if one.key not in stale]
        wanted = [one for one in living if answers(one, query, living)]
        picked = [one for one in wanted if is_picked(one, query.picked)]
        answer = engine.find(query, MOST, stale)
        assert sorted(keys(answer)) == sorted(one.key for one in picked), query
        assert sorted(answer.tally) == sorted(map(place, wanted)), query
        whole = [one for one in picked if all(fulfils(one, wish) for wish in query.wishes)]
        assert answer.is_whole == bool(whole), query
        if query.order == NEWEST or not query.wishes:
            when = {one.key: one.created_at for one in shelf}
            assert [when[key] for key in keys(answer)] == sorted((when[one.key] for one in picked), reverse=True)
        results += len(picked)
    assert results > QUERIES, "queries that find nothing show nothing"
