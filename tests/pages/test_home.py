"""The lists of discussions."""

from __future__ import annotations

import re

import pytest

from forum.foundation.cache import cache
from tests import makers
from tests.comments.crowds import fill
from tests.queries import counted_queries


@pytest.fixture
def posts(app, cast):
    """Three posts; the oldest is the most discussed."""
    old = makers.make_post(cast.arthur, "Old and busy", tags=["buses"], series="Slow buses", part=1, total=3)
    mid = makers.make_post(cast.arthur, "In the middle", tags=["buses", "fares"])
    new = makers.make_post(cast.arthur, "New and quiet", standfirst="A standfirst.")
    makers.make_post(cast.arthur, "Only a draft", is_published=False, tags=["buses"], series="Slow buses", part=2)
    fill(old, [None, 0, None], [cast.alice, cast.bob])
    fill(mid, [None], [cast.alice])
    return old, mid, new


def titles(page) -> list[str]:
    return re.findall(r'<h2 class="row__title"[^>]*><a[^>]*>([^<]+)</a>', page.html)


def test_the_newest_discussion_comes_first(posts, visit):
    page = visit().get("/")
    assert page.status == 200
    assert titles(page) == ["New and quiet", "In the middle", "Old and busy"]
    assert "A standfirst." in page
    assert "Arthur Author" in page


def test_the_most_discussed_comes_first_when_asked_for(posts, visit):
    assert titles(visit().get("/?order=discussed")) == ["Old and busy", "In the middle", "New and quiet"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/?tag=buses", ["In the middle", "Old and busy"]),
        ("/?tag=buses&order=discussed", ["Old and busy", "In the middle"]),
        ("/?series=slow-buses", ["Old and busy"]),
        ("/?series=slow-buses&tag=fares", []),
        ("/?tag=unheard-of", []),
        ("/tags/buses", ["In the middle", "Old and busy"]),
    ],
)
def test_a_list_can_be_narrowed(address, found, posts, visit):
    page = visit().get(address)
    assert page.status == 200
    assert titles(page) == found


@pytest.mark.parametrize("address", ["/tags/unheard-of", "/series/unheard-of"])
def test_an_unknown_subject_is_404(address, posts, visit):
    assert visit().get(address).status == 404


@pytest.mark.parametrize(
    "address", ["/", "/?order=discussed", "/tags/buses", "/series", "/series/slow-buses", "/?series=slow-buses"]
)
@pytest.mark.parametrize("who", [None, "alice", "arthur", "mona"])
def test_a_draft_is_in_no_list(address, who, posts, cast, visit):
    assert "Only a draft" not in visit(getattr(cast, who) if who else None).get(address).html


def test_a_series_has_a_page_with_its_parts(posts, visit):
    page = visit().get("/series/slow-buses")
    assert page.status == 200
    assert "Old and busy" in page
    assert "Slow buses" in visit().get("/series")


def test_a_row_tells_who_wrote_last_and_how_much(posts, cast, visit):
    makers.make_comment(cast.mona, posts[2])
    page = visit().get("/")
    row = re.search(r"New and quiet.*?</article>", page.html, re.S).group()
    assert "Mona Mild" in row
    assert "1</b> comment" in row


def test_a_held_comment_shows_in_no_row(posts, cast, visit):
    makers.make_held(cast.nora, posts[2])
    page = visit().get("/")
    assert "Nora New" not in page.html
    assert "0</b> comments" in re.search(r"New and quiet.*?</article>", page.html, re.S).group()


@pytest.mark.parametrize("order", ["latest", "discussed"])
def test_older_pages_go_on_without_gaps_or_doubles(order, app, cast, visit):
    made = {makers.make_post(cast.arthur, f"Post {n:02}").title for n in range(47)}
    guest, url, found, pages = visit(), f"/?order={order}", [], 0
    while url:
        page = guest.get(url)
        found += titles(page)
        pages += 1
        following = re.search(r'<a [^>]*href="([^"]+)"[^>]*rel="next"', page.html)
        url = following.group(1).replace("&amp;", "&") if following else None
    assert pages == 3
    assert sorted(found) == sorted(made)


@pytest.mark.parametrize("word", ["nonsense", "WyIyMDMxLTA3LTAxIiwgMV0", "W10"])
def test_a_damaged_address_is_refused(word, app, visit):
    page = visit().get(f"/?before={word}")
    assert page.status == 400
    assert "damaged" in page


def test_a_page_of_five_and_of_fifty_posts_take_the_same_queries(app, cast, visit, work):
    costs = []
    for more in (5, 45):
        for number in range(more):
            post = makers.make_post(
                cast.arthur, series=f"Series {number % 3}", part=more + number, tags=["a", f"t{number}"]
            )
            fill(post, [None, 0], [cast.alice, cast.bob])
        work()
        for address in ("/", "/?order=discussed", "/tags/a", "/series", "/series/series-1"):
            cache.clear()
            with counted_queries() as sent:
                assert visit().get(address).status == 200
            costs.append((address, len([one for one in sent if "FROM events" not in one])))
    assert costs[:5] == costs[5:]
    assert max(cost for _address, cost in costs) <= 10


def test_a_guests_list_sets_no_cookie(posts, visit):
    assert "Set-Cookie" not in visit().get("/").response.headers


def test_an_empty_site_says_so(app, visit):
    page = visit().get("/")
    assert page.status == 200
    assert titles(page) == []
    assert "No discussions here yet." in page
