"""Writing posts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from forum.events.log import EventRow
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Refused
from forum.posts import permissions, queries, writing
from forum.posts.models import Post, PostAuthor, Series, Tag
from forum.posts.writing import AuthorText, PostText
from tests import makers

GOOD = {"title": "Slow buses", "body": "Words about buses."}


def write(owner, **values) -> Post:
    post = writing.write(owner, PostText(**(GOOD | values)))
    db.session.commit()
    return post


def change(post: Post, **values) -> Post:
    text = GOOD | {"is_published": post.is_public} | values
    writing.change(post, PostText(**text), post.version)
    db.session.commit()
    return post


def events() -> list[str]:
    return list(db.session.scalars(select(EventRow.name).order_by(EventRow.id)))


REFUSED = [
    ("no title", {"title": " \n"}, "title", "Give the post a title"),
    ("a long title", {"title": "x" * 203}, "title", "by 3 characters"),
    ("a long standfirst", {"standfirst": "x" * 501}, "standfirst", "by 1 "),
    ("no text", {"body": "  "}, "body", "Write something"),
    ("a long text", {"body": "x" * (writing.LONGEST_BODY + 1)}, "body", "by 1 "),
    ("no policy", {"policy": ""}, "policy", "Choose who may write"),
    ("a part of nothing", {"part": 2}, "series", "Name the series"),
    ("part nought", {"series": "Buses", "part": 0}, "part", "from 1 to"),
    ("fewer parts planned than there are", {"series": "Buses", "part": 3, "total": 2}, "total", "at least this part"),
    ("eleven tags", {"tags": [f"tag {n}" for n in range(11)]}, "tags", "at most 10"),
    ("thirteen authors", {"authors": [AuthorText(f"A{n}") for n in range(13)]}, "authors", "at most 12"),
]


@pytest.mark.parametrize(("values", "field", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_post_is_refused_for(values, field, words, app, cast):
    with pytest.raises(Refused, match=words) as refusal:
        writing.write(cast.arthur, PostText(**(GOOD | values)))
    assert refusal.value.field == field
    db.session.rollback()
    assert db.session.scalar(select(func.count(Post.id))) == 0


def test_two_posts_of_one_title_have_two_addresses(app, cast):
    assert [write(cast.arthur).slug for _turn in range(3)] == ["slow-buses", "slow-buses-2", "slow-buses-3"]
    assert write(cast.arthur, slug="Slow Buses!").slug == "slow-buses-4"


def test_an_address_that_only_begins_like_another_is_free(app, cast):
    write(cast.arthur, title="Slow buses again")
    assert write(cast.arthur).slug == "slow-buses"


def test_a_title_without_letters_has_an_address(app, cast):
    assert [write(cast.arthur, title="???").slug, write(cast.arthur, title="!").slug] == ["post", "post-2"]


def test_an_edit_keeps_the_address_unless_another_is_asked_for(app, cast):
    post = write(cast.arthur)
    assert change(post, title="Quick buses").slug == "slow-buses"
    assert change(post, slug="slow-buses").slug == "slow-buses"
    assert change(post, slug="quick buses").slug == "quick-buses"
    other = write(cast.arthur, title="Trams")
    assert change(other, slug="quick-buses").slug == "quick-buses-2"


def test_the_second_of_two_editors_is_told_and_changes_nothing(app, cast):
    post = write(cast.arthur)
    seen = post.version
    writing.change(post, PostText(**GOOD | {"title": "First"}), seen)
    db.session.commit()
    with pytest.raises(Conflict, match="Somebody saved this post"):
        writing.change(post, PostText(**GOOD | {"title": "Second"}), seen)
    db.session.rollback()
    assert post.title == "First"


def test_a_post_names_its_authors_in_order_and_an_edit_names_others(app, cast):
    guest = AuthorText("Gwen Guest", "Driver", "Bus Co", is_guest=True)
    post = write(cast.arthur, authors=[AuthorText("Arthur", user_id=cast.arthur.id), guest, AuthorText("  ")])
    assert [author.name for author in post.authors] == ["Arthur", "Gwen Guest"]
    change(post, authors=[guest, AuthorText("Arthur", user_id=cast.arthur.id), AuthorText("Third")])
    db.session.expire_all()
    assert [(a.position, a.name, a.role) for a in post.authors] == [
        (0, "Gwen Guest", "Driver"), (1, "Arthur", ""), (2, "Third", ""),
    ]  # fmt: skip
    assert db.session.scalar(select(func.count(PostAuthor.id))) == 3


def test_tags_are_shared_and_named_once(app, cast):
    one = write(cast.arthur, tags=["Routes", "routes", " fares ", "!!"])
    other = write(cast.arthur, tags=["routes"])
    assert [tag.name for tag in one.tags] == ["fares", "routes"]
    assert other.tags[0].id == one.tags[1].id
    assert db.session.scalar(select(func.count(Tag.id))) == 2


def test_two_spellings_of_one_tag_are_one(app, cast):
    post = write(cast.arthur, tags=["café", "cafe"])
    db.session.expire_all()
    assert [tag.slug for tag in post.tags] == ["cafe"]


def test_parts_of_a_series_share_it_and_its_total(app, cast):
    one = write(cast.arthur, series="Slow Buses", part=1, total=3)
    two = write(cast.arthur, series=" slow  buses ", part=2, total=4)
    assert one.series_id == two.series_id
    assert (two.series.name, two.series.total) == ("Slow Buses", 4)
    change(two, series="Slow Buses", part=2)
    assert two.series.total == 4, "no number given changes none"
    change(two, series="")
    assert (two.series, two.part) == (None, None)
    assert db.session.scalar(select(func.count(Series.id))) == 1


def test_a_draft_becomes_public_and_a_draft_again(app, cast):
    post = write(cast.arthur)
    assert (post.is_public, post.published_at, events()) == (False, None, [])
    change(post, is_published=True)
    first = post.published_at
    assert first is not None
    change(post, is_published=False)
    assert post.is_public is False
    change(post, is_published=True)
    assert post.published_at == first, "it was published then"
    change(post)
    assert events() == ["PostPublished", "PostUnpublished", "PostPublished", "PostChanged"]


def test_a_saved_edit_makes_readers_pages_out_of_date(app, cast):
    post = write(cast.arthur, is_published=True)
    before = post.thread_version
    change(post, title="Other")
    assert post.thread_version > before


SIGHT = [
    ("a guest", None, False),
    ("a reader", "alice", False),
    ("another author", "other", False),
    ("its author", "arthur", True),
    ("a moderator", "mona", True),
    ("an administrator", "ada", True),
]


@pytest.mark.parametrize(("who", "may"), [row[1:] for row in SIGHT], ids=[row[0] for row in SIGHT])
def test_who_sees_a_draft_asked_one_by_one_and_as_a_list(who, may, app, cast):
    draft, public = makers.make_post(cast.arthur, is_published=False), makers.make_post(cast.arthur)
    person = cast.bob if who == "other" else getattr(cast, who) if who else None
    if who == "other":
        person.is_author = True
    assert bool(permissions.may_see(person, draft)) is may
    assert permissions.may_see(person, public)
    listed = set(db.session.scalars(select(Post.id).where(permissions.visible_to(person))))
    assert listed == ({draft.id, public.id} if may else {public.id})
    assert (queries.by_slug(draft.slug, person) is not None) is may


CHANGE = [
    ("its author", "arthur", True),
    ("a reader", "alice", False),
    ("a moderator", "mona", False),
    ("an administrator", "ada", True),
]


@pytest.mark.parametrize(("who", "may"), [row[1:] for row in CHANGE], ids=[row[0] for row in CHANGE])
def test_who_may_change_a_post(who, may, app, cast):
    post = makers.make_post(cast.arthur)
    assert bool(permissions.may_change(getattr(cast, who), post)) is may
    assert not permissions.may_change(None, post)


def test_an_author_changes_no_other_authors_post(app, cast):
    cast.bob.is_author = True
    assert not permissions.may_change(cast.bob, makers.make_post(cast.arthur))


def test_somebody_who_is_an_author_no_longer_may_not_change_their_post(app, cast):
    post = makers.make_post(cast.arthur)
    cast.arthur.is_author = False
    assert not permissions.may_change(cast.arthur, post)
    assert not permissions.may_write(cast.arthur)
    assert permissions.may_write(cast.ada)
