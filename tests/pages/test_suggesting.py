"""Whom a writer may mean who types an @."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from forum.accounts import queries as account_queries
from forum.accounts import usernames
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.reading import people
from tests import makers
from tests.cast import make_user
from tests.queries import counted_queries


@pytest.fixture
def found(cast, visit, post):
    alice = visit(cast.alice)

    def found(typed, slug=None):
        page = alice.get("/people/suggest", query_string={"q": typed, "post": post.slug if slug is None else slug})
        assert page.status == 200
        return re.findall(r'data-username="([^"]*)"', page.html)

    return found


def test_people_are_found_by_the_beginning_of_their_username_or_name(cast, found):
    make_user("zq-seven", name="Farida Rahmani")
    make_user("farah", name="Zoe Quill")
    for typed in ("far", "FAR", "@far", " far "):
        assert found(typed) == ["farah", "zq-seven"], typed
    assert found("farid") == ["zq-seven"]
    assert found("arid") == []


def test_people_of_this_discussion_come_first(cast, post, found):
    for number in range(10):
        make_user(f"bo{number}x")
    makers.make_comment(cast.bob, post)
    assert found("bo") == ["bob", *(f"bo{number}x" for number in range(people.MOST - 1))]
    assert found("bo", slug="")[0] == "bo0x"


def test_in_a_discussion_any_part_of_a_name_counts_and_accents_do_not(cast, post, found):
    makers.make_comment(make_user("zq1", name="Siân Ŵyn Élodie"), post)
    for typed in ("sian", "wyn", "Elo", "élo", "ŵ"):
        assert found(typed) == ["zq1"], typed


def test_the_authors_of_the_post_are_of_its_discussion(found):
    assert found("auth") == ["arthur"]


def test_one_does_not_mention_oneself(found):
    assert found("alice") == []


def test_at_most_eight_are_proposed(found):
    for number in range(12):
        make_user(f"carol{number}x")
    assert len(found("carol")) == people.MOST == 8


@pytest.mark.parametrize("typed", ["", "@", "%", "_", "b%", "\\", "'", "b" * 500, "<script>", "\U0010ffff", "é"])
def test_strange_beginnings_find_nobody(cast, typed, found):
    assert cast.bob
    assert found(typed) == []


def test_a_percent_sign_stands_for_itself(found):
    make_user("per-cent", name="100% Welsh")
    assert found("100%") == ["per-cent"]
    assert found("10%") == []


def test_accounts_that_readers_must_not_know_of_are_not_proposed(cast, found):
    make_user("hidden1", name="Hidden One", confirmed_at=None)
    assert found("hidden") == []


def test_imported_writers_are_proposed(cast, found):
    make_user("imported", email=None, email_key=None, confirmed_at=None, password_hash=None)
    assert found("imp") == ["imported"]


def test_a_name_that_markdown_would_cut_is_not_proposed(found, app):
    make_user("cut_", name="Cut Off")
    assert found("cut") == []


def test_no_address_is_told(cast, visit):
    assert cast.bob
    page = visit(cast.alice).get("/people/suggest?q=bob")
    assert "@bob" in page
    assert "example.org" not in page.html


def test_names_are_escaped(cast, visit):
    make_user("evil", name="<img src=x onerror=alert(1)>")
    page = visit(cast.alice).get("/people/suggest?q=evil")
    assert "<img src=x" not in page.html
    assert "&lt;img" in page.html


def test_how_many_there_are_is_said_for_those_who_do_not_see_them(cast, visit):
    assert cast.bob
    assert "1 person found." in visit(cast.alice).get("/people/suggest?q=bob")


def test_a_private_post_tells_nothing_of_who_wrote_below_it(cast, found):
    hidden = makers.make_post(cast.arthur, is_published=False)
    assert found("arth", slug=hidden.slug) == ["arthur"], "found as everybody is"
    assert found("auth", slug=hidden.slug) == []


def test_who_only_has_held_comments_here_is_not_told_to_be_here(cast, post, found):
    makers.make_held(cast.nora, post)
    assert found("new") == [], "Nora New is found by any part of her name only once her comment is public"
    assert found("nora") == ["nora"]


def test_a_guest_is_asked_to_sign_in(cast, visit):
    assert cast.bob
    page = visit().get("/people/suggest?q=bob")
    assert page.status == 303
    assert "bob" not in page.html.replace("q%3Dbob", "")


def test_nobody_has_the_name_of_this_address(app):
    with pytest.raises(Refused, match="kept for the site"):
        usernames.clean("suggest")


def test_the_queries_do_not_grow_with_the_discussion(cast, post):
    def queries() -> int:
        db.session.expire_all()
        with counted_queries() as made:
            people.suggestions("b", post.slug, cast.alice)
        return len(made)

    makers.make_comment(cast.bob, post)
    few = queries()
    for number in range(12):
        makers.make_comment(make_user(f"bee{number}x"), post)
    assert queries() <= few


def test_beginnings_are_looked_up_by_an_index(app, cast):
    """As the databases plan it: no walk through all people."""
    for number in range(300):
        make_user(f"user{number}x")
    is_postgres = db.engine.dialect.name == "postgresql"
    asked = []
    hear = lambda _connection, _cursor, text, values, _context, _many: asked.append((text, values))  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", hear)
    account_queries.beginning_with("user7", 8)
    event.remove(db.engine, "before_cursor_execute", hear)
    plans = []
    with db.engine.connect() as connection:
        for text, values in [one for one in asked if "FROM users" in one[0]]:
            if is_postgres:
                connection.exec_driver_sql("ANALYZE users")
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            prefix = "EXPLAIN " if is_postgres else "EXPLAIN QUERY PLAN "
            plans.append(" ".join(str(row) for row in connection.exec_driver_sql(prefix + text, values)))
    assert "ix_users_username_start" in plans[0]
    assert "ix_users_name_start" in plans[1]
