"""The stream of an open page: what it tells, and what it keeps to itself."""

from __future__ import annotations

import pytest

from forum.comments import withdrawing
from forum.comments.models import HeldEdit
from forum.foundation.db import db
from forum.live import broadcaster, news
from forum.live.stream import HEARTBEAT
from forum.moderation import decisions
from tests.apart import apart
from tests.live.ears import Ear
from tests.live.steps import edit, newest, remove, unpublish
from tests.makers import make_comment, make_held, make_post, make_rejected, make_removed, make_withdrawn
from tests.sites import own_site


def test_a_new_comment_is_told_to_whoever_has_the_post_open(cast, listen):
    post = make_post(cast.arthur)
    first = make_comment(cast.bob, post)
    ears = [listen(post, after=newest()), listen(post, after=newest())]
    for ear in ears:
        ear.read()

    reply = make_comment(cast.alice, post, "Words that are not told.", first)

    for ear in ears:
        assert ear.hear() == {"event": newest(), "kind": "published", "comment": reply.id, "parent": first.id}


def test_neither_words_nor_names_are_told(cast, listen):
    post = make_post(cast.arthur)
    ear = listen(post, after=newest())
    ear.read()
    make_comment(cast.alice, post, "A secret zebrafinch.")
    assert ear.hear().keys() == {"event", "kind", "comment", "parent"}


def test_another_discussion_is_not_told_of(cast, listen):
    here, there = make_post(cast.arthur), make_post(cast.arthur)
    ear = listen(here, after=newest())
    ear.read()
    make_comment(cast.bob, there)
    wanted = make_comment(cast.bob, here)
    assert ear.hear()["comment"] == wanted.id


# What happens to a comment, and what an open page is told of it.
def _approve_a_held_one(cast, post):
    comment, case = make_held(cast.nora, post)
    decisions.approve(case, cast.mona, case.version)
    return comment


def _edit_a_held_one(cast, post):
    comment, _case = make_held(cast.nora, post)
    edit(comment, "Other words.")
    return comment


def _withdraw_a_held_one(cast, post):
    comment, _case = make_held(cast.nora, post)
    withdrawing.withdraw(comment)
    return comment


def _edit_a_public_one(cast, post):
    comment = make_comment(cast.bob, post)
    edit(comment, "Better words.")
    return comment


BRIEF = [["published", "hidden"], ["hidden"]]
HAPPENINGS = [
    ("a comment is held", lambda cast, post: make_held(cast.nora, post)[0], [[]]),
    ("a held one is edited", _edit_a_held_one, [[]]),
    ("a held one is withdrawn", _withdraw_a_held_one, [[]]),
    ("a held one is rejected", lambda cast, post: make_rejected(cast.nora, post, cast.mona), [[]]),
    ("a held one is approved", _approve_a_held_one, [["published"]]),
    ("a public one is edited", _edit_a_public_one, [["published", "edited"]]),
    # It may be gone again before it was told.
    ("a public one is removed", lambda cast, post: make_removed(cast.bob, post, cast.mona), BRIEF),
    ("a public one is withdrawn", lambda cast, post: make_withdrawn(cast.bob, post), BRIEF),
]


@pytest.mark.parametrize(("what", "happens", "told"), HAPPENINGS, ids=[what for what, _act, _told in HAPPENINGS])
def test_what_is_told_is_what_everybody_may_know(cast, listen, what, happens, told):
    post = make_post(cast.arthur)
    ear = listen(post, after=newest())
    ear.read()
    comment = happens(cast, post)
    db.session.commit()
    last = make_comment(cast.alice, post, "The end of it.")

    heard = []
    while (one := ear.hear())["comment"] != last.id:
        heard.append(one)

    assert {one["comment"] for one in heard} <= {comment.id}
    assert [one["kind"] for one in heard] in told, what


