"""Quotations of comments, found and left out."""

from __future__ import annotations

import pytest

from forum.text import quotations, references
from forum.text.markdown import render_comment


def html(source: str) -> str:
    return references.link(render_comment(source).html, (), {1, 2, 3})


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("> Words.\n>\n> Al, #1\n\nMine.", {1}),
        ("> One.\n>\n> Al, #1\n\nMine.\n\n> Two.\n>\n> Bo, #2", {1, 2}),
        ("> > Deep.\n> >\n> > Al, #1\n>\n> Bo, #2", {1, 2}),
        ("> Words without a name.\n\nAl, #1", set()),
        ("Only #1 is named.", set()),
        ("> #1 begins it.\n>\n> It ends otherwise.", set()),
        ("> Words.\n>\n> Nobody, #9", {9}),
        ("> Words.\n>\n> Al, #1\nMine, without a gap.", {1}),
        ("> A ticket: #1", set()),
    ],
)
def test_a_quotation_ends_with_what_it_is_from(source, named):
    assert quotations.named(html(source)) == named
    assert quotations.typed(source) == named


def test_only_what_is_gone_is_left_out():
    source = "> One.\n>\n> Al, #1\n\nMine.\n\n> Two.\n>\n> Bo, #2\n\nMore."
    left = quotations.without(html(source), {1}, lambda number: f"[{number}]")
    assert "One." not in left
    assert "<blockquote><p>[1]</p></blockquote>" in left
    assert all(words in left for words in ("Mine.", "Two.", "More."))
    assert quotations.typed_without(source, {1}) == "> … #1\n\nMine.\n\n> Two.\n>\n> Bo, #2\n\nMore."
    assert quotations.without(html(source), {3}, str) == html(source)


def test_a_quotation_goes_with_all_that_it_quotes_and_one_inside_goes_alone():
    source = "> > Deep.\n> >\n> > Al, #1\n>\n> Middle.\n>\n> Bo, #2\n\nMine."
    whole = quotations.without(html(source), {2}, str)
    assert "Deep." not in whole
    assert "Middle." not in whole
    inner = quotations.without(html(source), {1}, str)
    assert "Deep." not in inner
    assert "Middle." in inner
    for left in (whole, inner):
        assert left.count("<blockquote>") == left.count("</blockquote>")
        assert "Mine." in left


def test_what_was_written_on_without_a_gap_stays():
    source = "> One.\n>\n> Al, #1\nMine."
    left = quotations.without(html(source), {1}, lambda number: f"[{number}]")
    assert "One." not in left
    assert "Mine." in left
    assert quotations.typed_without(source, {1}) == "> … #1\nMine."


def test_a_quotation_inside_goes_from_what_was_typed_too():
    source = "> > Deep.\n> >\n> > Al, #1\n>\n> Middle.\n>\n> Bo, #2\n\nMine."
    left = quotations.typed_without(source, {1})
    assert "Deep." not in left
    assert "Middle." in left
    assert "Mine." in left
