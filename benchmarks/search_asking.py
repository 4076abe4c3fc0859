"""Questions to the search engine of the site that the environment names, in a process of their own.

`python -m benchmarks.search_asking fill FOLDER` fills the index with the texts of a collection, and `fill COMMENTS`
with made comments; then `relevance FOLDER` or `scale COMMENTS TIMES` asks, in a process that has not built the index,
as a web process has not. Each writes what it found to standard output as JSON. What is typed takes the way it takes
from the search page: it is read, becomes a query, the engine answers, and results are counted by facet.
"""

from __future__ import annotations

import gc
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import flask_migrate

import config
from benchmarks import relevance, search_queries
from benchmarks.search_index import Meter, SearchIndex
from benchmarks.search_texts import Texts
from benchmarks.table import p95
from forum.cli import create_app
from forum.foundation.errors import Refused
from forum.search import facets, language, meaning
from forum.search.asked import DEPTH, Asked
from forum.search.engine import LIKED, POST, Answer, Document

TODAY = date(2026, 1, 1)
# Times that a comment is written, found, taken out and looked for again.
WRITES = 20
UNTOUCHED = "zwyxvut"


def main() -> None:
    what, *told = sys.argv[1:]
    app = create_app(config.read())
    with app.test_request_context():
        flask_migrate.upgrade()
        print(json.dumps(_PROGRAMS[what](*told)))


def fill(what: str) -> dict:
    """What it costs to build the index, and how large it is."""
    documents = Texts(int(what)).documents() if what.isdecimal() else _as_posts(relevance.read(Path(what)))
    return SearchIndex().fill(documents)


def find_relevant(folder: str) -> dict:
    """What the questions of a collection find, typed as they are; the figures, and what was refused."""
    collection = relevance.read(Path(folder))
    index = SearchIndex()
    _freeze()
    searches = {number: search(index, typed) for number, typed in collection.judged().items()}
    rankings = {number: _ids(done.answer, collection) for number, done in searches.items()}
    took = [done.ms for done in searches.values()]
    refusals = [done.refusal for done in searches.values() if done.refusal]
    return {
        "figures": relevance.figures(rankings, collection.grades)
        | {"questions": len(searches), "refused": len(refusals), "p50_ms": median(took), "p95_ms": p95(took)},
        "refusals": Counter(refusals),
    }


def grow(comments: str, times: str) -> dict:
    """What searches of each kind cost among so many comments, and how soon a new one is found."""
    texts, index = Texts(int(comments)), SearchIndex()
    liked = texts.liked(min(meaning.FAVOURITES, texts.comments // 10))
    typed = {name: search_queries.searches(name, int(times)) for name in search_queries.SEARCHES}
    # What a process does once is not what a search costs.
    for some in typed.values():
        search(index, some[-1], liked)
    _freeze()
    kinds = {}
    for name, some in typed.items():
        done = [search(index, one, liked) for one in some]
        kinds[name] = {
            "ms": [one.ms for one in done],
            "facets_ms": [one.facets_ms for one in done],
            "results": median(len(one.answer.tally) for one in done),
            "cut": sum(one.answer.is_cut for one in done),
            "refused": sum(bool(one.refusal) for one in done),
        }
    return {"figures": {"mb": index.pss()} | _written(index, texts), "kinds": kinds}


def _freeze() -> None:
    """What is there now is not looked through again for what nobody needs: so it is in the web processes."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Search:
    """What was answered, and the CPU milliseconds it took: in all, and of these to count by facet."""

    answer: Answer
    ms: float
    facets_ms: float = 0
    refusal: str = ""


def search(index: SearchIndex, typed: str, liked: tuple[str, ...] = ()) -> Search:
    """What the page does with these words, but for drawing what is found. `liked` stands for what the database says."""
    meter = Meter(index.server)
    try:
        answer, ticks = _asked(index, typed, liked)
    except Refused as refusal:
        # The page shows a sentence and finds nothing: so does this.
        return Search(Answer(), meter.ms(), refusal=refusal.sentence)
    engine_ms = meter.ms()
    meter = Meter(index.server)
    facets.of(answer.tally, ticks)
    facets_ms = meter.ms()
    return Search(answer, engine_ms + facets_ms, facets_ms)


def _asked(index: SearchIndex, typed: str, liked: tuple[str, ...] = ()) -> tuple[Answer, meaning.Ticks]:
    read = language.read(typed, today=TODAY, has_person=False)
    meant = meaning.of(read, Asked(typed), None)
    query = replace(meant.query, favourites=liked) if meant.query.order == LIKED else meant.query
    return index.engine.find(query, DEPTH), meant.ticks


def _written(index: SearchIndex, texts: Texts) -> dict[str, float]:
    """How long it takes from the write of one comment until it is found, and from its removal until it is not."""
    dice = random.Random(65)
    engine, took, used = index.engine, [], []
    for number in range(WRITES):
        word = f"{UNTOUCHED}{number}"
        document = texts.comment(dice, texts.comments + 1 + number, word)
        for documents in ([document], []):
            meter, began = Meter(index.server), perf_counter()
            with engine.writing(patiently=True):
                engine.write([document.key], documents)
            hits = _asked(index, word)[0].hits
            took.append((perf_counter() - began) * 1000)
            used.append(meter.ms())
            if [hit.key for hit in hits] != [one.key for one in documents]:
                raise RuntimeError(f"{word} was not found as it was written")
    return {"write_ms": median(used), "slowest_write_ms": max(used), "to_found_ms": max(took)}


def _ids(answer: Answer, collection: relevance.Collection) -> list[str]:
    return [collection.texts[hit.id - 1].id for hit in answer.hits]


def _as_posts(collection: relevance.Collection) -> Iterator[Document]:
    for number, text in enumerate(collection.texts, 1):
        yield Document(POST, number, number, text.title, text.body, (), "en", Texts(1).moment(1))


_PROGRAMS = {"fill": fill, "relevance": find_relevant, "scale": grow}

if __name__ == "__main__":
    main()
