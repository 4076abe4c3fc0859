"""What somebody asks of the search: the words they typed, and what they ticked beside the results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

# Results on a page; and how far they are shown: who wants more adds a word.
PAGE: Final = 20
DEPTH: Final = 1000
LAST_PAGE: Final = DEPTH // PAGE
# Values of one kind that are ticked at once.
MOST_TICKS: Final = 20


@dataclass(frozen=True)
class Asked:
    """A search as its address says it. `kinds` are the engine's, the others slugs and usernames; nothing need exist."""

    q: str = ""
    kinds: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    order: str = ""
    page: int = 1

    @property
    def has_ticks(self) -> bool:
        return bool(self.kinds or self.series or self.tags or self.authors or self.year)

    def without_ticks(self) -> Asked:
        return Asked(self.q, order=self.order)

    def with_words(self, q: str) -> Asked:
        """The same of other words, from the first page on."""
        return replace(self, q=q, page=1)
