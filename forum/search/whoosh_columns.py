"""The numbers of all documents of an open index, column by column."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from whoosh.reading import IndexReader
from whoosh.util.numeric import byte_to_length

from forum.search.arrays import Marks, Numbers, Weights, any_of, np
from forum.search.whoosh_entries import COLUMNS
from forum.search.whoosh_lists import leaves

# Whoosh keeps the length of a text as one byte: the number of a step.
_LENGTHS: Final = np.array([byte_to_length(step) for step in range(256)], np.float64)


class Columns:
    """Each column is read when it is first asked for; 100,000 numbers take 0.1 ms."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader, self._leaves = reader, leaves(reader)
        self.count: int = reader.doc_count_all()
        self._read: dict[str, Numbers] = {}

    def __getitem__(self, name: str) -> Numbers:
        if name not in self._read:
            self._read[name] = self._join(name, COLUMNS[name])
        return self._read[name]

    def lengths(self, field: str) -> Numbers:
        """How long this text is in each document, as numbers of steps; 0 without it."""
        name = f"_{field}_len"
        if name not in self._read:
            self._read[name] = self._join(name, "B")
        return self._read[name]

    def relative_lengths(self, field: str) -> Weights:
        """For each step, how many times as long it is as this text usually is where there is one."""
        having = np.count_nonzero(self.lengths(field))
        usual = self._reader.field_length(field) / having if having else 0
        return _LENGTHS / usual if usual else np.ones_like(_LENGTHS)

    def gone(self, stale: Collection[int] = ()) -> Marks:
        """The documents that are forgotten, and those whose `thing` is one of these."""
        found = any_of(stale, self["thing"]) if stale else np.zeros(self.count, np.bool_)
        for leaf, offset in self._leaves:
            found[[offset + number for number in leaf.segment().deleted_docs()]] = True
        return found

    def _join(self, name: str, width: str) -> Numbers:
        # Whoosh writes nothing for the last documents where their number is 0.
        whole = np.zeros(self.count, np.int64)
        for leaf, offset in self._leaves:
            if leaf._perdoc.has_column(name):
                file, start, length = leaf._perdoc._get_column_file(name)
                part = np.frombuffer(file.get(start, length), f">{width}", length // np.dtype(width).itemsize)
                whole[offset : offset + len(part)] = part
        return whole
