"""The moderators' search, as a page."""

from __future__ import annotations

import pytest

from forum.accounts import blocking
from forum.foundation.db import db
from forum.moderation import cases, queries, searching
from forum.moderation.models import Signal
from forum.screening import names
from tests import makers
from tests.queries import counted_queries

PAGE = "/moderation/search"


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur, "Slow buses")


def numbers(page) -> list[int]:
    """Which comments the page shows, in their order."""
    return [int(part.partition('"')[0]) for part in page.html.split('id="comment-')[1:]]


def test_a_moderator_fills_in_the_form_and_finds_what_readers_never_saw(post, cast, visit):
    comment, case = makers.make_held(cast.nora, post, "A café & a **disgrace**.")
    makers.make_comment(cast.alice, post, "Something else.")
    cases.add_signal(case, names.WORDS, {"found": ["disgrace"], "words": [{"id": 1, "pattern": "disgrace"}]})
    db.session.commit()
    mona = visit(cast.mona)
    start = mona.get(PAGE)
    assert "Fill in one field or several" in start
    assert numbers(start) == []
    page = mona.submit(start, PAGE, words="cafe", author="nora", discussion="buses", state="held", matched="disgr")
    assert page.status == 200
    assert numbers(page) == [comment.id]
    for words in (
        "A <mark>café</mark> &amp; a <mark>disgr</mark>ace.",
        f'href="/moderation/cases/{case.id}"',
        f'href="/moderation/people/{cast.nora.id}"',
        f'href="/comments/{comment.id}"',
        f"/posts/{post.slug}",
    ):
        assert words in page.html, words
    assert "Waiting for a moderator" in page
    assert "watched word: disgrace" in page
    # What was asked is in the form still.
    kept = page.form(PAGE)["fields"]
    assert (kept["words"], kept["author"], kept["state"]) == ("cafe", "nora", "held")


def test_what_a_check_found_is_marked_where_no_words_are_looked_for(post, cast, visit):
    _comment, case = makers.make_held(cast.nora, post, "What a disgrace.")
    cases.add_signal(case, names.WORDS, {"found": ["disgrace"], "words": []})
    db.session.commit()
    assert "What a <mark>disgrace</mark>." in visit(cast.mona).get(f"{PAGE}?state=held").html


def test_the_search_is_among_the_pages_of_moderation(post, cast, visit):
    page = visit(cast.mona).get("/moderation")
    assert f'href="{PAGE}"' in page.html
    assert f'href="{PAGE}" aria-current="page"' in visit(cast.mona).get(PAGE).html


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("arthur", 403), (None, 303)])
def test_nobody_else_searches_not_even_authors_who_decide_below_their_posts(who, status, cast, visit):
    post = makers.make_post(cast.arthur, "Slow buses", authors_moderate=True)
    makers.make_held(cast.nora, post, "Zanzibar.")
    page = visit(getattr(cast, who) if who else None).get(f"{PAGE}?words=Zanzibar")
    assert page.status == status
    assert "Nora New" not in page.html
    assert f'"{PAGE}"' not in visit(getattr(cast, who) if who else None).get("/").html


def test_administrators_search_too(post, cast, visit):
    comment, _case = makers.make_held(cast.nora, post, "Zanzibar.")
    assert numbers(visit(cast.ada).get(f"{PAGE}?words=zanzibar")) == [comment.id]


def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_is_kept(post, cast, visit):
    makers.make_comment(cast.alice, post, "Words.")
    page = visit(cast.mona).get(f"{PAGE}?words=words&since=soon&until=2026-02-30&state=lost&author=nobody")
    assert page.status == 422
    assert "Please check 4 things" in page
    assert numbers(page) == []
    assert "No comment fits" not in page
    for field, sentence in (
        ("since", "Type a date as"),
        ("until", "There is no such day"),
        ("state", "Choose one of the states"),
        ("author", "Nobody has this in their name"),
    ):
        assert sentence in page.html.partition(f'id="{field}-error"')[2].partition("</p>")[0], field
    kept = page.form(PAGE)["fields"]
    assert (kept["words"], kept["since"], kept["author"]) == ("words", "soon", "nobody")


