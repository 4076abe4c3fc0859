"""What the measurement of the search asks, and of what."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice

import pytest

from benchmarks import search, search_queries, search_texts
from benchmarks.search_texts import COMMON, RARE, Texts, vocabulary
from forum.search import language
from forum.search.engine import COMMENT, LIKED, NEWEST, PERSON, POST
from forum.search.language import Reading


def _read(name: str) -> list[Reading]:
    return [_understood(typed) for typed in search_queries.searches(name, 20)]


def _understood(typed: str) -> Reading:
    return language.read(typed, today=date(2026, 1, 1), has_person=False)


def test_the_made_comments_are_the_same_at_every_run_and_as_many_as_asked_for():
    made = list(Texts(300).documents())
    assert made == list(Texts(300).documents())
    assert Counter(document.kind for document in made) == {COMMENT: 300, POST: 5, PERSON: 20}
    assert len({document.key for document in made}) == len(made)
    lengths = [len(document.body.split()) for document in made if document.kind == COMMENT]
    # A pair of words may be put in between.
    assert min(lengths) >= search_texts.SHORTEST
    assert max(lengths) <= search_texts.LONGEST + 2


def test_words_are_as_common_and_as_rare_as_the_kinds_of_searches_say():
    assert len(set(vocabulary())) == search_texts.VOCABULARY
    comments = [set(document.body.split()) for document in Texts(2_000).documents() if document.kind == COMMENT]
    having = Counter(word for words in comments for word in words)
    common = [having[word] / len(comments) for word in vocabulary()[slice(*COMMON)]]
    rare = [having[word] / len(comments) for word in islice(vocabulary(), *RARE)]
    assert 0.03 < min(common) < max(common) < 0.2
    assert sum(rare) / len(rare) < 0.001


@pytest.mark.parametrize("name", search_queries.SEARCHES)
def test_every_search_that_is_measured_is_understood_and_no_two_are_the_same(name: str):
    assert [read.notes for read in _read(name) if read.notes] == []
    assert len(set(search_queries.searches(name, 20))) == 20


def test_operators_of_the_searches_that_are_measured_narrow_them():
    assert all(read.authors for read in _read("author and word"))
    assert all(read.since and read.until for read in _read("month and word"))
    assert all(read.order == NEWEST for read in _read("newest first"))
    assert all(read.order == LIKED for read in _read("most liked"))
    assert all(read.without for read in _read("without"))
    assert all(read.contents for read in _read("with a link"))
    assert all(read.wishes[0].terms[0].is_prefix for read in _read("prefix"))
    assert all(len(read.wishes[0].terms) == 2 for read in _read("one of two"))
    assert all(read.wishes[0].is_needed for read in _read("phrase"))


def test_what_is_made_to_keep_the_site_busy_fits_into_the_box():
    typed = search_queries.unbearable().values()
    assert max(map(len, typed)) <= language.LONGEST


def test_without_a_collection_the_command_says_what_it_lacks(tmp_path, capsys):
    assert search.main(["--collection", str(tmp_path)]) == 2
    assert "docs.jsonl, queries.jsonl, qrels.tsv not found" in capsys.readouterr().out
