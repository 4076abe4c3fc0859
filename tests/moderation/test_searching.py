"""The moderators' search: what is found by words, states, people, places, days and findings, and how far it looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from forum.accounts import blocking
from forum.comments import editing
from forum.comments.findings import Finding, Screened
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN, Comment
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation import cases, flagging, narrowing, searching
from forum.moderation.models import Signal
from forum.moderation.searching import EDIT_WAITS, Wanted
from forum.screening.names import LINKS, SPAM, WORDS
from tests import makers
from tests.cast import make_user
from tests.queries import counted_queries

JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)

# What is typed, and whether it finds the comment.
TYPED = [
    ("bus", True),
    ("BUSES", True),
    ("cafe", True),
    ("CAFÉ", True),
    ("buses cafe", True),
    ("buses trams", False),
    ('"late buses"', True),
    ('"buses late"', False),
    ("100%", True),
    ("100%x", False),
    ("la_e", False),
    ("a\\b", True),
    ("spam.example", True),
    ("άνθρωπος", True),
    ("'; drop table comments; --", False),
]
MATCHED = [
    ("disgrace", True),
    ("DISGRÂCE", True),
    ("grac*", True),
    ("viagra", True),
    ("sch\u00f6n", True),
    # What a reader says is no finding, and neither are the names that findings have.
    ("awful", False),
    ("pattern", False),
    ("found", False),
    ("tram", False),
]
# What is typed from and to, and the field that is wrong.
NO_DAYS = [
    ("soon", "", "since"),
    ("", "2026-02-30", "until"),
    ("2026-06-02", "2026-06-01", "until"),
    ("0001-01-01", "", "since"),
    ("2026-6-1", "", "since"),
    ("", "٢٠٢٦-٠٦-٠١", "until"),
]
REFUSED = [
    (narrowing.words, "a b c d e f g h i"),
    (narrowing.words, "x" * 201),
    (narrowing.state, "lost"),
    (narrowing.matched, "x" * 201),
    (narrowing.digest, "alice at example.org"),
    (narrowing.digest, "0" * 63),
    (narrowing.digest, "@"),
]


def found(most: int = 0, after: str = "", **wanted) -> list[int]:
    """Which comments, in their order."""
    return [comment.id for comment, _edit in searching.find(Wanted(**wanted), after, most).rows]


def edit_waiting(comment: Comment, words: str) -> None:
    held = Screened([Finding(LINKS)])
    editing.edit(comment, comment.author, words, "en", has_case=False, screen=lambda *_args, **_more: held)
    db.session.commit()


def find_in(comment: Comment, reason: str, detail: dict) -> None:
    """A check found something in it."""
    db.session.add(Signal(case_id=cases.open_for(comment, "held").id, reason=reason, detail=detail))
    db.session.commit()


def write_at(comment: Comment, moment: datetime) -> None:
    db.session.execute(update(Comment).where(Comment.id == comment.id).values(created_at=moment))
    db.session.commit()


def test_words_are_found_as_parts_of_a_text_however_they_are_written(cast, post):
    text = "Late buses at the Café: 100% sure, a\\b, [here](https://spam.example/x), ανθρωπος."
    comment = makers.make_comment(cast.alice, post, text)
    for typed, is_found in TYPED:
        assert found(words=narrowing.words(typed)) == ([comment.id] if is_found else []), typed


def test_new_words_that_wait_are_searched_and_come_along(cast, post):
    comment = makers.make_comment(cast.alice, post, "The old words.")
    makers.make_comment(cast.alice, post, "Some other text.")
    edit_waiting(comment, "Fresh text.")
    assert found(words=("fresh",)) == [comment.id]
    assert found(words=("old",)) == [comment.id]
    # Neither of its two texts has both.
    assert found(words=("fresh", "old")) == []
    ((_comment, edit),) = searching.find(Wanted(state=EDIT_WAITS)).rows
    assert edit.body == "Fresh text."


def test_comments_are_found_by_their_state_and_without_one_all_of_them(cast, post):
    made = {
        PUBLISHED: makers.make_comment(cast.alice, post),
        HELD: makers.make_held(cast.nora, post)[0],
        REJECTED: makers.make_rejected(cast.nora, post, cast.mona),
        REMOVED: makers.make_removed(cast.alice, post, cast.mona),
        WITHDRAWN: makers.make_withdrawn(cast.alice, post),
    }
    for state, comment in made.items():
        assert found(state=state) == [comment.id], state
    assert found() == [comment.id for comment in reversed(made.values())]


def test_people_are_meant_by_a_part_of_their_name_or_their_username(cast, post):
    alice = makers.make_comment(cast.alice, post)
    zoe = makers.make_comment(make_user("z.o", name="Zoë Archer"), post)
    makers.make_comment(cast.bob, post)
    for typed, comments in (
        ("@alice", [alice]), ("Archer", [zoe, alice]), ("zoe arch", [zoe]), ("Z.O", [zoe]), ("lic", [alice]),
    ):  # fmt: skip
        assert found(author_ids=narrowing.people(typed)) == [comment.id for comment in comments], typed
    for typed in ("nobody", "%", "@nobody"):
        with pytest.raises(Refused) as refusal:
            narrowing.people(typed)
        assert refusal.value.field == "author"


def test_too_many_people_are_not_searched(cast, monkeypatch):
    monkeypatch.setattr(narrowing, "MOST_OF_A_KIND", 1)
    names = {cast.alice.name, cast.bob.name}
    assert len(names) == 2
    assert narrowing.people("Alice")
    with pytest.raises(Refused) as refusal:
        narrowing.people("a")
    assert "More than 1" in refusal.value.sentence


def test_discussions_are_meant_by_a_part_of_their_title_or_their_address(cast):
    slow, quick = makers.make_post(cast.arthur, "Slow buses"), makers.make_post(cast.arthur, "Quick trains")
    comment = makers.make_comment(cast.alice, slow)
    makers.make_comment(cast.alice, quick)
    for typed in ("SLOW", slow.slug, f"https://forum.example/posts/{slow.slug}/"):
        assert found(post_ids=narrowing.discussions(typed)) == [comment.id], typed
    with pytest.raises(Refused) as refusal:
        narrowing.discussions("Late trams")
    assert refusal.value.field == "discussion"


def test_what_a_check_found_is_found(cast, post):
    comment = makers.make_comment(cast.alice, post, "Some words.")
    find_in(comment, WORDS, {"found": ["Disgrâce", "schön"], "words": [{"id": 1, "pattern": "grac*"}]})
    find_in(comment, SPAM, {"percent": 97, "strongest": [["viagra", 0.9]]})
    flagging.flag(makers.make_comment(cast.bob, post), cast.alice, "other", "awful")
    db.session.commit()
    for matched, is_found in MATCHED:
        assert found(matched=matched) == ([comment.id] if is_found else []), matched


def test_days_are_those_of_utc_and_the_last_is_within(cast, post):
    comments = [makers.make_comment(cast.alice, post) for _number in range(3)]
    for days, comment in enumerate(comments):
        write_at(comment, JUNE + timedelta(days=days))
    numbers = [comment.id for comment in comments]
    for since, until, expected in (
        ("2026-06-02", "", [2, 1]), ("", "2026-06-02", [1, 0]), ("2026-06-02", "2026-06-02", [1]),
        ("2026-06-04", "", []), ("", "", [2, 1, 0]),
    ):  # fmt: skip
        first = narrowing.since(since)
        assert found(since=first, until=narrowing.until(until, first)) == [numbers[place] for place in expected], (
            since,
            until,
        )


def test_what_is_no_day_is_refused_at_its_field(app):
    for since, until, field in NO_DAYS:
        with pytest.raises(Refused) as refusal:
            narrowing.until(until, narrowing.since(since))
        assert refusal.value.field == field, (since, until)


def test_what_cannot_be_asked_is_refused(app):
    for read, typed in REFUSED:
        with pytest.raises(Refused) as refusal:
            read(typed)
        assert refusal.value.field, typed


def test_an_address_is_known_by_its_digest_with_all_accounts_of_the_mailbox(cast, post):
    alice, bob, twin = cast.alice, cast.bob, make_user("twin", email="alice+two@example.org")
    digest = narrowing.digest(" ALICE+x@Example.org")
    assert len(digest) == 64
    assert "alice" not in digest
    assert narrowing.digest(digest.upper()) == digest
    owners = narrowing.owners(digest)
    assert owners.ids == {alice.id, twin.id}
    assert (owners.is_blocked, owners.is_cut) == (False, False)
    comments = [makers.make_comment(author, post).id for author in (alice, bob, twin)]
    assert found(author_ids=owners.ids) == [comments[2], comments[0]]


def test_a_blocked_address_is_known_without_an_account(app):
    blocking.block("gone@example.org")
    owners = narrowing.owners(narrowing.digest("gone@example.org"))
    assert (owners.ids, owners.is_blocked) == (frozenset(), True)


def test_addresses_are_looked_for_among_so_many_accounts(cast, monkeypatch):
    digest = blocking.digest_of(cast.alice.email)
    assert cast.bob.email
    monkeypatch.setattr(narrowing, "MOST_ACCOUNTS", 1)
    owners = narrowing.owners(digest)
    assert (owners.ids, owners.is_cut) == (frozenset(), True)


def test_nobody_among_the_people_meant_finds_nothing(cast, post):
    makers.make_comment(cast.alice, post)
    assert found(author_ids=frozenset()) == []
    assert found(post_ids=frozenset()) == []


def test_pages_follow_each_other_without_a_gap_also_where_moments_are_the_same(cast, post, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 3)
    numbers = [makers.make_comment(cast.alice, post, f"Word {number}.").id for number in range(8)]
    db.session.execute(update(Comment).values(created_at=JUNE))
    db.session.commit()
    seen, after = [], ""
    for length in (3, 3, 2):
        page = searching.find(Wanted(words=("word",)), after)
        assert len(page.rows) == length
        assert page.looked_at == 0
        seen += [comment.id for comment, _edit in page.rows]
        after = page.after or ""
    assert seen == numbers[::-1]
    assert after == ""


def test_it_looks_so_far_back_and_goes_on_from_there(cast, post):
    old = makers.make_comment(cast.alice, post, "A needle.")
    for _number in range(5):
        makers.make_comment(cast.bob, post, "Hay.")
    new = makers.make_comment(cast.alice, post, "Another needle.")
    first = searching.find(Wanted(words=("needle",)), most=3)
    assert [comment.id for comment, _edit in first.rows] == [new.id]
    assert first.looked_at == 3
    second = searching.find(Wanted(words=("needle",)), first.after, most=3)
    assert (list(second.rows), second.looked_at) == ([], 3)
    third = searching.find(Wanted(words=("needle",)), second.after, most=3)
    assert [comment.id for comment, _edit in third.rows] == [old.id]
    assert (third.after, third.looked_at) == (None, 0)
    # What stands where it stops is looked at once.
    assert [len(found(most=3, after=after, words=("a",))) for after in ("", first.after, second.after)] == [3, 3, 1]
    # Those of one person are all that is counted where one looks for theirs.
    assert found(most=3, words=("needle",), author_ids=frozenset({old.author_id})) == [new.id, old.id]


def test_a_place_that_is_none_is_refused(app):
    with pytest.raises(Refused):
        searching.find(Wanted(), "nonsense")


def test_the_cases_of_a_comment_come_along_the_open_one_first(cast, post):
    comment, closed = makers.make_held(cast.nora, post)
    closed.closed_at = JUNE
    db.session.commit()
    case = cases.open_for(comment, "flagged")
    db.session.commit()
    cases.open_for(makers.make_comment(cast.bob, post), "flagged")
    assert [one.id for one in searching.find(Wanted()).cases[comment.id]] == [case.id, closed.id]


def test_it_asks_three_queries_whatever_it_finds(cast, post):
    for number in range(12):
        comment = makers.make_comment(cast.alice if number % 2 else cast.bob, post, "The same words.")
        find_in(comment, WORDS, {"found": ["same"]})
    wanted = Wanted(words=("same",), matched="same", state=PUBLISHED, author_ids=frozenset({1, 2, 3}))
    db.session.expire_all()
    with counted_queries() as asked:
        page = searching.find(wanted)
        assert {comment.author.name + comment.post.title for comment, _edit in page.rows}
    assert len(page.rows) == 12
    assert len(asked) == 3, asked


def test_the_newest_stretch_is_cut_out_by_an_index(app):
    """A site has a million comments: no search may read all of them."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("what an empty PostgreSQL plans tells nothing of a full one")
    begin = (JUNE, 7)
    asked = searching._between(select(Comment.id), Wanted(), begin, (JUNE - timedelta(days=1), 3))
    asked = asked.order_by(Comment.created_at.desc(), Comment.id.desc())
    text = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = " ".join(row[-1] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    assert "ix_comments_created" in plan
    assert "TEMP B-TREE" not in plan