def test_an_edit_that_waits_for_a_moderator_is_not_told(cast, listen):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    ear = listen(post, after=newest())
    ear.read()
    links = " ".join(f"https://example.org/{number}" for number in range(12))
    edit(comment, links)
    assert db.session.get(HeldEdit, comment.id), "the words must be such as are held"
    last = make_comment(cast.alice, post, "The end of it.")
    assert ear.hear()["comment"] == last.id


def test_a_post_that_is_no_longer_public_ends_the_stream(app, cast, listen):
    post = make_post(cast.arthur)
    ear = listen(post, after=newest())
    ear.read()
    unpublish(post)
    assert [one.name for one in ear.rest()] == ["gone"]
    assert Ear.at(app, post).status == 404


def test_what_is_no_public_post_has_no_stream(app, cast, live):
    draft = make_post(cast.arthur, is_published=False)
    assert Ear.at(app, draft).status == 404
    draft.slug = "there-is-no-such-post"
    assert Ear.at(app, draft).status == 404
    assert live.count() == 0


def test_a_page_goes_on_from_where_it_was(cast, listen):
    post = make_post(cast.arthur)
    seen = make_comment(cast.bob, post)
    after = newest()
    missed = [make_comment(cast.alice, post), make_comment(cast.bob, post, parent=seen)]
    ear = listen(post, after=after)
    _retry, *told = ear.read()
    assert [one.news["comment"] for one in told] == [one.id for one in missed]
    later = make_comment(cast.bob, post)
    assert ear.hear()["comment"] == later.id


def test_a_browser_that_comes_back_says_itself_what_it_heard_last(cast, listen):
    post = make_post(cast.arthur)
    after = newest()
    make_comment(cast.bob, post)
    heard = newest()
    missed = make_comment(cast.alice, post)
    _retry, *told = listen(post, after=after, **{"Last-Event-ID": str(heard)}).read()
    assert [one.news["comment"] for one in told] == [missed.id]


def test_the_id_of_what_is_told_is_where_to_go_on(cast, listen):
    post = make_post(cast.arthur)
    after = newest()
    make_comment(cast.bob, post)
    _retry, one = listen(post, after=after).read()
    assert int(one.id) == newest()
    assert listen(post, after=one.id).read()[1:] == []


def test_what_was_missed_is_told_as_it_is_now(cast, listen):
    post = make_post(cast.arthur)
    after = newest()
    comment = make_comment(cast.bob, post)
    remove(comment, cast.mona)
    _retry, *told = listen(post, after=after).read()
    assert [one.news["kind"] for one in told] == ["hidden"]


def test_a_page_that_missed_too_much_is_told_to_load_again(cast, listen, monkeypatch):
    monkeypatch.setattr(news, "MOST_MISSED", 2)
    post = make_post(cast.arthur)
    after = newest()
    for _number in range(3):
        make_comment(cast.bob, post)
    _retry, told = listen(post, after=after).read()
    assert told.name == "reload"


def test_a_page_of_long_ago_whose_discussion_did_not_change_missed_nothing(cast, listen, monkeypatch):
    monkeypatch.setattr(news, "MOST_LOOKED_THROUGH", 2)
    post, other = make_post(cast.arthur), make_post(cast.arthur)
    after = newest()
    for _number in range(3):
        make_comment(cast.bob, other)
    assert listen(post, after=after, version=post.thread_version).read()[1:] == []
    assert [one.name for one in listen(post, after=after, version=0).read()[1:]] == ["reload"]


def test_a_page_from_before_the_database_was_put_back_is_told_to_load_again(cast, listen):
    post = make_post(cast.arthur)
    _retry, told = listen(post, after=newest() + 50).read()
    assert told.name == "reload"


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "9" * 40, "1;2"])
def test_a_damaged_address_is_refused(app, cast, live, after):
    assert Ear.at(app, make_post(cast.arthur), after=after).status == 400
    assert live.count() == 0


def test_it_is_a_stream_that_nobody_keeps_and_that_needs_no_cookie(cast, listen):
    headers = listen(make_post(cast.arthur)).response.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Accel-Buffering"] == "no"
    assert "Set-Cookie" not in headers
    assert "Content-Encoding" not in headers


