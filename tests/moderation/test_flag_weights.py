"""What a flag weighs, when flags hide a comment, and what those who flagged learn of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from forum.accounts.models import KNOWN, NEWCOMER, TRUSTED
from forum.comments import editing
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import decisions, flagged, flagging, queries, undoing
from forum.moderation.flagging import LEAST, Weight
from forum.moderation.models import Case, Signal
from forum.reading import flags
from tests import makers
from tests.cast import make_user
from tests.queries import counted_queries

HIDES_AT = 4


@pytest.fixture
def comment(app, cast, post):
    return makers.make_comment(cast.alice, post)


def people(count: int, **values) -> list:
    return [make_user(f"reader{number}{values.get('trust', '')}", **values) for number in range(count)]


def flag(comment, by, reason: str = "unkind") -> Signal:
    signal = flagging.flag(comment, by, reason, "", hides_at=HIDES_AT)
    db.session.commit()
    return signal


def decide(comment, by, act: str, *rest):
    case = queries.open_case_of(comment)
    decision = getattr(decisions, act)(case, by, case.version, *rest)
    db.session.commit()
    return decision


WEIGHTS = [
    ("a member without a record weighs one", Weight(100, 0, 0), 100),
    ("a newcomer half as much", Weight(50, 0, 0), 50),
    ("somebody trusted half as much again", Weight(150, 0, 0), 150),
    ("one right flag proves little", Weight(100, 1, 1), 133),
    ("and so does a wrong one", Weight(100, 0, 1), 67),
    ("as often right as not is like no record", Weight(100, 5, 10), 100),
    ("ten right ones nearly double it", Weight(100, 10, 10), 183),
    ("a member who is always right weighs no more than two", Weight(100, 50, 50), 196),
    ("never right weighs little", Weight(100, 0, 8), LEAST),
    ("and still counts, however often", Weight(100, 0, 50), LEAST),
    ("also of somebody trusted", Weight(150, 0, 50), LEAST),
    ("also of a newcomer", Weight(50, 0, 50), LEAST),
]


@pytest.mark.parametrize(("weight", "hundredths"), [row[1:] for row in WEIGHTS], ids=[row[0] for row in WEIGHTS])
def test_what_a_flag_weighs(weight, hundredths):
    assert weight.hundredths == hundredths


def test_a_better_record_never_weighs_less():
    for trust in (50, 100, 150):
        for decided in range(51):
            weights = [Weight(trust, upheld, decided).hundredths for upheld in range(decided + 1)]
            assert weights == sorted(weights)
            assert min(weights) >= LEAST


@pytest.mark.parametrize(("trust", "weight"), [(NEWCOMER, 50), (KNOWN, 100), (2, 100), (TRUSTED, 150)])
def test_trust_counts(trust, weight, comment, cast):
    cast.bob.trust = trust
    assert flag(comment, cast.bob).weight == weight
    assert comment.flag_weight == weight


def test_a_moderators_flag_weighs_as_that_of_somebody_trusted(comment, cast):
    assert flag(comment, cast.max).weight == 150


def test_past_flags_that_were_upheld_make_the_next_one_weigh_more_and_others_less(app, cast, post):
    right, wrong = people(2)
    for _number in range(3):
        comment = makers.make_comment(cast.alice, post)
        flag(comment, right)
        decide(comment, cast.mona, "remove", "unkind")
        comment = makers.make_comment(cast.alice, post)
        flag(comment, wrong)
        decide(comment, cast.mona, "dismiss")
    comment = makers.make_comment(cast.alice, post)
    assert flag(comment, right).weight == 160
    assert flag(comment, wrong).weight == 40
    assert comment.flag_weight == 200


def test_only_the_newest_flags_count_so_that_people_can_learn(comment, cast):
    case = Case(comment_id=comment.id, kind="flagged", closed_at=clock.now())
    db.session.add(case)
    db.session.flush()
    others = [makers.make_comment(cast.alice, comment.post) for _ in range(2)]
    for number in range(flagging.RECENT + 20):
        old = Case(comment_id=others[0].id, kind="flagged", closed_at=clock.now())
        db.session.add(old)
        db.session.flush()
        db.session.add(Signal(case_id=old.id, reason="spam", by_id=cast.bob.id, was_upheld=number >= 20))
    db.session.commit()
    assert flagging.weight_of(cast.bob) == Weight(100, flagging.RECENT, flagging.RECENT)


def test_enough_weight_hides_a_comment_until_a_moderator_has_read_it(comment, cast):
    readers = people(4)
    for reader in readers[:3]:
        flag(comment, reader)
    assert comment.is_public
    flag(comment, readers[3])
    assert comment.state == "held"
    assert comment.held_for == [{"reason": "flags", "effect": "hold", "detail": {"weight": 400}}]
    decide(comment, cast.mona, "approve")
    assert comment.is_public
    assert comment.flag_weight == 0


def test_new_accounts_hide_nothing_with_four_flags(comment, cast):
    for reader in people(7, trust=NEWCOMER):
        flag(comment, reader)
    assert comment.is_public
    assert comment.flag_weight == 350


def test_a_site_may_switch_hiding_off(comment, cast):
    for reader in people(6):
        flagging.flag(comment, reader, "unkind", "", hides_at=0)
    assert comment.is_public


@pytest.mark.parametrize("act", ["approve", "dismiss"])
def test_words_that_a_moderator_kept_are_not_hidden_by_flags_again(act, comment, cast):
    readers = people(9)
    for reader in readers[: 4 if act == "approve" else 3]:
        flag(comment, reader)
    decide(comment, cast.mona, act)
    for reader in readers[4:]:
        flag(comment, reader)
    assert comment.is_public
    assert comment.flag_weight == 500
    assert queries.open_case_of(comment).kind == "flagged"


def test_other_words_can_be_hidden_again(comment, cast):
    readers = people(8)
    for reader in readers[:4]:
        flag(comment, reader)
    decide(comment, cast.mona, "approve")
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        editing.edit(comment, cast.alice, "Worse words.", "en", has_case=True, screen=makers.screen)
        db.session.commit()
        for reader in readers[4:]:
            flag(comment, reader)
    assert comment.state == "held"


def test_an_undone_approval_counts_for_nothing(comment, cast):
    readers = people(8)
    for reader in readers[:3]:
        flag(comment, reader)
    undoing.undo(decide(comment, cast.mona, "dismiss"), cast.mona)
    db.session.commit()
    assert comment.flag_weight == 300
    flag(comment, readers[3])
    assert comment.state == "held"


def test_an_undone_removal_takes_the_answer_to_the_flags_back(comment, cast):
    flag(comment, cast.bob)
    decision = decide(comment, cast.mona, "remove", "unkind")
    assert queries.flag_record(cast.bob) == (1, 1)
    undoing.undo(decision, cast.mona)
    db.session.commit()
    assert queries.flag_record(cast.bob) == (0, 0)
    assert comment.flag_weight == 100
    with pytest.raises(Refused):
        flag(comment, cast.bob)


def test_flagging_costs_the_same_however_much_was_flagged(comment, cast, post):
    flagger, *others = people(12)
    with counted_queries() as few:
        flagging.flag(comment, flagger, "spam", "", hides_at=50)
    for reader in others:
        flagging.flag(comment, reader, "spam", "", hides_at=50)
    second = makers.make_comment(cast.alice, post)
    for reader in others:
        flagging.flag(second, reader, "spam", "", hides_at=50)
    db.session.expire_all()
    assert flagger.id, second.id
    with counted_queries() as many:
        flagging.flag(second, flagger, "spam", "", hides_at=50)
    assert len(many) <= len(few) + 3, "three rows are loaded again"


def later(minutes: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False)


@pytest.mark.parametrize(("act", "upheld"), [("remove", True), ("dismiss", False)])
def test_who_flagged_learns_of_the_outcome_once_it_can_no_longer_be_undone(act, upheld, comment, cast):
    flag(comment, cast.bob)
    decide(comment, cast.mona, act, *(["unkind"] if act == "remove" else []))
    (mine,), _after = flagged.flags_by(cast.bob)
    assert (mine.answered_at, mine.is_upheld) == (None, None)
    with later(11):
        (mine,), _after = flagged.flags_by(cast.bob)
        assert mine.is_upheld is upheld
        assert mine.answered_at is not None


def test_a_persons_flags_come_in_pages_of_three_queries(app, cast, post):
    for _number in range(5):
        flag(makers.make_comment(cast.alice, post), cast.bob)
    seen, after = [], ""
    while True:
        with counted_queries() as sent:
            page, after = flagged.flags_by(cast.bob, after or "", limit=2)
        assert len(sent) <= 3
        seen += [one.signal.id for one in page]
        if not after:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5


def test_moderators_see_who_weighs_what_and_how_much_it_takes(comment, cast):
    cast.bob.trust = NEWCOMER
    flag(comment, cast.bob)
    flag(comment, cast.max)
    case = queries.open_case_of(comment)
    shown = flags.together(queries.signals_of([case.id])[case.id], HIDES_AT)
    assert shown.line == "The flags weigh 2. From 4 a comment is hidden until a moderator has read it."
    assert [(part.name, part.weight) for part in shown.parts] == [("Bob Barker", "0.5"), ("Max Moss", "1.5")]
    assert shown.parts[0].why == "new here: 0.5; 0 of 0 flags decided lately were upheld"


def test_where_nobody_flagged_there_is_nothing_to_explain(app, cast, post):
    _held, case = makers.make_held(cast.nora, post)
    assert flags.together(queries.signals_of([case.id])[case.id], HIDES_AT) is None
