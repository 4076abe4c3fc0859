"""A discussion cut into pages: nothing twice, nothing lost, and the same work for ten comments as for ten thousand."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from forum.comments import counting, queries, tree
from forum.comments.models import Comment
from forum.foundation.cache import cache
from forum.foundation.db import db
from forum.posts.models import Post
from forum.reading import thread
from tests import makers
from tests.comments.crowds import fill, random_shape
from tests.queries import counted_queries

QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def anchors(page) -> list[int]:
    """The comments on a page, from top to bottom."""
    return [int(number) for number in re.findall(r'id="comment-(\d+)"', page.html)]


def links(page, kind: str) -> list[str]:
    found = re.findall(rf"<a\b[^>]*\b{kind}[^>]*>", page.html)
    return [re.search(r'href="([^"#]+)', tag).group(1).replace("&amp;", "&") for tag in found]


def beside(page, rel: str) -> str | None:
    found = links(page, f'rel="{rel}"')
    return found[0] if found else None


def walk(guest, url: str, rel: str) -> list[list[int]]:
    """The comments of each page, from this one on."""
    pages = []
    while url is not None:
        page = guest.get(url)
        assert page.status == 200, url
        pages.append(anchors(page))
        url = beside(page, rel)
        assert len(pages) < 300, "the pages go round in a circle"
    return pages


def reachable(guest, url: str) -> set[int]:
    """Every comment that links lead to, from this page on."""
    seen, todo, done = set(), [url], set()
    while todo:
        url = todo.pop()
        if url in done:
            continue
        done.add(url)
        page = guest.get(url)
        assert page.status == 200, url
        seen.update(anchors(page))
        todo += links(page, 'class="thread__more"') + links(page, 'rel="next"')
    return seen


def public_ids(post: Post) -> set[int]:
    return set(db.session.scalars(select(Comment.id).where(Comment.post_id == post.id, Comment.state == "published")))


# The work


def _queries(person, url: str) -> int:
    """How many statements this page takes, beside the relay's look for events after each request of a test."""
    with counted_queries() as sent:
        assert person.get(url).status == 200
    return len([statement for statement in sent if "FROM events" not in statement])


# One for each level that is drawn, and nine whatever is drawn.
MOST_COLD = queries.LEVELS + 9

