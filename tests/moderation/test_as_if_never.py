"""Whatever is decided and undone, in any order: what was undone might as well never have been."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from forum.accounts.models import NEWCOMER, User
from forum.comments import counting, editing
from forum.comments.findings import Finding, Screened
from forum.comments.models import PUBLISHED, Comment, HeldEdit, Revision
from forum.events.log import EventRow
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import decisions, flagging, notices, queries, undoing
from forum.moderation.actions import UNDO_FOR
from forum.moderation.models import Case, Decision, Signal
from forum.posts.models import Post
from forum.screening.models import SpamLesson, SpamWord
from forum.search import indexing, site_index
from forum.search.engine import COMMENT, key_of
from tests import makers, worker
from tests.apart import apart
from tests.cast import make_user

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMMENTS = range(1, 8)
FLAGGERS = range(12)
ACTS = {
    "approve": lambda case, by: decisions.approve(case, by, case.seen()),
    "trust": lambda case, by: decisions.approve(case, by, case.seen(), trusts=True),
    "reject": lambda case, by: decisions.reject(case, by, case.seen(), "unkind", "Say it kindly."),
    "reject for good": lambda case, by: decisions.reject(case, by, case.seen(), "unkind", may_send_again=False),
    "remove": lambda case, by: decisions.remove(case, by, case.seen(), "personal"),
    "restore": lambda case, by: decisions.restore(case, by, case.seen()),
    "spam": lambda case, by: decisions.mark_spam(case, by, case.seen()),
    "dismiss": lambda case, by: decisions.dismiss(case, by, case.seen()),
}


class Site:
    """A discussion in which some comments wait, some are flagged, and one was edited; what people then do, again."""

    def __init__(self, app, fresh) -> None:
        self.app = app
        db.session.remove()
        fresh()
        # What was decided, by the number of the step that did.
        self.made: dict[int, int] = {}
        with time_machine.travel(BEGIN, tick=False):
            self._begin()
            self._react()

    def _begin(self) -> None:
        self.moderators = [make_user(name, is_moderator=True).id for name in ("mona", "max")]
        self.flaggers = [make_user(f"flagger{number}").id for number in FLAGGERS]
        alice, nora, nick = make_user("alice"), make_user("nora", trust=NEWCOMER), make_user("nick", trust=NEWCOMER)
        self.post_id = makers.make_post(make_user("arthur", is_author=True), "Slow buses").id
        post = db.session.get(Post, self.post_id)
        first = makers.make_comment(alice, post, "The first word.")
        makers.make_comment(nora, post, "Words that wait.", first)
        makers.make_comment(nora, post, "More words that wait.", first)
        makers.make_comment(nick, post, "Others that wait.", first)
        makers.make_comment(alice, post, "Words in public.", first)
        edited = makers.make_comment(alice, post, "Words before an edit.")
        self._edit(edited, alice, "Words after an edit.")
        makers.make_comment(nora, post, "Words on the post.")
        flagging.flag(db.session.get(Comment, 5), db.session.get(User, self.flaggers[0]), "unkind", "")
        db.session.commit()

    def _edit(self, comment: Comment, by: User, words: str) -> None:
        held = Screened([Finding("words", detail={"word": "after"})])
        editing.edit(comment, by, words, "en", has_case=False, screen=lambda *_args, **_more: held)

    def step(self, number: int, moment: datetime, what: tuple) -> None:
        """Do it. Raises Refused when that cannot be, and leaves nothing behind."""
        kind, *rest = what
        with time_machine.travel(moment, tick=False):
            try:
                getattr(self, kind)(number, *rest)
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
            self._react()

    def decide(self, number: int, comment_id: int, act: str, by: int) -> None:
        comment, moderator = db.session.get(Comment, comment_id), db.session.get(User, self.moderators[by])
        case = queries.open_case_of(comment)
        if case is not None:
            made = ACTS[act](case, moderator)
        elif act == "restore":
            made = decisions.restore_hidden(comment, moderator)
        else:
            made = decisions.remove_public(comment, moderator, "personal", "")
        self.made[number] = made.id

    def undo(self, _number: int, step: int, by: int) -> None:
        undoing.undo(db.session.get(Decision, self.made[step]), db.session.get(User, self.moderators[by]))

    def flag(self, _number: int, comment_id: int, by: int) -> None:
        comment, reader = db.session.get(Comment, comment_id), db.session.get(User, self.flaggers[by])
        assert comment.is_public
        flagging.flag(comment, reader, "spam", "")

    def wait(self, _number: int) -> None:
        notices.send_due()

    def _react(self) -> None:
        apart(worker.run_waiting, self.app)
        db.session.expire_all()

    def end(self, moment: datetime) -> dict:
        """All that anybody could notice of it, once nothing can be undone any more."""
        with time_machine.travel(moment + UNDO_FOR, tick=False):
            notices.send_due()
            db.session.commit()
            self._react()
            indexing.drain()
            db.session.commit()
        assert counting.differences() == []
        return {
            "comments": [_of(row, _COMMENT) for row in _all(Comment)],
            "order": _order(),
            "waiting words": [_of(row, ("comment_id", "body", "body_html", "held_for")) for row in _all(HeldEdit)],
            "history": [_of(row, ("comment_id", "body")) for row in _all(Revision)],
            "counters": [
                _of(row, ("comment_count", "people_count", "last_comment_at", "last_comment_by_id"))
                for row in _all(Post)
            ],
            "trust": {row.username: row.trust for row in _all(User)},
            "open cases": _open_cases(),
            "answers to flags": sorted((row.by.username, str(row.was_upheld)) for row in _all(Signal) if row.by_id),
            "decisions": _decisions(),
            "told": _told(),
            "spam": [_of(row, ("word", "spam", "honest")) for row in _all(SpamWord) if row.spam or row.honest],
            "lessons": [_of(row, ("comment_id", "is_spam")) for row in _all(SpamLesson)],
            "index": _index(),
        }


_COMMENT = (
    "id", "state", "body", "body_html", "published_at", "edited_at", "hidden_at", "held_for", "may_send_again",
    "flag_weight", "descendant_count", "text_digest",
)  # fmt: skip


def _all(model):
    key = list(model.__table__.primary_key)
    return db.session.scalars(select(model).order_by(*key).execution_options(populate_existing=True)).all()


def _of(row, names) -> dict:
    return {name: getattr(row, name) for name in names}


def _order() -> list[int]:
    """In which order readers see replies: absolute ranks may have gaps."""
    seen = select(Comment.id).where(Comment.rank.is_not(None)).order_by(Comment.parent_id, Comment.rank, Comment.path)
    return list(db.session.scalars(seen))


def _open_cases() -> list:
    found = []
    for case in db.session.scalars(select(Case).where(Case.closed_at.is_(None)).order_by(Case.comment_id)):
        signals = db.session.scalars(select(Signal).where(Signal.case_id == case.id))
        rows = sorted((row.reason, row.by.username if row.by else "", row.weight, str(row.detail)) for row in signals)
        found.append((case.comment_id, case.kind, case.priority, case.opened_at, rows))
    return found


def _decisions() -> list:
    rows = db.session.scalars(select(Decision).where(queries.in_force()).order_by(Decision.created_at))
    return [(row.comment_id, row.action, row.by_id, row.from_state, row.to_state, row.created_at) for row in rows]


def _told() -> list:
    events = db.session.scalars(select(EventRow).where(EventRow.name == "DecisionFinal").order_by(EventRow.id)).all()
    made = [db.session.get(Decision, event.payload["decision_id"]) for event in events]
    return [(decision.comment_id, decision.action, decision.created_at) for decision in made]


def _index() -> dict[str, str]:
    """What the index has, with a stamp of what it knows of each."""
    found = site_index.engine().entries()
    public = db.session.scalars(select(Comment.id).where(Comment.state == PUBLISHED)).all()
    assert {key for key in found if key.startswith(COMMENT)} == {key_of(COMMENT, number) for number in public}
    return found


class Desk(RuleBasedStateMachine):
    """People decide, flag and undo; at the end the site is compared with one where the undone was left out."""

    make: staticmethod

    def __init__(self) -> None:
        super().__init__()
        self.site = type(self).make()
        self.now = BEGIN
        self.steps: list[tuple[datetime, tuple]] = []
        self.undone: set[int] = set()

    @rule(comment=st.sampled_from(COMMENTS), act=st.sampled_from(sorted(ACTS)), by=st.integers(0, 1))
    def decide(self, comment, act, by):
        self._try("decide", comment, act, by)

    @precondition(lambda self: self._standing())
    @rule(data=st.data(), by=st.integers(0, 1))
    def undo(self, data, by):
        step = data.draw(st.sampled_from(self._standing()))
        later = [other for other in self._standing() if other > step and self._comment(other) == self._comment(step)]
        is_late = self._tick(0) >= self.steps[step][0] + UNDO_FOR
        is_done = self._try("undo", step, by)
        assert is_done is not (bool(later) or is_late), "what is newest on a comment, and in time, can be undone"
        if is_done:
            self.undone.add(step)

    @rule(comment=st.sampled_from(COMMENTS), by=st.sampled_from(FLAGGERS[1:]))
    def flag(self, comment, by):
        """By people who flag once, so that their record is the same; of what is public whatever is undone."""
        acts = {self.steps[step][1][2] for step in self._standing() if self._comment(step) == comment}
        is_public = db.session.get(Comment, comment, populate_existing=True).is_public
        has_flagged = any(what[0] == "flag" and what[2] == by for _moment, what in self.steps)
        if is_public and acts <= {"dismiss"} and not has_flagged:
            self._try("flag", comment, by)

    @rule(minutes=st.integers(1, 6))
    def wait(self, minutes):
        self._tick(minutes)
        self._try("wait")

    def _standing(self) -> list[int]:
        return [step for step in self.site.made if step not in self.undone]

    def _comment(self, step: int) -> int:
        return self.steps[step][1][1]

    def _tick(self, minutes: int) -> datetime:
        self.now += timedelta(minutes=minutes, seconds=1 if minutes else 0)
        return self.now

    def _try(self, *what) -> bool:
        self.now += timedelta(seconds=5)
        try:
            self.site.step(len(self.steps), self.now, what)
        except Refused:
            return False
        self.steps.append((self.now, what))
        return True

    def teardown(self):
        found = self.site.end(self.now)
        again = type(self).make()
        for number, (moment, what) in enumerate(self.steps):
            if number not in self.undone and what[0] != "undo":
                again.step(number, moment, what)
        assert found == again.end(self.now)
        db.session.remove()


@pytest.mark.slow
def test_what_was_undone_might_as_well_never_have_been(app, sites, request):
    kind = request.node.callspec.params["app"]

    class Here(Desk):
        make = staticmethod(lambda: Site(app, lambda: sites.fresh(kind)))

    # Sixteen steps can be read as they are: to look for fewer would take longer than a test may.
    few = settings(
        max_examples=12, stateful_step_count=16, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Here, settings=few)
