"""What readers find, and what nobody ever finds."""

from __future__ import annotations

import pytest

from forum.comments import editing, withdrawing
from forum.foundation import jobs
from forum.foundation.db import db
from forum.moderation import decisions
from forum.posts import writing
from forum.search import find, rebuild, site_index
from forum.search.engine import COMMENT, POST, Document
from tests.apart import apart
from tests.cast import make_user
from tests.makers import make_comment, make_held, make_post, make_rejected, make_removed, make_withdrawn, screen
from tests.queries import counted_queries
from tests.search.shelf import BEGIN, comment, keep, post

SECRET = "xylophone"


def keys(found: find.Found) -> list[tuple[str, int]]:
    return [("comment", hit.comment.id) if hit.comment else ("post", hit.post.id) for hit in found.hits]


# ---- What is never found ----


def held(cast, post):
    return make_held(cast.nora, post, SECRET)[0]


def rejected(cast, post):
    return make_rejected(cast.nora, post, cast.mona, SECRET)


def removed(cast, post):
    return make_removed(cast.alice, post, cast.mona, SECRET)


def withdrawn(cast, post):
    return make_withdrawn(cast.alice, post, SECRET)


HIDDEN = [held, rejected, removed, withdrawn]


@pytest.mark.parametrize("make", HIDDEN, ids=lambda make: make.__name__)
def test_a_comment_that_is_not_public_is_never_indexed_nor_found(cast, work, make):
    page = make_post(cast.arthur)
    hidden = make(cast, page)
    work()
    assert f"comment:{hidden.id}" not in site_index.engine().entries()
    assert_nobody_finds_it(cast)


def test_new_words_that_wait_for_a_moderator_are_not_found_and_the_old_ones_are(cast, work):
    written = make_comment(cast.alice, make_post(cast.arthur), "Words that anybody may read.")
    links = " ".join(f"https://example.org/{n}" for n in range(5))
    editing.edit(written, cast.alice, f"{SECRET} {links}", "en", has_case=False, screen=screen)
    work()
    assert editing.waiting_of(written) is not None
    assert_nobody_finds_it(cast)
    assert find.run("anybody").total == 1


@pytest.mark.parametrize("make", HIDDEN, ids=lambda make: make.__name__)
def test_a_comment_that_is_not_public_is_not_found_by_a_stale_entry(cast, work, make):
    page = make_post(cast.arthur)
    hidden = make(cast, page)
    work()
    keep(site_index.engine(), comment(hidden.id, SECRET, on=page.id))
    assert_nobody_finds_it(cast)


def test_a_draft_and_its_comments_are_never_indexed_nor_found(cast, work):
    rebuild.ensure()
    draft = make_post(cast.arthur, SECRET, body=SECRET, is_published=False)
    work()
    assert site_index.engine().entries() == {}
    keep(site_index.engine(), post(draft.id, SECRET, SECRET))
    assert_nobody_finds_it(cast)


def test_what_is_unpublished_is_gone_at_once_and_from_the_index_in_its_turn(cast, work):
    page = make_post(cast.arthur, SECRET)
    make_comment(cast.alice, page, SECRET)
    work()
    assert find.run(SECRET).total == 2
    text = writing.PostText(title=page.title, body=page.body, is_published=False)
    writing.change(page, text, page.version)
    db.session.commit()
    assert_nobody_finds_it(cast)
    work()
    assert site_index.engine().entries() == {}
    writing.change(page, writing.PostText(title=SECRET, body="x", is_published=True), page.version)
    work()
    assert find.run(SECRET).total == 2


@pytest.mark.parametrize("act", ["remove", "withdraw"])
def test_what_is_taken_away_is_gone_at_once_and_from_the_index_in_its_turn(cast, work, act):
    page = make_post(cast.arthur)
    written = make_comment(cast.alice, page, SECRET)
    work()
    assert find.run(SECRET).total == 1
    if act == "remove":
        decisions.remove_public(written, cast.mona, "unkind", "")
    else:
        withdrawing.withdraw(written)
    db.session.commit()
    assert_nobody_finds_it(cast)
    work()
    assert f"comment:{written.id}" not in site_index.engine().entries()


def test_an_approved_comment_is_found(cast, work):
    page = make_post(cast.arthur)
    written, case = make_held(cast.nora, page, SECRET)
    decisions.approve(case, cast.mona, case.version)
    db.session.commit()
    work()
    assert keys(find.run(SECRET)) == [("comment", written.id)]


