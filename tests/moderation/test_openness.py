"""The public log: what is in it, and what never is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from forum.foundation import clock
from forum.foundation.db import db
from forum.moderation import appeals, cases, cleaning, decisions, flagging, openness, queries, sanctions, undoing
from forum.moderation.actions import FLAGGED
from forum.moderation.openness import Filters, month_bounds
from forum.reading import openness as log
from tests import makers
from tests.queries import counted_queries

SECRET = "Zanzibar"


def entries(with_names: bool = False, **filters) -> list[log.Entry]:
    found, _after = openness.entries(Filters(**filters))
    return log.entries(found, with_names=with_names)


def act_on(comment, by, act: str, *rest, **how):
    case = cases.open_for(comment, FLAGGED)
    made = getattr(decisions, act)(case, by, case.version, *rest, **how)
    db.session.commit()
    return made


def undo(decision, by):
    undoing.undo(decision, by)
    db.session.commit()


@pytest.fixture
def public(app, cast, post):
    return makers.make_comment(cast.alice, post, f"{SECRET} words of Alice.")


@pytest.fixture
def held(app, cast, post):
    comment, _case = makers.make_held(cast.nora, post, f"{SECRET} words of Nora.")
    return comment


def test_a_removal_is_an_entry_that_leads_to_the_line_in_its_place(public, cast, post):
    act_on(public, cast.mona, "remove", "unkind", f"{SECRET} message")
    (entry,) = entries()
    assert entry.chip.text == "Removed"
    assert "house rule 2" in entry.reason
    assert entry.discussion == post.title
    assert entry.comment_url == f"/comments/{public.id}"
    assert entry.by == "A moderator"
    assert entry.url == f"/moderation-log/{entry.id}"


def test_a_rejected_comment_that_never_was_public_is_an_entry_without_its_place(held, cast, post):
    act_on(held, cast.mona, "reject", "spam")
    (entry,) = entries()
    assert (entry.chip.text, entry.discussion, entry.comment_url) == ("Rejected", post.title, "")


def test_it_still_has_none_once_it_is_public_after_all(held, cast):
    act_on(held, cast.mona, "reject", "spam")
    act_on(held, cast.mona, "restore")
    assert held.is_public
    assert [(entry.chip.text, entry.comment_url) for entry in entries()] == [("Put back", ""), ("Rejected", "")]


def test_approvals_and_dismissed_flags_are_not_listed(public, held, cast):
    act_on(held, cast.mona, "approve")
    flagging.flag(public, cast.bob, "unkind", "")
    undo(act_on(public, cast.mona, "dismiss"), cast.mona)
    assert entries() == []


def test_an_undone_decision_stays_and_so_does_its_undoing_and_neither_points_at_the_comment(public, cast):
    removal = act_on(public, cast.mona, "remove", "unkind")
    undo(removal, cast.mona)
    undoing_entry, entry = entries()
    assert (entry.chip.text, undoing_entry.chip.text) == ("Removed", "Undone")
    assert [after.words for after in entry.after] == ["undone"]
    assert entry.after[0].url == undoing_entry.url
    assert undoing_entry.on_url == entry.url
    assert (entry.comment_url, undoing_entry.comment_url) == ("", "")


@pytest.mark.parametrize(("with_names", "by"), [(False, "A moderator"), (True, "Mona Mild")])
def test_who_decided_is_named_where_the_site_says_so(with_names, by, public, cast):
    act_on(public, cast.mona, "remove", "unkind")
    assert entries(with_names)[0].by == by


# Every way through the states, as acts on a comment that begins public or held.
WAYS = [
    ("removed", "public", ["remove"]),
    ("removed and restored", "public", ["remove", "restore"]),
    ("removed and undone", "public", ["remove", "undo"]),
    ("spam", "public", ["mark_spam"]),
    ("spam undone", "public", ["mark_spam", "undo"]),
    ("flags dismissed", "public", ["dismiss"]),
    ("rejected", "held", ["reject"]),
    ("rejected for good", "held", ["mark_spam"]),
    ("rejected and undone", "held", ["reject", "undo"]),
    ("rejected and restored", "held", ["reject", "restore"]),
    ("approved", "held", ["approve"]),
    ("approved and undone", "held", ["approve", "undo"]),
    ("held", "held", []),
]


@pytest.mark.parametrize(("begin", "acts"), [row[1:] for row in WAYS], ids=[row[0] for row in WAYS])
def test_no_field_of_any_entry_tells_words_writers_flaggers_or_messages(begin, acts, public, held, cast):
    comment = public if begin == "public" else held
    comment.post.title = "Buses"
    flagging.flag(public, cast.bob, "unkind", f"{SECRET} says Bob.")
    db.session.commit()
    made = None
    for act in acts:
        if act == "undo":
            undo(made, cast.mona)
        elif act in ("reject", "remove"):
            made = act_on(comment, cast.mona, act, "unkind", f"{SECRET} message")
        else:
            made = act_on(comment, cast.mona, act, f"{SECRET} message")
    for entry in entries():
        told = repr(asdict(entry))
        for secret in (SECRET, "Alice", "alice", "Nora", "nora", "Bob", "bob", "Mona", "mona"):
            assert secret not in told, f"{secret} in {told}"
        if begin == "held":
            assert f"/comments/{held.id}" not in told
        assert openness.entry(entry.id) is not None


def test_what_is_not_listed_has_no_page(public, held, cast):
    approval = act_on(held, cast.mona, "approve")
    flagging.flag(public, cast.bob, "unkind", "")
    dismissal = act_on(public, cast.mona, "dismiss")
    assert openness.entry(approval.id) is None
    assert openness.entry(dismissal.id) is None


def test_a_discussion_that_is_not_public_is_not_named(public, cast):
    act_on(public, cast.mona, "remove", "unkind")
    public.post.state = "draft"
    db.session.commit()
    (entry,) = entries()
    assert (entry.discussion, entry.discussion_url, entry.comment_url) == ("", "", "")


FILTERS = [
    ("nothing", {}, {"first", "second", "third"}),
    ("an action", {"action": "remove"}, {"first", "second"}),
    ("a rule", {"rule": "spam"}, {"second", "third"}),
    ("both", {"action": "remove", "rule": "spam"}, {"second"}),
    ("a discussion", {"discussion": "buses"}, {"first", "third"}),
    ("a discussion that is none", {"discussion": "trains"}, set()),
    ("an action that is none", {"action": "approve"}, set()),
    ("this month", {"month": clock.now().strftime("%Y-%m")}, {"first", "second", "third"}),
    ("another month", {"month": "2020-02"}, set()),
]


@pytest.mark.parametrize(("filters", "found"), [row[1:] for row in FILTERS], ids=[row[0] for row in FILTERS])
def test_filters(filters, found, app, cast):
    buses, tides = makers.make_post(cast.arthur, "Buses"), makers.make_post(cast.arthur, "Tides")
    names = {
        makers.make_removed(cast.alice, buses, cast.mona, reason="unkind").id: "first",
        makers.make_removed(cast.alice, tides, cast.mona, reason="spam").id: "second",
        makers.make_rejected(cast.nora, buses, cast.mona, reason="spam").id: "third",
    }
    listed, _after = openness.entries(Filters(**filters))
    assert {names[row.comment_id] for row in listed} == found


def test_pages_follow_each_other_without_gap_or_double_also_while_the_log_grows(app, cast, post):
    for _number in range(7):
        makers.make_removed(cast.alice, post, cast.mona)
    everything = [row.id for row in openness.entries(Filters())[0]]
    seen, after = [], ""
    while True:
        rows, after = openness.entries(Filters(), after or "", limit=3)
        seen += [row.id for row in rows]
        makers.make_removed(cast.alice, post, cast.mona)
        if not after:
            break
    assert seen == everything


def test_a_page_costs_the_same_however_long_the_log_is(app, cast, post):
    makers.make_removed(cast.alice, post, cast.mona)
    with counted_queries() as few:
        entries()
    for _number in range(12):
        makers.make_removed(cast.alice, post, cast.mona)
    db.session.expire_all()
    with counted_queries() as many:
        entries()
    assert len(many) == len(few) <= 4


def test_the_story_of_a_comment_is_on_the_page_of_each_of_its_entries(public, cast):
    removal = act_on(public, cast.mona, "remove", "unkind")
    act_on(public, cast.mona, "restore")
    story = log.entries(openness.history(removal), with_names=False)
    assert [entry.chip.text for entry in story] == ["Removed", "Put back"]


def test_the_months_meet_without_gap():
    assert month_bounds("2026-12") == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert month_bounds("2026-02")[1] == month_bounds("2026-03")[0]


def test_a_case_that_was_decided_twice_after_an_undo_lists_all_three(public, cast):
    with time_machine.travel(clock.now() + timedelta(seconds=5)):
        undo(act_on(public, cast.mona, "remove", "unkind"), cast.mona)
        case = queries.open_case_of(public) or cases.open_for(public, FLAGGED)
        decisions.remove(case, cast.max, case.version, "spam")
        db.session.commit()
    assert [entry.chip.text for entry in entries()] == ["Removed", "Undone", "Removed"]


PERSONAL = ["Warned somebody", "Silenced for 24 hours", "Suspended", "Lifted a sanction", "Cleaned up after a spammer"]


def test_sanctions_are_listed_without_the_person_and_without_a_discussion(public, cast, post):
    cast.ada.is_admin = False
    cast.max.is_moderator = False
    db.session.commit()
    words = f"{SECRET} message"
    sanctions.warn(cast.alice, cast.mona, "unkind", words)
    silence = sanctions.silence(cast.alice, cast.mona, "unkind", words, 24)
    sanctions.lift(silence, cast.mona, words)
    sanctions.suspend(cast.bob, cast.mona, "spam", words, 24)
    cleaning.clean_up(cast.mallory, cast.mona)
    db.session.commit()
    found = entries()
    for chip in PERSONAL:
        assert any(entry.chip.text.startswith(chip) for entry in found), chip
    for entry in found:
        told = repr(asdict(entry))
        assert (entry.discussion, entry.comment_url) == ("", "")
        for secret in (SECRET, "Alice", "Bob", "Mallory", "alice", "bob", "mallory", post.slug):
            assert secret not in told
    assert entries(discussion=post.slug) == []


def test_what_a_clean_up_took_away_is_listed_comment_by_comment(app, cast, post):
    comment = makers.make_comment(cast.mallory, post)
    cleaning.clean_up(cast.mallory, cast.mona)
    db.session.commit()
    assert [entry.comment_url for entry in entries(discussion=post.slug)] == [f"/comments/{comment.id}"]
    assert openness.entry(queries.removals_of([comment.id])[comment.id].id) is not None


def test_an_appeal_that_changed_a_decision_stands_beside_it(public, cast):
    removal = act_on(public, cast.mona, "remove", "unkind")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        appeal = appeals.make(removal, cast.alice, f"{SECRET} appeal")
        db.session.commit()
        appeals.answer(appeal, cast.max, appeal.case.version, False, f"{SECRET} answer")
        db.session.commit()
    answer, entry = entries()
    assert [after.words for after in entry.after] == ["changed on appeal"]
    assert (answer.chip.text, answer.by) == ("Changed on appeal", "Another moderator")
    assert answer.on_url == entry.url
    assert SECRET not in repr(entries())