def test_readers_come_back_at_different_moments(cast, listen):
    post = make_post(cast.arthur)
    waits = {listen(post).read()[0].retry for _reader in range(6)}
    assert len(waits) > 1
    assert all(2_000 <= int(wait) <= 4_000 for wait in waits)


def test_a_silent_stream_beats_and_says_where_to_go_on(cast, listen, monkeypatch):
    assert HEARTBEAT < 30, "proxies close a silent line"
    monkeypatch.setattr("forum.live.stream.HEARTBEAT", 0.1)
    post = make_post(cast.arthur)
    ear = listen(post, after=newest())
    ear.read()
    make_comment(cast.bob, make_post(cast.arthur))
    beats = ear.read()
    while int(beats[-1].id) < newest():
        beats = ear.read()
    assert {one.name for one in beats} == {"beat"}


def test_a_stream_ends_after_a_while_and_is_asked_for_anew(cast, listen, monkeypatch):
    monkeypatch.setattr("forum.live.stream.LONGEST", 0.0)
    monkeypatch.setattr("forum.live.stream.SPREAD", 0.0)
    ear = listen(make_post(cast.arthur))
    ear.read()
    assert ear.rest() == []


def test_an_address_has_so_many_streams_and_no_more(cast, listen, live, monkeypatch):
    monkeypatch.setattr(live, "_most_of_one", 2)
    post = make_post(cast.arthur)
    for _tab in range(2):
        assert listen(post, address="192.0.2.1").status == 200
    refused = listen(post, address="192.0.2.1")
    assert refused.status == 429
    assert int(refused.response.headers["Retry-After"]) > 0
    assert listen(post, address="192.0.2.2").status == 200


def test_whoever_leaves_makes_room(cast, listen, live, monkeypatch):
    monkeypatch.setattr(live, "_most_of_one", 1)
    post = make_post(cast.arthur)
    ear = listen(post)
    assert listen(post).status == 429
    ear.close()
    assert listen(post).status == 200


def test_a_process_has_so_many_streams_and_no_more(cast, listen, live, monkeypatch):
    monkeypatch.setattr(live, "_most", 1)
    post = make_post(cast.arthur)
    assert listen(post, address="192.0.2.1").status == 200
    refused = listen(post, address="192.0.2.2")
    assert refused.status == 503
    assert int(refused.response.headers["Retry-After"]) > 0


def test_the_limits_are_on_unless_the_site_says_otherwise(tmp_path):
    strict, lax = own_site(tmp_path / "a"), own_site(tmp_path / "b", FORUM_RATE_LIMITS="off")
    assert strict.extensions["live"]._most_of_one == broadcaster.MOST_OF_ONE_ADDRESS
    assert lax.extensions["live"]._most_of_one == broadcaster.MOST_STREAMS


def test_an_idle_stream_holds_no_connection_to_the_database(cast, listen):
    post = make_post(cast.arthur)
    after = newest()
    before = db.engine.pool.checkedout()
    for _reader in range(20):
        listen(post, after=after).read()
    db.session.remove()
    assert db.engine.pool.checkedout() <= before


def test_a_process_that_stops_ends_its_streams_at_once_and_new_ones_too(cast, listen, live):
    post = make_post(cast.arthur)
    ear = listen(post, after=newest())
    ear.read()
    live.close()
    assert ear.rest() == []
    late = listen(post, after=newest())
    assert late.status == 200, "another answer would keep the browser from trying again"
    late.read()
    assert late.rest() == []


def test_who_asks_for_the_headers_only_takes_no_place(app, cast, live):
    post = make_post(cast.arthur)
    answer = apart(app.test_client().head, f"/posts/{post.slug}/live?after=0")
    assert (answer.status_code, answer.get_data()) == (200, b"")
    answer.close()
    assert live.count() == 0