def test_words_that_an_edit_took_out_are_not_shown_before_the_index_knows(cast, work):
    page = make_post(cast.arthur)
    written = make_comment(cast.alice, page, f"Our {SECRET} is blue.")
    work()
    editing.edit(written, cast.alice, "Our instrument is blue.", "en", has_case=False, screen=screen)
    db.session.commit()
    [hit] = find.run(SECRET).hits
    assert SECRET not in hit.excerpt
    work()
    assert find.run(SECRET).total == 0


def test_a_deleted_row_is_not_found(cast, work):
    make_post(cast.arthur)
    work()
    keep(site_index.engine(), comment(999, SECRET), post(999, SECRET))
    assert_nobody_finds_it(cast)


def test_a_spoiler_is_neither_found_nor_shown(cast, work):
    page = make_post(cast.arthur)
    make_comment(cast.alice, page, f"The murderer is ||{SECRET}||, you know.")
    work()
    assert find.run(SECRET).total == 0
    [hit] = find.run("murderer").hits
    assert SECRET not in hit.excerpt


def assert_nobody_finds_it(cast) -> None:
    """Neither the thing nor a number that would tell of it, whoever asks and however."""
    for viewer in (None, cast.alice, cast.nora, cast.arthur, cast.mona, cast.ada):
        for typed in (SECRET, f'"{SECRET}"', f"{SECRET} author:alice", f"{SECRET} author:nora", SECRET.upper()):
            for kind in (None, POST, COMMENT):
                found = find.run(typed, kind, viewer=viewer)
                assert (found.hits, found.total, sum(found.counts.values())) == ([], 0, 0), (viewer, typed, kind)
                assert not found.note


# ---- What is found ----


def test_a_hit_carries_what_its_card_shows(cast, work):
    page = make_post(cast.arthur, "Buses at night", body="They run every hour, <b>mostly</b>.")
    parent = make_comment(cast.bob, page, "A question")
    answer = make_comment(cast.alice, page, "It was running & late", parent)
    work()
    found = find.run("run")
    assert set(keys(found)) == {("post", page.id), ("comment", answer.id)}
    by_kind = {kind: hit for (kind, _number), hit in zip(keys(found), found.hits, strict=True)}
    assert by_kind["comment"].excerpt == "It was <mark>running</mark> &amp; late"
    assert "<mark>run</mark> every hour" in by_kind["post"].excerpt
    assert "<b>" not in by_kind["post"].excerpt
    assert by_kind["comment"].comment.parent.author.name == "Bob Barker"
    assert by_kind["comment"].post.title == "Buses at night"


def test_kinds_are_counted_whichever_is_shown(cast, work):
    page = make_post(cast.arthur, "Buses")
    for _ in range(3):
        make_comment(cast.alice, page, "buses")
    work()
    for kind, total in ((None, 4), (POST, 1), (COMMENT, 3), ("nonsense", 4)):
        found = find.run("buses", kind)
        assert found.counts == {"post": 1, "comment": 3}
        assert found.total == len(found.hits) == total


def test_pages_follow_each_other_without_gaps(cast, work):
    page = make_post(cast.arthur)
    written = {("comment", make_comment(cast.alice, page, f"quokka {n}").id) for n in range(45)}
    work()
    pages = [find.run("quokka", None, number) for number in (1, 2, 3)]
    assert [len(one.hits) for one in pages] == [20, 20, 5]
    assert [one.has_more for one in pages] == [True, True, False]
    assert {key for one in pages for key in keys(one)} == written
    assert find.run("quokka", None, 4).hits == []
    assert find.run("quokka", None, -3).page == 1
    assert find.run("quokka", None, 10**9).page == find.LAST_PAGE


def test_stale_entries_leave_no_holes_in_a_page(cast, work):
    page = make_post(cast.arthur)
    for number in range(25):
        make_comment(cast.alice, page, f"quokka {number}")
    work()
    keep(site_index.engine(), *(comment(900 + number, "quokka quokka", on=page.id) for number in range(10)))
    found = find.run("quokka")
    assert (len(found.hits), found.total, found.has_more) == (20, 25, True)


def test_it_says_when_nothing_has_all_words(cast, work):
    page = make_post(cast.arthur)
    make_comment(cast.alice, page, "red bus")
    work()
    assert find.run("red bus").note == ""
    assert "some of them" in find.run("red car").note
    assert find.run("blue car").note == ""


def test_a_refusal_says_what_to_do_and_searches_nothing(app):
    found = find.run("a" * 201)
    assert "200 characters" in found.refusal
    assert find.run("   ") == find.Found()


def test_without_an_index_the_search_says_so(app):
    found = find.run("quokka")
    assert "being rebuilt" in found.note
    assert not found.is_ready


