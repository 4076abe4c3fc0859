"""Every comment finds its place, or the reason why it has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.archive import dates, linking
from forum.archive.records import Archive, CommentRecord, PostRecord, Spot

LONG_AGO = dates.read("2019-04-02")


def post(slug: str = "p", line: int = 1) -> PostRecord:
    return PostRecord(Spot("posts.jsonl", line, ""), slug, "Title", "Words.", LONG_AGO)


def comment(name: str, parent: str | None = None, *, on: str = "p", day: int = 1, line: int = 1) -> CommentRecord:
    spot = Spot("comments.jsonl", line, name)
    return CommentRecord(spot, name, on, parent, "Ivy", None, dates.read(f"2019-05-{day:02}"), "Words.")


def link(*comments: CommentRecord, posts: tuple[PostRecord, ...] = (post(),)):
    discussions, rejects = linking.link(Archive("blog", list(posts), list(comments)))
    return [c.id for d in discussions for c in d.comments], {r.spot.text: r.reason for r in rejects}


@pytest.mark.parametrize(
    ("comments", "reasons"),
    [
        ([comment("a", on="q")], {"a": "Its post “q” is not among the posts that could be read."}),
        (
            [comment("a", "gone")],
            {"a": "The comment it replies to, “gone”, is not among the comments that could be read."},
        ),
        ([comment("a", "a")], {"a": "It replies to itself, directly or through other replies."}),
        (
            [comment("a", "b"), comment("b", "c"), comment("c", "b")],
            {
                "a": "The comment it replies to was rejected.",
                "b": "It replies to itself, directly or through other replies.",
                "c": "It replies to itself, directly or through other replies.",
            },
        ),
        (
            [comment("c", "b"), comment("b", "a"), comment("a", "gone")],
            {
                "a": "The comment it replies to, “gone”, is not among the comments that could be read.",
                "b": "The comment it replies to was rejected.",
                "c": "The comment it replies to was rejected.",
            },
        ),
    ],
)
def test_a_comment_without_a_place_is_rejected(comments, reasons):
    assert link(*comments) == ([], reasons)


def test_a_reply_to_a_comment_below_another_post_is_rejected():
    placed, reasons = link(comment("a"), comment("b", "a", on="q"), posts=(post(), post("q")))
    assert placed == ["a"]
    assert reasons == {"b": "The comment it replies to is below another post."}


def test_of_two_with_one_id_the_first_stays():
    placed, reasons = link(comment("a", line=1), comment("a", line=2))
    assert placed == ["a"]
    assert reasons == {"a": "Its id is that of line 1 already."}


def test_of_two_posts_with_one_slug_the_first_stays():
    discussions, rejects = linking.link(Archive("blog", [post(line=1), post(line=2)], []))
    assert len(discussions) == 1
    assert [reject.reason for reject in rejects] == ["Its slug is that of line 1 already."]


def test_the_oldest_come_first_and_parents_before_replies():
    placed, _reasons = link(
        comment("c", "b", day=3),
        comment("b", day=9),
        comment("d", day=10),
        comment("a", day=2),
        comment("e", "c", day=4),
    )
    assert placed == ["a", "b", "c", "e", "d"]


def test_a_chain_of_ten_thousand_replies_is_followed():
    chain = [comment(f"c{n}", f"c{n - 1}" if n else None) for n in range(10_000)]
    placed, reasons = link(*reversed(chain))
    assert placed == [record.id for record in chain]
    assert reasons == {}


_TREES = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 12)), st.integers(1, 28)), max_size=12)


@given(_TREES)
def test_whatever_the_parents_each_comment_is_placed_once_or_rejected_once(tree):
    comments = [
        comment(str(number), None if parent is None else str(parent), day=day)
        for number, (parent, day) in enumerate(tree)
    ]
    placed, reasons = link(*comments)
    assert sorted([*placed, *reasons]) == sorted(record.id for record in comments)
    parents = {record.id: record.parent for record in comments}
    for place, name in enumerate(placed):
        assert parents[name] is None or parents[name] in placed[:place]