SHAPES = {
    "flat": lambda size: [None] * size,
    "one branch": lambda size: [None] + [0] * (size - 1),
    "mixed": lambda size: random_shape(size, seed=size),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_page_of_ten_comments_and_of_a_thousand_take_the_same_queries(shape, app, cast, visit, work):
    for size in (10, 1_000):
        post = makers.make_post(cast.arthur, series="Buses", part=size % 7, tags=["routes"])
        fill(post, SHAPES[shape](size), [cast.alice, cast.bob], {0: "removed"})
        url = f"/posts/{post.slug}"
        work()
        cold, warm = _queries(visit(), url), _queries(visit(), url)
        assert cold <= MOST_COLD
        assert warm <= cold - 3


def test_a_page_of_ten_thousand_comments_takes_the_same_queries_as_of_ten(app, cast, visit, work):
    members = set()
    for size in (10, 10_000):
        post = makers.make_post(cast.arthur, series="Buses", part=size % 7, tags=["routes"])
        fill(post, random_shape(size, seed=2, roots=size // 10), [cast.alice, cast.bob, cast.mona], {0: "removed"})
        url = f"/posts/{post.slug}"
        work()
        cold, warm = _queries(visit(), url), _queries(visit(), url)
        assert cold <= MOST_COLD
        assert warm <= cold - 3
        members.add(_queries(visit(cast.alice), url))
    (member,) = members
    assert member <= 13
    # A page from the middle, and a branch deep down, cost as little.
    line = select(Comment.id).where(Comment.post_id == post.id).order_by(Comment.path)
    middle = db.session.scalar(line.where(Comment.depth == 0).offset(500))
    deep = db.session.scalar(line.where(Comment.depth == 9))
    for number, most in ((middle, MOST_COLD), (deep, MOST_COLD + 2)):
        place = visit().get(f"/comments/{number}").location.split("#")[0]
        assert "from=" in place
        assert _queries(visit(), place) <= most


# The pages


@pytest.fixture
def roots_of_many_sizes(app, cast):
    """Roots with nothing, a little and very much below them, which pages must not tear apart."""
    shape: list[int | None] = []
    dice = random.Random(8)
    for size in [0, 130, 0, 0, 60, 30, 99, 1, 0, 250, 40, 59, 0] + [0] * 60 + [45, 54, 2]:
        shape.append(None)
        root = len(shape) - 1
        shape += [dice.randrange(root, root + 1 + n) for n in range(size)]
    post = makers.make_post(cast.arthur)
    fill(post, shape, [cast.alice, cast.bob])
    return post


def _roots(post: Post, order: str) -> list[int]:
    path = Comment.path.desc() if order == "newest" else Comment.path
    return list(
        db.session.scalars(select(Comment.id).where(Comment.post_id == post.id, Comment.depth == 0).order_by(path))
    )


@pytest.mark.parametrize("order", ["oldest", "newest", "liked"])
def test_going_on_and_going_back_show_every_branch_once(order, roots_of_many_sizes, visit):
    post, guest = roots_of_many_sizes, visit()
    expected, roots = _roots(post, order), set(_roots(post, order))
    onward = walk(guest, f"/posts/{post.slug}?order={order}", "next")
    assert len(onward) > 4
    assert [number for page in onward for number in page if number in roots] == expected
    assert len({number for page in onward for number in page}) == sum(map(len, onward)), "nothing twice"

    last = guest.get(f"/posts/{post.slug}?order={order}")
    while beside(last, "next"):
        last = guest.get(beside(last, "next"))
    back = [anchors(last), *walk(guest, beside(last, "prev"), "prev")]
    assert [number for page in reversed(back) for number in page if number in roots] == expected


def test_there_and_back_again_is_the_same_page(roots_of_many_sizes, visit):
    guest = visit()
    second = guest.get(beside(guest.get(f"/posts/{roots_of_many_sizes.slug}"), "next"))
    third = guest.get(beside(second, "next"))
    back = guest.get(beside(third, "prev"))
    assert anchors(guest.get(beside(back, "next"))) == anchors(third)


def test_the_first_page_has_none_before_it_and_the_last_none_after(roots_of_many_sizes, visit):
    guest = visit()
    first = guest.get(f"/posts/{roots_of_many_sizes.slug}")
    assert beside(first, "prev") is None
    last = first
    while beside(last, "next"):
        last = guest.get(beside(last, "next"))
    assert beside(last, "next") is None


@pytest.mark.parametrize(
    "word",
    ["nonsense", "WyIAAAAiXQ", "WyJ6enp6enp6eiJd", "WyIwMDAlIl0", "WzFd", "WyJcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDAiXQ"],
)
@pytest.mark.parametrize("name", ["from", "after", "before"])
def test_a_damaged_address_of_a_page_is_refused(name, word, app, cast, visit):
    post = makers.make_post(cast.arthur)
    page = visit().get(f"/posts/{post.slug}?{name}={word}")
    assert page.status == 400
    assert "damaged" in page


@QUICK
@given(size=st.integers(1, 60), seed=st.integers(0, 10_000), roots=st.sampled_from([1, 5, 60]), gone=st.booleans())
def test_links_lead_to_every_public_comment(size, seed, roots, gone, app, cast, visit):
    post = makers.make_post(cast.arthur)
    dice = random.Random(seed)
    lost = {place: dice.choice(["removed", "withdrawn"]) for place in range(size) if gone and dice.random() < 0.3}
    fill(post, random_shape(size, seed, roots), [cast.alice, cast.bob], lost)
    assert counting.differences() == []
    missing = public_ids(post) - reachable(visit(), f"/posts/{post.slug}")
    assert missing == set()


@QUICK
@given(size=st.integers(1, 60), seed=st.integers(0, 10_000))
def test_links_lead_to_every_reply_below_a_comment_that_waits_again(size, seed, app, cast, visit):
    """An edit took some public comments back to the moderators: their replies stay to be read."""
    post = makers.make_post(cast.arthur)
    ids = fill(post, random_shape(size, seed, 4), [cast.alice, cast.bob])
    taken = random.Random(seed).sample(ids, k=len(ids) // 4)
    db.session.execute(update(Comment).where(Comment.id.in_(taken)).values(state="held", body_html="<p>secret</p>"))
    db.session.commit()
    counting.mend(counting.differences())
    db.session.commit()
    guest = visit()
    assert public_ids(post) - reachable(guest, f"/posts/{post.slug}") == set()
    assert "secret" not in guest.get(f"/posts/{post.slug}").html


def test_a_discussion_as_deep_as_it_goes_can_be_read_to_its_end(app, cast, visit):
    post = makers.make_post(cast.arthur)
    rows = fill(post, [(number - 1 if number else None) for number in range(tree.DEEPEST + 1)], [cast.alice, cast.bob])
    last = db.session.get(Comment, rows[-1])
    later = [last.id]
    for _turn in range(8):
        last = makers.make_comment(cast.bob, post, parent=last)
        later.append(last.id)
    guest = visit()
    below = reachable(guest, f"/posts/{post.slug}/branch/{rows[-12]}")
    assert below == set(rows[-12:]) | set(later)
    assert last.id in anchors(guest.follow(guest.get(f"/comments/{last.id}")))


def test_every_permalink_in_a_big_discussion_leads_to_its_comment(app, cast, visit):
    post = makers.make_post(cast.arthur)
    ids = fill(post, random_shape(160, seed=77, roots=70), [cast.alice, cast.bob], {5: "removed", 50: "withdrawn"})
    guest, pages = visit(), {}
    for number in ids:
        answer = guest.get(f"/comments/{number}")
        assert answer.status == 303
        address, anchor = answer.location.split("#")
        assert anchor == f"comment-{number}"
        if address not in pages:
            pages[address] = set(anchors(guest.get(address)))
        assert number in pages[address], f"comment {number} is not on {address}"
    assert len(pages) > 10


def test_a_link_keeps_leading_to_its_comment_when_the_discussion_grows(app, cast, visit):
    post = makers.make_post(cast.arthur)
    ids = fill(post, [None] * 120, [cast.alice])
    guest = visit()
    address = guest.get(f"/comments/{ids[60]}").location.split("#")[0]
    for _turn in range(3):
        makers.make_comment(cast.bob, post, parent=db.session.get(Comment, ids[10]))
    assert ids[60] in anchors(guest.get(address))


# The same for everybody


def test_the_shared_html_is_the_same_whoever_made_it(app, cast, visit):
    post = makers.make_post(cast.arthur)
    for person in (cast.alice, cast.bob, cast.mona, cast.arthur):
        makers.make_comment(person, post)
    made = {}
    for name, person in (("guest", None), ("alice", cast.alice), ("bob", cast.bob), ("mona", cast.mona)):
        cache.clear()
        visit(person).get(f"/posts/{post.slug}")
        (made[name],) = [kept.html for kept in cache._near._rows.values() if isinstance(kept, thread.ThreadPage)]
    assert len(set(made.values())) == 1
    assert "csrf" not in made["alice"].lower()


def test_a_guests_page_and_a_members_page_have_the_same_comments(app, cast, visit):
    post = makers.make_post(cast.arthur)
    fill(post, random_shape(30, seed=3, roots=5), [cast.alice, cast.bob])
    url = f"/posts/{post.slug}"
    assert anchors(visit().get(url)) == anchors(visit(cast.alice).get(url)) == anchors(visit(cast.mona).get(url))