@pytest.mark.parametrize(
    "query", ["words=%20%20", "words=%22", "words=%3Cscript%3Ealert(1)", "author=%25", "matched=%27%22"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(query, post, cast, visit):
    makers.make_comment(cast.alice, post, "Words.")
    page = visit(cast.mona).get(f"{PAGE}?{query}")
    assert page.status in (200, 422)
    assert "<script>alert" not in page.html


def test_an_address_stands_in_no_address_line(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "By Alice.")
    makers.make_comment(cast.bob, post, "By Bob.")
    mona, digest = visit(cast.mona), blocking.digest_of("alice@example.org")
    answer = mona.submit(mona.get(PAGE), PAGE, follow=False, address="Alice@example.org", words="by")
    assert answer.status == 303
    assert answer.location == f"{PAGE}?words=by&address={digest}"
    page = mona.follow(answer)
    assert numbers(page) == [comment.id]
    assert "alice@example.org" not in page.html.lower()
    # Whoever types it into the address line is led away from it.
    assert mona.get(f"{PAGE}?address=alice%40example.org").location == f"{PAGE}?address={digest}"
    # From a comment to all that its writer's address wrote.
    assert f'href="{PAGE}?address={digest}"' in page.html


def test_an_address_with_a_slip_goes_nowhere(post, cast, visit):
    mona = visit(cast.mona)
    page = mona.submit(mona.get(PAGE), PAGE, follow=False, address="alice at example.org", words="by")
    assert page.status == 422
    assert "Type an e-mail address" in page.html.partition('id="address-error"')[2]
    assert page.form(PAGE)["fields"]["words"] == "by"


def test_an_address_that_nobody_has_is_said_to_be_so_and_whether_it_is_blocked(post, cast, visit):
    makers.make_comment(cast.alice, post)
    blocking.block("gone@example.org")
    db.session.commit()
    page = visit(cast.mona).get(f"{PAGE}?address={blocking.digest_of('gone@example.org')}")
    assert numbers(page) == []
    assert "No account has this address." in page
    assert "This address is blocked" in page


def test_new_words_that_wait_are_shown_as_such(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "Old words.")
    alice = visit(cast.alice)
    links = "http://a.org http://b.org http://c.org http://d.org fresh"
    alice.submit(alice.get(f"/comments/{comment.id}/edit"), f"/comments/{comment.id}/edit", body=links)
    page = visit(cast.mona).get(f"{PAGE}?state=edit&words=fresh")
    assert numbers(page) == [comment.id]
    assert "<mark>fresh</mark>" in page.html
    assert "New words wait" in page.text.partition("Alice Archer")[2]


def test_below_a_post_that_is_no_longer_public_it_is_found_without_a_way_there(post, cast, visit):
    comment = makers.make_comment(cast.alice, post, "Zanzibar.")
    post.state = "draft"
    db.session.commit()
    page = visit(cast.mona).get(f"{PAGE}?words=zanzibar")
    assert numbers(page) == [comment.id]
    assert "Slow buses" in page
    assert f'href="/posts/{post.slug}"' not in page.html
    assert f'href="/comments/{comment.id}"' not in page.html


def test_older_ones_are_a_page_away_with_the_same_words(post, cast, visit, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 2)
    made = [makers.make_comment(cast.alice, post, f"Bus & tram {number}.").id for number in range(3)]
    mona = visit(cast.mona)
    first = mona.get(f"{PAGE}?words=bus+%26+tram")
    assert numbers(first) == made[:0:-1]
    assert "Older comments" in first
    second = mona.get(older_of(first))
    assert numbers(second) == made[:1]
    assert 'rel="next"' not in second.html
    assert mona.get(f"{PAGE}?words=bus&after=xyz").status == 400


def test_where_it_looked_so_far_it_says_so_and_goes_on(post, cast, visit, monkeypatch):
    monkeypatch.setattr(searching, "MOST_TEXTS", 2)
    needle = makers.make_comment(cast.alice, post, "Needle.")
    for _number in range(3):
        makers.make_comment(cast.bob, post, "Hay.")
    mona = visit(cast.mona)
    first = mona.get(f"{PAGE}?words=needle")
    assert "Searched the newest 2 comments." in first
    assert "Search older ones" in first
    second = mona.get(older_of(first))
    assert numbers(second) == [needle.id]
    assert "Searched" not in second


def test_it_costs_the_same_however_much_is_found(post, cast, visit):
    mona = visit(cast.mona)
    address = f"{PAGE}?words=some&author=a&discussion=buses&matched=some&address={blocking.digest_of(cast.alice.email)}"

    def asked() -> int:
        mona.get(address)
        with counted_queries() as sent:
            found.append(len(numbers(mona.get(address))))
        return len(sent)

    found: list[int] = []
    add_found(cast.alice, post)
    few = asked()
    for _number in range(8):
        add_found(cast.alice, post)
    assert asked() == few
    assert found == [1, 9]


def test_the_index_that_readers_search_is_neither_read_nor_written(app, post, cast, visit):
    comment = makers.make_removed(cast.alice, post, cast.mona, "Zanzibar.")
    assert numbers(visit(cast.mona).get(f"{PAGE}?words=zanzibar")) == [comment.id]
    assert not (app.config["FORUM"].data_dir / "index").exists()


def older_of(page) -> str:
    return page.html.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")


def add_found(author, post) -> None:
    case = cases.open_for(makers.make_comment(author, post, "Some words."), "flagged")
    db.session.add(Signal(case_id=case.id, reason=names.WORDS, detail={"found": ["some"]}))
    db.session.commit()
    assert queries.signals_of([case.id])
