"""How much what counts in a result, on every engine: the numbers of BM25F, and ours.

Robertson, Zaragoza: The Probabilistic Relevance Framework (2009), 3.5.
"""

from __future__ import annotations

from typing import Final

TITLE, BODY, SURFACE = "title", "body", "surface"

# How soon further occurrences of a word count for less, and how much the length of a text matters.
K1: Final = 1.2
B: Final = 0.75
# A word in a title says more about a post than one in its text; in the title above a comment, less.
WEIGHTS: Final = {TITLE: 3.0, BODY: 1.0, SURFACE: 1.0}
TITLE_ABOVE: Final = 0.3
# A word in the very form that was typed counts a little more often.
AS_WRITTEN: Final = 1.1
# What a document keeps of its score unless it fulfils every wish. To take off more, the more it lacks, does long
# questions harm: nothing has all their words, and the rare ones tell more than their number.
NOT_ALL: Final = 0.7
