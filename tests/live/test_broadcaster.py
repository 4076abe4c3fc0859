"""The one of each process that looks at the log and tells the open pages."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from forum.comments.models import Comment
from forum.events.log import EventRow
from forum.foundation import clock
from forum.foundation.db import db
from forum.live import broadcaster, news
from forum.live.broadcaster import Message
from tests.live.steps import newest
from tests.makers import make_comment, make_post


def appears(number: int, comment: Comment, name: str = "CommentEdited") -> None:
    """An event commits, whenever it got its number."""
    db.session.add(EventRow(id=number, name=name, payload={"comment_id": comment.id}))
    db.session.commit()


@pytest.fixture
def overtaken(cast, listen):
    """A stream that was told of the second of two comments, while the event of the first is still to commit."""
    post = make_post(cast.arthur)
    first, second = make_comment(cast.bob, post), make_comment(cast.alice, post)
    last = newest()
    ear = listen(post, after=last)
    ear.read()
    appears(last + 2, second)
    (told,) = ear.read()
    assert told.news["comment"] == second.id
    assert int(told.id) == last, "whoever goes on from here hears of what is still missing"
    return ear, first, second, last


def test_an_event_that_commits_after_a_later_one_is_told_too(overtaken):
    ear, first, _second, last = overtaken
    appears(last + 1, first)
    (told,) = ear.read()
    assert told.news["comment"] == first.id


def test_whoever_goes_on_while_an_event_is_missing_hears_of_it(overtaken, listen):
    ear, first, second, last = overtaken
    ear.close()
    appears(last + 1, first)
    _retry, *missed = listen(first.post, after=last).read()
    assert [one.news["comment"] for one in missed] == [first.id, second.id]


def test_what_was_looked_up_for_a_page_is_not_told_again(cast, listen, monkeypatch):
    monkeypatch.setattr("forum.live.stream.HEARTBEAT", 0.5)
    post = make_post(cast.arthur)
    keeper = listen(post, after=newest())
    keeper.read()
    # With a number missing below it, an event is in what is looked up and in what is told.
    last, comment = newest(), make_comment(cast.bob, post)
    appears(last + 3, comment)
    ear = listen(post, after=last)
    _retry, *looked_up = ear.read()
    assert [one.news["event"] for one in looked_up] == [newest() - 2, newest()]
    assert {one.name for one in ear.read()} == {"beat"}


def test_a_reader_whose_line_is_slow_is_let_go_and_holds_up_nobody(cast, listen, live, app, monkeypatch):
    monkeypatch.setattr(broadcaster, "MOST_WAITING", 3)
    post = make_post(cast.arthur)
    slow = live.join(db.engine, post.id, "192.0.2.1")
    quick = live.join(db.engine, post.id, "192.0.2.2")
    for number in range(6):
        for listener in (slow, quick):
            listener.tell([Message(number, b"x")])
        assert quick.box.get(timeout=5) == Message(number, b"x")
    waiting = [slow.box.get(timeout=5) for _number in range(slow.box.qsize())]
    assert waiting[-1] is None, "its stream ends, and goes on where it was"
    assert len(waiting) < 8
    for listener in (slow, quick):
        live.leave(listener)


def test_a_log_that_cannot_be_read_is_read_again(cast, listen, monkeypatch, caplog):
    monkeypatch.setattr(broadcaster, "PAUSE_AFTER_FAILURE", 0.01)
    post, failures, look = make_post(cast.arthur), iter([True, True]), news.since

    def fail(*asked):
        if next(failures, False):
            raise OperationalError("away", {}, Exception())
        return look(*asked)

    monkeypatch.setattr(news, "since", fail)
    ear = listen(post, after=newest())
    ear.read()
    comment = make_comment(cast.bob, post)
    assert ear.hear()["comment"] == comment.id
    assert "is read again" in caplog.text


def test_it_rests_while_nobody_listens_and_misses_nothing_of_it(cast, listen, live):
    post = make_post(cast.arthur)
    after = newest()
    listen(post, after=after).close()
    assert live.wait_until_idle(10)
    assert live.count() == 0
    comment = make_comment(cast.bob, post)
    ear = listen(post, after=after)
    assert [one.news["comment"] for one in ear.read()[1:]] == [comment.id]
    later = make_comment(cast.bob, post)
    assert ear.hear()["comment"] == later.id


def test_many_who_come_and_go_at_once_are_counted_right(cast, live, app):
    post = make_post(cast.arthur)
    number, engine = post.id, db.engine
    db.session.commit()

    def come_and_go() -> None:
        for _time in range(20):
            live.leave(live.join(engine, number, "192.0.2.1"))

    readers = [threading.Thread(target=come_and_go) for _reader in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert live.count() == 0
    assert live.wait_until_idle(10)


def test_leaving_twice_is_leaving_once(cast, live):
    post = make_post(cast.arthur)
    stays, leaves = (live.join(db.engine, post.id, "192.0.2.1") for _reader in range(2))
    for _time in range(2):
        live.leave(leaves)
    assert live.count() == 1
    live.leave(stays)


@pytest.mark.parametrize("events", [0, 40])
def test_one_look_is_one_query_however_much_happened(cast, events):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    place = news.tail.end(db.session)
    for number in range(events):
        appears(place.last + 1 + number, comment)
    said: list[str] = []

    class Counting:
        def execute(self, statement):
            said.append(str(statement))
            return db.session.execute(statement)

    place, found = news.since(Counting(), place)
    assert (len(said), len(found)) == (1, events)


def test_more_than_one_look_takes_is_taken_in_several(cast, monkeypatch):
    monkeypatch.setattr(news, "BATCH", 3)
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    place = news.tail.end(db.session)
    first = place.last
    for number in range(8):
        appears(first + 1 + number, comment)
    told: list[int] = []
    for _look in range(4):
        place, found = news.since(db.session, place)
        told += [one.event for _post, one in found]
    assert told == [first + 1 + number for number in range(8)]


def test_an_event_of_long_ago_that_is_missing_keeps_nobody_waiting(cast):
    post = make_post(cast.arthur)
    comment = make_comment(cast.bob, post)
    db.session.add(
        EventRow(
            id=newest() + 5,
            name="CommentEdited",
            payload={"comment_id": comment.id},
            created_at=clock.now() - timedelta(hours=1),
        )
    )
    db.session.commit()
    assert news.tail.end(db.session).settled == newest()
