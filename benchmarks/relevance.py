"""How good a ranking is, against what people judged: the measures of trec_eval, the standard of the field.

A grade of 1 or more is relevant; what nobody judged is not. Definitions: trec_eval 9 (NIST), measures map, P,
recall and ndcg_cut; Järvelin, Kekäläinen: Cumulated Gain-Based Evaluation of IR Techniques (2002), with the grade as
gain and the logarithm to the base 2 of the rank + 1 as discount.
"""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

# Of one question: the grade of each judged document, by its id.
Grades = Mapping[str, int]

DOCUMENTS, QUESTIONS, JUDGEMENTS = "docs.jsonl", "queries.jsonl", "qrels.tsv"


class Text(NamedTuple):
    """A document of a collection."""

    id: str
    title: str
    body: str


@dataclass(frozen=True)
class Collection:
    """Documents, questions by their id, and what people judged of them."""

    texts: Sequence[Text]
    questions: Mapping[str, str]
    grades: Mapping[str, Grades]

    def judged(self) -> dict[str, str]:
        """The questions to which there is an answer at all; nothing can be told by the others."""
        return {number: asked for number, asked in self.questions.items() if _relevant(self.grades.get(number, {}))}


def lacking(folder: Path) -> list[str]:
    """The files that make this folder no collection."""
    return [name for name in (DOCUMENTS, QUESTIONS, JUDGEMENTS) if not (folder / name).is_file()]


def read(folder: Path) -> Collection:
    """A collection as it lies there: two files of JSON lines, and judgements in columns."""
    texts = [Text(row["id"], row.get("title", ""), row["text"]) for row in _lines(folder / DOCUMENTS)]
    questions = {row["id"]: row["text"] for row in _lines(folder / QUESTIONS)}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / JUDGEMENTS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            grades[row["query_id"]][row["doc_id"]] = int(row["grade"])
    return Collection(texts, questions, grades)


def _lines(path: Path) -> list[dict[str, str]]:
    # Not splitlines: a text may hold signs that end a line for Python, and not for JSON.
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def average_precision(ranking: Sequence[str], grades: Grades) -> float:
    """The mean, over all relevant documents, of the precision where each is found; 0 for those that are not."""
    relevant = _relevant(grades)
    found, total = 0, 0.0
    for rank, document in enumerate(ranking, 1):
        if document in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def precision(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """The share of the first so many that is relevant; places that stay empty count as not relevant."""
    return len(_relevant(grades).intersection(ranking[:depth])) / depth


def recall(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """The share of what is relevant that is among the first so many."""
    relevant = _relevant(grades)
    return len(relevant.intersection(ranking[:depth])) / len(relevant)


def ndcg(ranking: Sequence[str], grades: Grades, depth: int) -> float:
    """The gain of the first so many, discounted by rank, over that of the best order there could be."""
    best = sorted(grades.values(), reverse=True)[:depth]
    return _gain([grades.get(document, 0) for document in ranking[:depth]]) / _gain(best)


def figures(rankings: Mapping[str, Sequence[str]], grades: Mapping[str, Grades]) -> dict[str, float]:
    """The means over these questions; each has a relevant document."""
    pairs = [(ranking, grades[number]) for number, ranking in rankings.items()]
    return {
        "map": fmean(average_precision(*pair) for pair in pairs),
        "ndcg10": fmean(ndcg(*pair, 10) for pair in pairs),
        "p10": fmean(precision(*pair, 10) for pair in pairs),
        "recall100": fmean(recall(*pair, 100) for pair in pairs),
    }


def _gain(grades: Sequence[int]) -> float:
    return sum(max(grade, 0) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def _relevant(grades: Grades) -> set[str]:
    return {document for document, grade in grades.items() if grade >= 1}
