"""The page that says how to search."""

from __future__ import annotations

import html
import re

from forum.search import operators


def test_it_shows_the_whole_table_with_examples_to_follow(app, visit):
    page = visit().get("/search/help")
    assert page.status == 200
    text = html.unescape(page.html)
    with app.test_request_context():
        for row in [*operators.SIGNS, *operators.OPERATORS]:
            assert f"<dt><code>{row.form}</code></dt>" in text
            assert str(row.does) in text
    links = [html.unescape(link) for link in re.findall(r'href="(/search\?q=[^"]+)"', page.html)]
    assert len(links) == len(operators.SIGNS) + len(operators.OPERATORS)


def test_every_example_leads_to_a_search_of_it(app, visit):
    guest = visit()
    page = guest.get("/search/help")
    for link in re.findall(r'href="(/search\?q=[^"]+)"', page.html):
        assert guest.get(html.unescape(link)).status == 200


def test_guests_share_the_page_and_members_find_themselves_signed_in(cast, visit):
    assert visit().get("/search/help").status == 200
    assert "Sign out" in visit(cast.alice).get("/search/help")
