"""From the outbox to the reactions: at least once, never lost, one failing reaction alone."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from flask import request
from huey import MemoryHuey
from sqlalchemy import func, select

from forum.accounts import queries
from forum.accounts.models import User
from forum.events import catalog, deliver, relay
from forum.events.log import EventRow
from forum.events.publish import publish
from forum.foundation import jobs
from forum.foundation.db import db
from tests import worker
from tests.apart import apart
from tests.cast import make_user

heard: list[tuple[str, int]] = []


def tell_first(event) -> None:
    heard.append(("first", event.user_id))


def fail(event) -> None:
    heard.append(("failing", event.user_id))
    make_row("half-done")
    raise RuntimeError("a webhook that does not answer")


def tell_last(event) -> None:
    heard.append(("last", event.user_id))


def make_row(username: str) -> None:
    db.session.add(User(username=username, username_key=username, name=username))
    db.session.flush()


REACTIONS = {catalog.PasswordChanged: [tell_first, fail, tell_last], catalog.KnownAddressJoined: [tell_last]}


@pytest.fixture
def wired(app, monkeypatch):
    """The site with three reactions to a changed password, the second of which fails."""
    heard.clear()
    monkeypatch.setitem(app.extensions, "reactions", REACTIONS)
    return app


@pytest.fixture
def queue(wired):
    """The queue of the worker, in memory; `enqueue` puts reactions into it, `run` does what waits."""
    return Queue(wired)


class Queue:
    def __init__(self, app) -> None:
        self.app = app
        self.huey = MemoryHuey("tests", results=False)
        self.enqueue = deliver.register(app, self.huey)

    def relay(self) -> int:
        return apart(deliver.relay_once, self.app, self.enqueue)

    def run(self) -> None:
        """Each waiting job once, the way the consumer does it."""
        for _job in range(len(self.huey)):
            apart(self.huey.execute, self.huey.dequeue())


def tell(*events: catalog.Event) -> None:
    for event in events:
        publish(event)
    db.session.commit()


def waiting() -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count(EventRow.id)).where(EventRow.relayed_at.is_(None)))


def test_each_reaction_becomes_one_job(queue):
    tell(catalog.PasswordChanged(1), catalog.KnownAddressJoined(2))
    assert queue.relay() == 2
    assert len(queue.huey) == 4
    assert waiting() == 0
    queue.run()
    assert heard == [("first", 1), ("failing", 1), ("last", 1), ("last", 2)]


def test_what_was_relayed_is_not_relayed_again(queue):
    tell(catalog.KnownAddressJoined(2))
    queue.relay()
    assert queue.relay() == 0
    assert len(queue.huey) == 1


def test_a_failing_reaction_stops_no_other_and_leaves_nothing_half_done(queue, caplog):
    tell(catalog.PasswordChanged(1))
    queue.relay()
    queue.run()
    assert [who for who, _id in heard] == ["first", "failing", "last"]
    assert queries.by_username("half-done") is None
    assert "does not answer" in caplog.text


def test_a_failing_reaction_is_tried_again_later_and_each_time_later(queue):
    tell(catalog.PasswordChanged(1))
    queue.relay()
    queue.run()
    [first] = queue.huey.scheduled()
    assert first.retries == jobs.RETRIES - 1
    waits = first.retry_delay

    in_an_hour = datetime.now() + timedelta(hours=1)  # huey compares times without a zone
    [due] = queue.huey.read_schedule(in_an_hour)
    apart(queue.huey.execute, due, in_an_hour)

    assert [who for who, _id in heard].count("failing") == 2
    [second] = queue.huey.scheduled()
    assert second.retry_delay > waits


def test_no_commit_no_event(wired):
    publish(catalog.KnownAddressJoined(1))
    db.session.flush()
    db.session.rollback()
    assert waiting() == 0


def test_a_relay_killed_between_queue_and_mark_sends_again(queue):
    tell(catalog.KnownAddressJoined(1), catalog.KnownAddressJoined(2))
    sent = []

    def enqueue_and_die(*job) -> None:
        queue.enqueue(*job)
        sent.append(job)
        if len(sent) == 2:
            raise KeyboardInterrupt("killed")

    with pytest.raises(KeyboardInterrupt):
        apart(deliver.relay_once, queue.app, enqueue_and_die)
    assert waiting() == 2

    assert queue.relay() == 2
    queue.run()
    assert {user_id for _who, user_id in heard} == {1, 2}
    assert len(heard) == 4


def test_a_relay_killed_before_it_began_loses_nothing(queue):
    tell(catalog.KnownAddressJoined(1))
    with pytest.raises(ConnectionError):
        apart(deliver.relay_once, queue.app, lambda *job: (_ for _ in ()).throw(ConnectionError("no Redis")))
    assert waiting() == 1
    queue.relay()
    queue.run()
    assert heard == [("last", 1)]


def test_the_oldest_goes_first_and_a_long_line_goes_in_parts(queue, monkeypatch):
    monkeypatch.setattr(relay, "BATCH", 3)
    tell(*(catalog.KnownAddressJoined(number) for number in range(1, 8)))
    assert [queue.relay() for _ in range(4)] == [3, 3, 1, 0]
    queue.run()
    assert [user_id for _who, user_id in heard] == [1, 2, 3, 4, 5, 6, 7]


def test_an_event_nobody_reacts_to_is_marked_and_passed(queue):
    tell(catalog.ResetAsked(1))
    assert queue.relay() == 1
    assert waiting() == 0
    assert len(queue.huey) == 0


@pytest.mark.parametrize(
    ("name", "payload"),
    [("FromALaterVersion", {"x": 1}), ("KnownAddressJoined", {}), ("KnownAddressJoined", {"other": 1})],
)
def test_an_event_this_version_cannot_read_does_not_stop_those_behind_it(queue, caplog, name, payload):
    db.session.add(EventRow(name=name, payload=payload))
    tell(catalog.KnownAddressJoined(2))
    caplog.set_level(logging.WARNING)
    assert queue.relay() == 2
    queue.run()
    assert heard == [("last", 2)]
    assert name in caplog.text


def test_a_field_that_a_later_version_added_is_passed_over(queue):
    db.session.add(EventRow(name="KnownAddressJoined", payload={"user_id": 5, "added_later": True}))
    db.session.commit()
    queue.relay()
    queue.run()
    assert heard == [("last", 5)]


def test_a_job_for_an_event_long_forgotten_does_nothing(queue):
    queue.enqueue(12345, relay.name_of(tell_last))
    queue.run()
    assert heard == []


def test_two_relays_at_once_share_the_work(wired, queue):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one worker")
    tell(catalog.KnownAddressJoined(1), catalog.KnownAddressJoined(2))

    def second_relay_meanwhile(*job) -> None:
        queue.enqueue(*job)
        assert apart(deliver.relay_once, wired, queue.enqueue) == 0

    apart(deliver.relay_once, wired, second_relay_meanwhile)
    assert len(queue.huey) == 2


def test_reactions_do_their_work_at_the_sites_address(app, monkeypatch):
    seen = []

    def look(_event) -> None:
        seen.append(request.host_url)

    monkeypatch.setitem(app.extensions, "reactions", {catalog.KnownAddressJoined: [look]})
    tell(catalog.KnownAddressJoined(1))
    apart(worker.run_waiting, app)
    assert seen == ["http://localhost:8000/"]


def test_a_reaction_of_the_site_finds_what_the_change_left(app, visit):
    """From a request to its letter, through the real queue file."""
    make_user("alice")
    queue = jobs.open_queue(app)
    enqueue = deliver.register(app, queue)
    guest = visit()
    token = guest.token()
    apart(guest.client.post, "/password/forgot", data={"email": "alice@example.org", "csrf_token": token})
    assert not list(app.config["FORUM"].outbox_dir.glob("*.eml"))
    apart(deliver.relay_once, app, enqueue)
    while (task := queue.dequeue()) is not None:
        apart(queue.execute, task)
    assert len(list(app.config["FORUM"].outbox_dir.glob("*.eml"))) == 1