def test_authors_are_found_by_name_and_by_username(cast, work):
    zoe = make_user("zoe_b", name="Zoë Bērziņa")
    page = make_post(cast.arthur)
    written = make_comment(zoe, page, "Hello")
    work()
    for typed in ("author:zoe", "author:berzina", "author:Bērziņa hello", "author:zoe_b", "author:Zoë"):
        assert keys(find.run(typed)) == [("comment", written.id)], typed


def test_a_search_takes_the_same_few_queries_whatever_it_finds(app, cast, work):
    page = make_post(cast.arthur, "quokka")
    parent = make_comment(cast.bob, page, "hello")
    make_comment(cast.alice, page, "quokka", parent)
    work()
    few = _statements(app)
    for number in range(40):
        make_comment(cast.alice, make_post(cast.arthur, "quokka"), f"quokka {number}")
    work()
    assert few == _statements(app) <= 4


def _statements(app) -> int:
    """How many queries a search and its results take, with nothing known before."""
    with counted_queries() as sent:
        apart(jobs.in_context, app, _look_at_results)
    return len(sent)


def _look_at_results() -> None:
    for hit in find.run("quokka").hits:
        assert hit.post.title
        assert hit.comment is None or hit.comment.parent is None or hit.comment.parent.author.name
        assert hit.comment or hit.post.authors


# ---- The page ----


def test_the_page_shows_results_to_a_guest_without_a_cookie(cast, visit, work):
    page = make_post(cast.arthur, "Buses at night", body="They run every hour.")
    written = make_comment(cast.alice, page, "Mine was <running> late.")
    work()
    seen = visit().get("/search?q=run")
    assert seen.status == 200
    assert "<mark>running</mark>" in seen.html
    assert f"/comments/{written.id}" in seen.html
    assert f"/posts/{page.slug}" in seen.html
    assert "Set-Cookie" not in seen.response.headers


def test_the_page_narrows_to_a_kind_and_keeps_the_words(cast, visit, work):
    page = make_post(cast.arthur, "Buses")
    make_comment(cast.alice, page, "buses & trains")
    work()
    seen = visit().get("/search?q=buses+%26&type=comments")
    assert "/search?q=buses+%26" in seen.html.replace("&amp;", "&")
    assert "<mark>buses</mark> &amp; trains" in seen.html


def test_the_page_leads_on_to_more(cast, visit, work):
    page = make_post(cast.arthur)
    for number in range(25):
        make_comment(cast.alice, page, f"quokka {number}")
    work()
    first = visit().get("/search?q=quokka")
    assert "1 to 20 of 25" in first
    assert "page=2" in first.html
    second = visit().get("/search?q=quokka&page=2")
    assert "21 to 25 of 25" in second
    assert 'rel="next"' not in second.html


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=%20"])
def test_an_empty_search_shows_the_box_alone(visit, address):
    seen = visit().get(address)
    assert seen.status == 200
    assert "Nothing found" not in seen


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=" + "a" * 5000,
        "/search?q=%ff&type=%27&page=x",
        "/search?q=bus&page=99999999999999999999",
        "/search?q=bus&page=-1&type=people",
        "/search?q=%22&q=%27",
        "/search?q=<script>alert(1)</script>",
    ],
)
def test_junk_in_the_address_is_answered_in_words(visit, address):
    seen = visit().get(address)
    assert seen.status == 200
    assert "<script>alert" not in seen.html


def test_a_refused_search_keeps_what_was_typed(visit):
    typed = "word " * 45
    seen = visit().get(f"/search?q={typed.replace(' ', '+')}")
    assert "Shorten your search to 200 characters or fewer." in seen
    assert typed in seen.html


def test_nobody_is_named_for_words_that_were_taken_away(cast, visit, work):
    page = make_post(cast.arthur)
    parent = make_comment(cast.bob, page, "unkind words")
    make_comment(cast.alice, page, "quokka", parent)
    work()
    assert "Bob Barker" in visit().get("/search?q=quokka")
    decisions.remove_public(parent, cast.mona, "unkind", "")
    db.session.commit()
    assert "Bob Barker" not in visit().get("/search?q=quokka")


def test_a_document_of_the_index_is_what_readers_read(cast, work):
    page = make_post(
        cast.arthur, "Title", body="A [link](https://example.org) and `code`.", standfirst="First", question="Why?"
    )
    work()
    expected = Document(
        POST, page.id, page.id, "Title", "First A link and code. Why?", ("Arthur Author", "arthur"), "en", BEGIN
    )
    stamp = Document(**(vars(expected) | {"created_at": page.published_at})).stamp
    assert site_index.engine().entries() == {f"post:{page.id}": stamp}
