"""The transparency report: page, table and JSON of the same numbers."""

from __future__ import annotations

import csv
import io
import json

import pytest

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import decisions, flagging, queries
from tests import makers
from tests.queries import counted_queries


@pytest.fixture
def decided(app, cast, post):
    """A removal after a flag, a dismissal, and a rejection."""
    for act, rest in (("remove", ["unkind"]), ("dismiss", [])):
        comment = makers.make_comment(cast.alice, post)
        flagging.flag(comment, cast.bob, "unkind", "Zanzibar")
        case = queries.open_case_of(comment)
        getattr(decisions, act)(case, cast.mona, case.version, *rest)
        db.session.commit()
    makers.make_rejected(cast.nora, post, cast.mona, reason="spam")


def test_the_page_has_the_numbers_and_a_chart_with_its_words(decided, visit):
    page = visit().get("/transparency")
    assert page.status == 200
    assert "Removed or rejected 2" in page
    assert "of 2 flags answered" in page
    assert 'role="img" aria-label="Decisions a month' in page.html
    assert "See the numbers" in page
    assert "first comment 1" in page
    for secret in ("Alice", "Nora", "Bob", "Mona", "Zanzibar"):
        assert secret not in page.html


def test_table_and_json_say_the_same(decided, visit):
    found = json.loads(visit().get("/transparency.json").html)
    rows = list(csv.DictReader(io.StringIO(visit().get("/transparency.csv").html)))
    assert [row["month"] for row in rows] == [month["month"] for month in found["months"]] + ["all"]
    for row, month in zip(rows, [*found["months"], found["total"]], strict=True):
        for name, value in row.items():
            kind, _line, rest = name.partition("_")
            if name == "month":
                continue
            inner = {"action": "actions", "reason": "reasons", "held": "held"}.get(kind)
            told = month[inner].get(rest, 0) if inner else month[name]
            assert value == ("" if told is None else str(told)), name


def test_the_numbers_are_those_of_the_log(decided, visit):
    total = json.loads(visit().get("/transparency.json").html)["total"]
    assert total["actions"] | {"remove": 1, "dismiss": 1, "reject": 1} == total["actions"]
    assert (total["flags"], total["flags_answered"], total["flags_upheld"]) == (2, 2, 1)
    assert total["reasons"]["unkind"] == total["reasons"]["spam"] == 1
    assert total["minutes_to_decision_median"] is None, "three are too few to say"
    assert total["comments"] == 3


def test_a_site_where_nothing_was_decided_has_a_report(app, visit):
    assert visit().get("/transparency").status == 200
    assert json.loads(visit().get("/transparency.json").html)["total"]["decisions"] == 0


def test_the_table_is_a_file_to_save(decided, visit):
    headers = visit().get("/transparency.csv").response.headers
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="transparency.csv"' in headers["Content-Disposition"]


def test_the_report_is_in_welsh_too(decided, visit):
    assert visit().get("/transparency", headers={"Accept-Language": "cy"}).status == 200


def test_it_costs_the_same_however_much_was_decided(decided, cast, post, visit, monkeypatch):
    # The present month is counted anew each minute, which must not begin between two of these pages.
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    alice = visit(cast.alice)
    alice.get("/transparency")
    with counted_queries() as few:
        alice.get("/transparency")
    for _number in range(8):
        makers.make_removed(cast.alice, post, cast.mona)
    alice.get("/transparency")
    with counted_queries() as many:
        alice.get("/transparency")
    assert len(many) <= len(few)
