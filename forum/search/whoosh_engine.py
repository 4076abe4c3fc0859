"""The index as files of Whoosh: for one machine, up to some 200,000 posts and comments.

What Whoosh does wrong, and so is not used here: readers kept and refreshed (removed texts stay findable),
readers shared between threads (wrong hits), filters (an empty one lets all through), updating one document
twice in a batch (two copies for ever), writing with several processes (nothing is ever deleted).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from whoosh import fields, index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.query import Term
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from forum.search import (
    analysis,
    whoosh_files,  # noqa: F401 (importing it makes reading cheap)
)
from forum.search.engine import Answer, Document, NotReady, Query
from forum.search.whoosh_folder import IndexFolder, make_lasting
from forum.search.whoosh_ranking import Ranking

log = logging.getLogger(__name__)

# Rises when older indexes cannot be read any more: the fields, how words are made, or how files are laid out.
VERSION: Final = "v1"
# A writer may be quicker than a reader once; three times running it is not.
TRIES: Final = 3


class WhooshEngine:
    """Fulfils `engine.Engine`. Cheap to make; every search opens the index and closes it (1 ms)."""

    def __init__(self, folder: Path) -> None:
        self._folder = IndexFolder(folder / VERSION)

    def find(self, query: Query, most: int) -> Answer:
        with self._reading() as reader:
            return Ranking(reader, query).answer(most) if reader.doc_count() else Answer()

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
        writer = index.create_in(str(build), _schema()).writer(limitmb=256)
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


def _schema() -> fields.Schema:
    """Only Whoosh's own classes: the schema is pickled into the index. Nothing of a text is stored."""
    text = fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=True)
    number = fields.NUMERIC(bits=32, signed=False, shift_step=0, sortable=True)
    return fields.Schema(
        key=fields.ID(stored=True, unique=True),
        stamp=fields.STORED,
        kind=fields.ID(sortable=True),
        number=number,
        post=number,
        author=fields.KEYWORD(scorable=False),
        title=text,
        body=text,
        created=number,
    )


def _forget(writer: Any, keys: Collection[str]) -> None:
    # One searcher for all: Whoosh would open one for each key.
    with Searcher(writer.reader()) as searcher:
        for key in keys:
            writer.delete_by_query(Term("key", key), searcher=searcher)


def _add(writer: Any, documents: Iterable[Document]) -> int:
    count = 0
    for document in documents:
        texts = {"title": document.title, "body": document.body}
        words = {name: " ".join(analysis.terms(text, document.lang)) for name, text in texts.items()}
        words["author"] = " ".join(word.text for name in document.authors for word in analysis.words(name))
        writer.add_document(
            key=document.key,
            stamp=document.stamp,
            kind=document.kind,
            number=document.id,
            post=document.post_id,
            created=max(int(document.created_at.timestamp()), 0),
            **{name: text for name, text in words.items() if text},
        )
        count += 1
    return count


def _read_through(reader: IndexReader) -> None:
    for leaf, _offset in reader.leaf_readers():
        for _stored in leaf.all_stored_fields():
            pass
        for name, term in leaf.all_terms():
            leaf.postings(name, term)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except NotReady:
        raise
    except Exception as error:  # Whoosh raises whatever befalls it in a damaged file, Exception itself too
        log.exception("the search index cannot be read")
        raise NotReady("the index is damaged") from error
