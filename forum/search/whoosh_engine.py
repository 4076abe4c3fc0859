"""The index as files of Whoosh: for one machine, up to some 200,000 posts and comments.

What Whoosh does wrong, and so is not used here: readers kept and refreshed (removed texts stay findable),
readers shared between threads (wrong hits), filters (an empty one lets all through), updating one document
twice in a batch (two copies for ever), writing with several processes (nothing is ever deleted).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from whoosh import index
from whoosh.query import Term
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from forum.search import whoosh_files  # noqa: F401 (importing it makes reading cheap)
from forum.search.arrays import Marks, np
from forum.search.engine import Answer, Document, NotReady, Query
from forum.search.weights import SURFACE
from forum.search.whoosh_columns import Columns
from forum.search.whoosh_entries import COLUMNS, entry, schema
from forum.search.whoosh_folder import IndexFolder, make_lasting
from forum.search.whoosh_lists import Lists
from forum.search.whoosh_ranking import Ranking

log = logging.getLogger(__name__)

# Rises when older indexes cannot be read any more: the fields, how words are made, or how files are laid out.
VERSION: Final = "v2"
# A writer may be quicker than a reader once; three times running it is not.
TRIES: Final = 3


class WhooshEngine:
    """Fulfils `engine.Engine`. Cheap to make; every search opens the index and closes it (1 ms)."""

    def __init__(self, folder: Path) -> None:
        self._folder = IndexFolder(folder / VERSION)

    def find(self, query: Query, most: int, stale: Collection[str] = ()) -> Answer:
        with self._reading() as reader:
            return Ranking(reader, query, stale).answer(most) if reader.doc_count() else Answer()

    def known(self, words: Collection[str]) -> dict[str, int]:
        with self._reading() as reader:
            lists, gone = Lists(reader), Columns(reader).gone()
            counts = {word: _living(lists, word, gone) for word in words}
            return {word: count for word, count in counts.items() if count}

    def beginning(self, letters: str, most: int) -> dict[str, int]:
        found: Counter[str] = Counter()
        with self._reading() as reader:
            for word, frequency in Lists(reader).beginning(SURFACE, letters, most):
                found[word] += frequency
        return {word: found[word] for word in sorted(found)[:most]}

    def entries(self) -> dict[str, str]:
        with self._reading() as reader:
            return {stored["key"]: stored["stamp"] for stored in reader.all_stored_fields()}

    def is_sound(self) -> bool:
        try:
            with self._reading() as reader:
                _read_through(reader)
        except NotReady:
            return False
        return True

    def writing(self, *, patiently: bool = False) -> AbstractContextManager[bool]:
        return self._folder.lock(patiently=patiently)

    def write(self, keys: Collection[str], documents: Iterable[Document]) -> None:
        build = self._folder.build_in_use()
        with _damage_told():
            writer = index.open_dir(str(build)).writer(timeout=10)
            try:
                _forget(writer, keys)
                _add(writer, documents)
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
        make_lasting(build)

    def replace(self, documents: Iterable[Document]) -> int:
        build = self._folder.new_build()
        writer = index.create_in(str(build), schema()).writer(limitmb=256)
        try:
            count = _add(writer, documents)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        self._folder.use(build)
        return count

    @contextmanager
    def _reading(self) -> Iterator[IndexReader]:
        with _damage_told():
            reader = self._open()
            try:
                yield reader
            finally:
                reader.close()

    def _open(self) -> IndexReader:
        # A commit or a rebuild may take away what was listed a moment ago: look again then.
        for _try in range(TRIES - 1):
            with suppress(OSError, index.EmptyIndexError):
                return self._open_now()
        return self._open_now()

    def _open_now(self) -> IndexReader:
        return index.open_dir(str(self._folder.build_in_use()), readonly=True).reader()


def _living(lists: Lists, word: str, gone: Marks) -> int:
    """How many documents that are not forgotten hold this word."""
    return int(np.count_nonzero(~gone[lists.ids(SURFACE, word)]))


def _forget(writer: Any, keys: Collection[str]) -> None:
    # One searcher for all: Whoosh would open one for each key.
    with Searcher(writer.reader()) as searcher:
        for key in keys:
            writer.delete_by_query(Term("key", key), searcher=searcher)


def _add(writer: Any, documents: Iterable[Document]) -> int:
    count = 0
    for document in documents:
        writer.add_document(**entry(document))
        count += 1
    return count


def _read_through(reader: IndexReader) -> None:
    for leaf, _offset in reader.leaf_readers():
        for _stored in leaf.all_stored_fields():
            pass
        for name, term in leaf.all_terms():
            leaf.postings(name, term)
    columns = Columns(reader)
    for name in COLUMNS:
        columns[name]


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except NotReady:
        raise
    except Exception as error:  # Whoosh raises whatever befalls it in a damaged file, Exception itself too
        log.exception("the search index cannot be read")
        raise NotReady("the index is damaged") from error
