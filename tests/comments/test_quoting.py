"""A comment as a quotation."""

from __future__ import annotations

import pytest

from forum.comments import posting, quoting
from forum.text import markdown
from tests import makers


def quote(cast, body):
    return quoting.whole(makers.make_comment(cast.bob, makers.make_post(cast.arthur), body))


QUOTED = [
    ("one line", "It was so.", "> It was so."),
    ("its Markdown stays", "It **was** so:\n\n- one\n- two", "> It **was** so:\n>\n> - one\n> - two"),
    ("quotations in it are left out", "> She said so.\n\nI do not think so.", "> I do not think so."),
    ("lazy lines of a quotation too", "> She said so\nand went on.\n\nNo.", "> No."),
    ("quotations in a list too", "- a\n- > she\n\nNo.", "> - a\n>\n> No."),
    ("only a quotation comes up one level", "> > She said so.\n>\n> He said so.", "> She said so.\n>\n> He said so."),
    ("footnotes are left out", "So[^1] it was.\n\n[^1]: In June.", "> So it was."),
    ("pictures become links", "![A bus](https://example.org/bus.png)", "> [A bus](https://example.org/bus.png)"),
    ("code stays code", "```\na > b\n```", "> ```\n> a > b\n> ```"),
]


@pytest.mark.parametrize(("body", "begin"), [row[1:] for row in QUOTED], ids=[row[0] for row in QUOTED])
def test_a_comment_is_quoted(app, cast, body, begin):
    assert quote(cast, body) == f"{begin}\n>\n> Bob Barker, #1"


def test_a_quotation_is_one_and_leads_back(app, cast):
    comment = makers.make_comment(cast.bob, makers.make_post(cast.arthur), "It *was* so.")
    html = shown(cast, comment.post, quoting.whole(comment) + "\n\nYes.")
    assert html.count("<blockquote>") == 1
    assert "<em>was</em>" in html
    assert 'href="/comments/1"' in html
    assert html.index("</blockquote>") < html.index("Yes.")


def shown(cast, post, body):
    return posting.prepare(body, cast.alice, post).rendered.html


@pytest.mark.parametrize(
    "name",
    ["*Bob* [x](https://evil.example)", "@alice", "#7", "`Bob`", "<b>Bob</b>", "B|o|b ||x||", "www.evil.example"],
)
def test_a_name_means_nothing_to_markdown(app, cast, name):
    cast.bob.name = name
    comment = makers.make_comment(cast.bob, makers.make_post(cast.arthur), "So.")
    html = shown(cast, comment.post, quoting.whole(comment))
    assert name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in html
    assert html.count("<a ") == 1
    assert not any(tag in html for tag in ("<em>", "<code>", "<b>", "mention", "spoiler"))


def words_of(quotation: str) -> str:
    return quotation.rpartition("\n>\n> Bob Barker")[0]


def test_a_long_comment_is_cut_after_a_paragraph(app, cast):
    paragraphs = [f"Paragraph {number}. " + "word " * 60 for number in range(8)]
    lines = words_of(quote(cast, "\n\n".join(paragraphs)))
    assert lines.endswith(">\n> …")
    assert "Paragraph 2." in lines
    assert "Paragraph 3." not in lines
    assert len(lines) < quoting.LONGEST + 100


def test_a_long_paragraph_is_cut_after_a_sentence_or_a_word(app, cast):
    assert words_of(quote(cast, "A sentence of some words. " * 100)).endswith("some words. …")
    assert words_of(quote(cast, "wordy " * 400)).endswith("wordy …")
    assert len(quote(cast, "w" * 5000)) < quoting.LONGEST + 100


def test_long_code_is_cut_and_closed(app, cast):
    body = "```python\n" + "\n".join(f"line_{number} = {number}" for number in range(500)) + "\n```"
    quotation = quote(cast, body)
    assert words_of(quotation).endswith("> ```\n>\n> …")
    assert "Bob Barker" not in markdown.render_comment(quotation).html.partition("</code>")[0]


def test_a_spoiler_is_not_cut_open(app, cast):
    html = markdown.render_comment(quote(cast, "word " * 190 + "||" + "secret " * 40 + "||")).html
    assert "secret" not in html


@pytest.mark.parametrize(
    "body", ["> " * 15 + "x", "- " * 15 + "x", "#" * 7, "[^1]: alone", "***", "| a |\n|---|\n| b |", "> x\n" * 900]
)
def test_strange_comments_are_quoted_too(app, cast, body):
    comment = makers.make_comment(cast.bob, makers.make_post(cast.arthur))
    comment.body = body
    quotation = quoting.whole(comment)
    assert quotation.endswith("Bob Barker, #1")
    assert all(line.startswith(">") for line in quotation.split("\n"))


def test_the_longest_comment_is_not_read_to_its_end(app, cast, monkeypatch):
    read = []
    parse = markdown.parse
    monkeypatch.setattr(markdown, "parse", lambda source: read.append(len(source)) or parse(source))
    assert len(quoting.own_words("word " * (posting.LONGEST // 5))) < quoting.LONGEST + 100
    assert max(read) <= quoting.LOOKED_AT
