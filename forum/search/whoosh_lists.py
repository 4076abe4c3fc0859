"""Which documents hold which words: Whoosh's lists of postings, read whole blocks at a time.

Whoosh's own way, one posting after the other, costs several times as much. Documents are numbered over the whole
index here, and forgotten ones are still among them.
"""

from __future__ import annotations

import pickle
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from itertools import accumulate, islice
from typing import Any, Final, NamedTuple, cast

from whoosh.reading import IndexReader, TermNotFound

from forum.search.arrays import Numbers, Weights, np

# Steps from document to document, counts, and places.
_Block = tuple[tuple[int, ...], tuple[float, ...] | float | None, Any]

# How a pickle of version 2 says that bytes follow; and that nothing does, in a tuple of three, and no more.
_FIRST_BYTES: Final = b"c_codecs\nencode\n"
_NOTHING_AND_END: Final = pickle.NONE + pickle.TUPLE3 + pickle.STOP
# Before the pickled places of a word in a document, Whoosh writes how many they are, in so many bytes.
_COUNT: Final = 4


class Postings(NamedTuple):
    """The documents with a word, and how often each has it."""

    ids: Numbers
    counts: Weights


def leaves(reader: IndexReader) -> list[tuple[Any, int]]:
    """The parts of an open index, each with the number of its first document; an empty index has none."""
    return [(leaf, offset) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]


class Lists:
    """The lists of an open index."""

    def __init__(self, reader: IndexReader) -> None:
        self._leaves = leaves(reader)

    def frequency(self, field: str, word: str) -> int:
        """How many documents hold it; this reads no list."""
        return sum(leaf.doc_frequency(field, word) for leaf, _offset in self._leaves)

    def ids(self, field: str, word: str) -> Numbers:
        blocks = ((offset, _load_briefly(matcher)[0]) for offset, matcher in self._blocks(field, word))
        return _joined([_numbers(steps, offset) for offset, steps in blocks])

    def postings(self, field: str, word: str) -> Postings:
        ids: list[Numbers] = []
        counts: list[float] = []
        for offset, matcher in self._blocks(field, word):
            steps, some, _packed = _load_briefly(matcher)
            ids.append(_numbers(steps, offset))
            # Where all are the same, the block has one number, and where that is 1, none.
            counts.extend(some if isinstance(some, tuple) else [some or 1.0] * len(steps))
        return Postings(_joined(ids), np.array(counts, np.float64))

    def packed_places(self, field: str, word: str, among: Collection[int] | None) -> Iterator[tuple[int, bytes]]:
        """Of these documents (None: of all), those with the word, and for `places` where it stands in them."""
        for offset, matcher in self._blocks(field, word, among):
            steps, _counts, packed = _load(matcher)
            found = zip(_numbers(steps, offset).tolist(), packed, strict=True)
            yield from found if among is None else (one for one in found if one[0] in among)

    def beginning(self, field: str, letters: str, most: int) -> Iterator[tuple[str, int]]:
        """Words that begin so, at most so many of each leaf, and how many documents hold them there.

        In each leaf they come in the order of the alphabet.
        """
        for leaf, _offset in self._leaves:
            for (name, word), info in islice(leaf.iter_from(field, letters), most):
                text = word.decode()
                if name != field or not text.startswith(letters):
                    break
                yield text, info.doc_frequency()

    def _blocks(self, field: str, word: str, among: Collection[int] | None = None) -> Iterator[tuple[int, Any]]:
        """Whoosh's readers of the lists, on each block in turn that may have one of these documents."""
        wanted = None if among is None else sorted(among)
        for leaf, offset in self._leaves:
            try:
                matcher = leaf._terms.matcher(field, word.encode(), leaf.schema[field].format)
            except TermNotFound:
                continue
            first = offset
            while matcher.is_active():
                last = offset + matcher.block_max_id()
                if wanted is None or bisect_left(wanted, first) < bisect_right(wanted, last):
                    yield offset, matcher
                first = last + 1
                matcher._next_block()


def _load(matcher: Any) -> _Block:
    return cast(_Block, pickle.loads(_raw(matcher)))  # noqa: S301 (our own files, as in whoosh_files)


def _load_briefly(matcher: Any) -> _Block:
    """A block without the places, which take most of the time.

    They come last, each pickled as a call of `_codecs.encode`: the pickle is ended before the first of them. More than
    three are a tuple, which begins with a mark.
    """
    raw = _raw(matcher)
    end = raw.find(_FIRST_BYTES)
    if end >= 0:
        raw = raw[: end - (matcher._blocklength > 3)] + _NOTHING_AND_END
    return cast(_Block, pickle.loads(raw))  # noqa: S301


def _raw(matcher: Any) -> bytes:
    raw = matcher._postfile.get(matcher._dataoffset, matcher._nextoffset - matcher._dataoffset)
    return zlib.decompress(raw) if matcher._compression else raw


def places(packed: bytes) -> Iterator[int]:
    """Where a word stands, counted in words."""
    return accumulate(pickle.loads(packed[_COUNT:]))  # noqa: S301 (our own files, as in whoosh_files)


def _numbers(steps: tuple[int, ...], offset: int) -> Numbers:
    return np.cumsum(steps, dtype=np.int64) + offset


def _joined(parts: list[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
