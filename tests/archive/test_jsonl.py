"""A line of the files is a record, or a reject with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from forum.archive import jsonl
from tests.archive.made_up import blog, comment, post


@pytest.fixture
def read(tmp_path):
    return lambda posts=(), comments=(): jsonl.read(blog(tmp_path / "blog", posts, comments))


def without(row: dict, name: str) -> dict:
    return {key: value for key, value in row.items() if key != name}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "This line is not JSON."),
        ("[" * 100_000, "This line is not JSON."),
        (b'{"id": "\xff"}', "This line is not UTF-8 text."),
        ("[1]", "This line is not a JSON object."),
        (without(comment(1), "id"), "“id” is missing or empty."),
        (comment(1, id=" "), "“id” is missing or empty."),
        (comment(1, id=True), "“id” is not text."),
        (without(comment(1), "post"), "“post” is missing or empty."),
        (comment(1, post=["a-bench"]), "“post” is not text."),
        (comment(1) | {"parent": {}}, "“parent” is not text."),
        (comment(1, author=7), "“author” is not text."),
        (comment(1, date=None), "“date” is missing or empty."),
        (comment(1, date="yesterday"), "The date “yesterday” is not like 2026-03-18 or 2026-03-18T09:30:00Z."),
        (comment(1, date="2019-02-30"), "There is no such date as “2019-02-30”."),
        (comment(1, date="0001-01-01T00:00:00Z"), "The date “0001-01-01T00:00:00Z” cannot be right."),
        (comment(1, text=""), "“text” is missing or empty."),
        (comment(1, text=" \n\t"), "“text” is missing or empty."),
        (comment(1, text=None), "“text” is missing or empty."),
        (comment(1, text="<p> </p>", format="html"), "“text” holds no words."),
        (comment(1, format="bbcode"), "“format” is 'bbcode'; it must be “markdown” or “html”."),
    ],
)
def test_a_comment_that_cannot_be_read_is_rejected(read, line, reason):
    archive = read([post()], [line])
    assert archive.comments == []
    assert [reject.reason for reject in archive.rejects] == [reason]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (without(post(), "slug"), "“slug” is missing or empty."),
        (post(title=["x"]), "“title” is not text."),
        (post(date="2019"), "The date “2019” is not like 2026-03-18 or 2026-03-18T09:30:00Z."),
        (post(front_matter={}), "“front_matter” is not text."),
        (post(markdown=""), "“markdown” is missing or empty."),
    ],
)
def test_a_post_that_cannot_be_read_is_rejected(read, line, reason):
    archive = read([line])
    assert archive.posts == []
    assert [reject.reason for reject in archive.rejects] == [reason]


def test_a_reject_knows_its_file_its_line_and_its_words(read):
    archive = read([post(), "", '{"slug": 1'], [comment(1), "nonsense"])
    assert [(r.spot.file, r.spot.number, r.spot.text) for r in archive.rejects] == [
        ("posts.jsonl", 3, '{"slug": 1'),
        ("comments.jsonl", 2, "nonsense"),
    ]


def test_optional_fields_may_be_absent(read):
    row = {"id": 7, "post": "a-bench", "date": "2019-05-07T12:00:00Z", "text": "Yes."}
    (found,) = read([post()], [row]).comments
    assert (found.id, found.parent, found.author, found.author_key, found.body) == ("7", None, "", None, "Yes.")


def test_comments_may_be_absent(tmp_path):
    folder = blog(tmp_path / "blog", [post()])
    (folder / "comments.jsonl").unlink()
    assert jsonl.read(folder).comments == []


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(read):
    archive = read([b"\xef\xbb\xbf" + json.dumps(post()).encode() + b"\r"], [comment(1, text="a\r\nb\rc")])
    assert archive.rejects == []
    assert archive.comments[0].body == "a\nb\nc"


def test_what_no_database_can_store_is_replaced(read):
    (found,) = read([post()], [comment(1, text="a\x00b\ud800c")]).comments
    assert found.body == "a\ufffdb\ufffdc"


def test_a_post_without_a_title_is_called_by_its_slug(read):
    (found,) = read([post("the_long-way-home", title=None, front_matter="")]).posts
    assert found.title == "The long way home"


@pytest.mark.parametrize(
    "matter",
    [
        "title: [",
        "tags: !!python/object/apply:os.system ['true']",
        "a: &a [x, x]\nb: &b [*a, *a]\ntags: [*b, *b]",
        "tags: {a: b}",
        "date: 2019-99-99\ntags: 7",
        "- a\n- b",
        "[" * 20_000,
        "x" * 60_000,
        "? [a, b]\n: c",
    ],
)
def test_front_matter_that_cannot_be_used_is_left_out(read, matter):
    (found,) = read([post(front_matter=matter)]).posts
    assert found.title == "A bench for the square"
    assert set(found.tags) <= {"7", "true"}


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("tags: [Benches, open air]", ("Benches", "open air")),
        ("tags: benches parks", ("benches", "parks")),
        ("tags: open air, parks", ("open air", "parks")),
        ("tags:\n- 2019\n- yes", ("2019", "yes")),
        ("tags:", ()),
        ("tags: ~", ()),
    ],
)
def test_tags_are_read_as_jekyll_reads_them(read, written, tags):
    (found,) = read([post(front_matter=written)]).posts
    assert found.tags == tags


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019-04-02", (2019, 4, 2, 0, 0)),
        ("2019-04-02T09:30:00Z", (2019, 4, 2, 9, 30)),
        ("2019-04-02T09:30:00.123456+02:00", (2019, 4, 2, 7, 30, 0, 123456)),
        ("2019-04-02 09:30:00 -0500", (2019, 4, 2, 14, 30)),
        ("2019-04-02t09:30:00z", (2019, 4, 2, 9, 30)),
        ("2019-04-02T09:30", (2019, 4, 2, 9, 30)),
    ],
)
def test_dates_are_read_and_become_utc(read, written, moment):
    (found,) = read([post(date=written)]).posts
    assert found.published_at == datetime(*moment, tzinfo=UTC)


def test_a_comment_from_the_future_is_rejected(read):
    year = datetime.now(UTC).year + 1
    (reject,) = read([], [comment(1, date=f"{year}-12-31T00:00:00Z")]).rejects
    assert reject.reason.endswith("is in the future.")
