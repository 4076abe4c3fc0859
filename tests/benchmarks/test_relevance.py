"""The measures of a ranking, against values computed by hand from the definitions of trec_eval."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from benchmarks import relevance
from benchmarks.relevance import average_precision, ndcg, precision, recall

# Three are relevant; d was judged and is not, x was not judged.
GRADES = {"a": 3, "b": 1, "c": 2, "d": 0}
RANKING = ["x", "a", "d", "b"]


def test_average_precision_counts_each_relevant_document_and_those_not_found_as_nothing():
    # a is second (1/2), b is fourth (2/4), c is missing.
    assert average_precision(RANKING, GRADES) == pytest.approx((1 / 2 + 2 / 4 + 0) / 3)


def test_a_perfect_ranking_is_one_and_an_empty_one_nothing():
    perfect = ["a", "c", "b"]
    assert average_precision(perfect, GRADES) == ndcg(perfect, GRADES, 10) == recall(perfect, GRADES, 100) == 1
    assert average_precision([], GRADES) == ndcg([], GRADES, 10) == recall([], GRADES, 100) == 0


def test_precision_counts_empty_places():
    assert precision(RANKING, GRADES, 2) == 1 / 2
    assert precision(RANKING, GRADES, 10) == 2 / 10


def test_recall_counts_only_the_first_so_many():
    assert recall(RANKING, GRADES, 2) == 1 / 3
    assert recall(RANKING, GRADES, 100) == 2 / 3


def test_gain_is_the_grade_over_the_logarithm_of_the_rank_and_one():
    best = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert ndcg(RANKING, GRADES, 10) == pytest.approx((3 / log2(3) + 1 / log2(5)) / best)


def test_only_the_first_so_many_gain_and_the_best_order_is_cut_as_well():
    assert ndcg(RANKING, GRADES, 2) == pytest.approx((3 / log2(3)) / (3 / log2(2) + 2 / log2(3)))


def test_a_grade_below_nothing_is_nothing():
    assert ndcg(["spam", "a"], {"a": 1, "spam": -2}, 10) == pytest.approx(1 / log2(3))


def test_the_figures_are_means_over_the_questions():
    found = relevance.figures({"1": ["a"], "2": []}, {"1": {"a": 1}, "2": {"b": 1}})
    assert found == {"map": 0.5, "ndcg10": 0.5, "p10": 0.05, "recall100": 0.5}


def test_a_collection_is_read_as_it_lies_and_questions_without_an_answer_are_left_out(tmp_path: Path):
    _write(
        tmp_path / "docs.jsonl", [{"id": "d1", "title": "Buses", "text": "Late\u2028again."}, {"id": "d2", "text": ""}]
    )
    _write(tmp_path / "queries.jsonl", [{"id": "q1", "text": "why late"}, {"id": "q2", "text": "trams"}])
    (tmp_path / "qrels.tsv").write_text("query_id\tdoc_id\tgrade\nq1\td1\t2\nq1\td2\t0\nq2\td2\t0\n")
    found = relevance.read(tmp_path)
    assert found.texts == [("d1", "Buses", "Late\u2028again."), ("d2", "", "")]
    assert found.grades["q1"] == {"d1": 2, "d2": 0}
    assert found.judged() == {"q1": "why late"}


def test_a_folder_says_what_it_lacks(tmp_path: Path):
    (tmp_path / "docs.jsonl").touch()
    assert relevance.lacking(tmp_path) == ["queries.jsonl", "qrels.tsv"]


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    # As they are, without escapes: a text may hold signs that look like the end of a line.
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
