"""Pictures of our own in a text: shown with room left for them; all others stay what they were."""

from __future__ import annotations

import re

import pytest

from forum.text import pictures
from forum.text.excerpt import plain
from forum.text.markdown import render_comment, render_post
from forum.text.sanitise import Rules, clean

SIGN = "abcdefghijkmnpqrstuvwxyz23"
LARGE, SMALL, MOVING = f"{SIGN}-2400x1200.jpg", f"{SIGN}-300x200.webp", f"{SIGN}-300x200-moving.webp"


@pytest.fixture(params=[render_comment, render_post], ids=["comment", "post"])
def render(request):
    return request.param


def test_a_picture_is_shown_small_with_the_whole_behind_it(render):
    html = render(f"![A bus](/media/{LARGE})").html
    assert html == (
        f'<p><a href="/media/{LARGE}"><img src="/media/{LARGE}/small" alt="A bus" width="800" height="400" '
        'loading="lazy"></a></p>\n'
    )


def test_behind_a_picture_that_is_shown_whole_there_is_nothing(render):
    html = render(f"![A bus](/media/{SMALL})").html
    assert html == (
        f'<p><img src="/media/{SMALL}/small" alt="A bus" width="300" height="200" loading="lazy"></p>\n'
    )  # fmt: skip


def test_what_moves_moves_only_behind_the_still_one(render):
    html = render(f"![A bus](/media/{MOVING})").html
    assert f'<a href="/media/{MOVING}"><img src="/media/{MOVING}/small"' in html


def test_inside_a_link_the_link_is_the_writers(render):
    html = render(f"[![A bus](/media/{LARGE})](https://example.org/)").html
    assert html.count("<a ") == 1
    assert 'href="https://example.org/"' in html
    assert f'<img src="/media/{LARGE}/small" alt="A bus"' in html


def test_a_picture_without_words_is_a_link_named_by_its_size(render):
    rendered = render(f"![](/media/{LARGE})\n\n![ ](/media/{SMALL})\n\n![A bus](/media/{LARGE})")
    assert f'<a href="/media/{LARGE}" title="2400 × 1200"><img' in rendered.html
    assert rendered.undescribed == 2


def test_our_own_pictures_are_no_links(render):
    rendered = render(f"![A bus](/media/{LARGE}) and [the other](/media/{SMALL}), ![x](https://example.org/x.png)")
    assert rendered.images == 2
    assert rendered.links <= 1


def test_the_title_of_a_picture_stays(render):
    assert 'title="Number 42"' in render(f'![A bus](/media/{LARGE} "Number 42")').html


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.png",
        f"https://example.org/media/{LARGE}",
        f"/media/../media/{LARGE}",
        f"/media/{LARGE}?x=1",
        f"/media/{LARGE}#x",
        f"/media/{LARGE}/",
        f"/media/{LARGE}/large",
        f"/media/{SIGN}-0x0.jpg",
        f"/media/{SIGN}-99999x1.jpg",
        f"/media/{SIGN}-1x1.svg",
        f"/media/{SIGN}-1x1.html",
        f"/media/{SIGN[1:]}-1x1.jpg",
        "/media/",
        "/media/../secret.jpg",
        "/static/x.png",
        "/sign-out",
        "#x",
    ],
)
def test_everything_else_stays_a_link_in_a_comment(address):
    html = render_comment(f"![words](<{address}>)").html
    assert "<img" not in html
    assert "words" in html


@pytest.mark.parametrize(
    "address",
    [
        f"//evil.example/media/{LARGE}",
        f"\\\\evil.example/media/{LARGE}",
        f"javascript:/media/{LARGE}",
        f"/media/{LARGE}\t",
    ],
)
def test_no_address_slips_through_as_ours(address, render):
    html = render(f"![words](<{address}>)").html
    assert "evil.example" not in re.sub(r">[^<]*<", "><", html)
    assert "javascript" not in re.sub(r">[^<]*<", "><", html)


@pytest.mark.parametrize(
    "source",
    [
        "https://evil.example/x.png",
        "//evil.example/x.png",
        "http://evil.example/x.png",
        "data:image/png;base64,AAAA",
        "/sign-out",
        f"/media/{LARGE}?onload=1",
        f" /media/{LARGE}",
        f"/media/{LARGE}/small/../../x",
    ],
)
def test_the_last_gate_lets_only_our_own_into_a_comment(source):
    rules = Rules(prefix="c1-", links_trusted=False, images=False)
    assert "src" not in clean(f'<p><img src="{source}" alt="x" onerror="x"></p>', rules)


def test_the_last_gate_lets_our_own_through():
    rules = Rules(prefix="c1-", links_trusted=False, images=False)
    given = f'<p><img src="/media/{LARGE}/small" alt="x" width="800" height="400" loading="lazy"></p>'
    assert clean(given, rules) == given


def test_a_description_is_what_is_left_of_a_picture_in_plain_words():
    assert plain(render_comment(f"See ![a red bus](/media/{LARGE}) here").html) == "See a red bus here"


# Names


def test_a_name_tells_size_and_movement():
    found = pictures.named(MOVING)
    assert (found.width, found.height, found.is_moving) == (300, 200, True)
    assert not pictures.named(LARGE).is_moving


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((800, 800), (800, 800)),
        ((801, 1), (800, 1)),
        ((8000, 1), (800, 1)),
        ((1, 1), (1, 1)),
        ((1200, 900), (800, 600)),
    ],
)
def test_the_longer_side_is_at_most_800_dots_as_shown(size, shown):
    assert pictures.fitted(*size, 800) == shown


@pytest.mark.parametrize(
    "alt",
    [
        "",
        "A bus",
        "[x](y)",
        "\\",
        "![",
        "`x",
        "*a* _b_",
        "<b>&amp;",
        "@bob #1",
        "a\nb",
        "]",
        "|x|",
        "$x$",
        "^1",
        "https://a.example",
    ],
)
def test_the_markdown_for_a_picture_shows_it_with_its_description(alt):
    rendered = render_comment(f"Before {pictures.markdown(LARGE, alt)} after")
    [shown] = re.findall(r'alt="([^"]*)"', rendered.html)
    for sign, name in (("<", "&lt;"), ("&", "&amp;"), (">", "&gt;")):
        shown = shown.replace(name, sign)
    assert shown == " ".join(alt.split())
    assert rendered.mentions == ()
    assert rendered.links == 0


def test_pictures_are_found_in_text_and_in_html():
    text = f"![x](/media/{LARGE}) [y](/media/{SMALL}) https://example.org/media/{MOVING}"
    assert pictures.mentioned(text) == {LARGE, SMALL, MOVING}
    assert pictures.mentioned(render_comment(f"![x](/media/{LARGE})").html) == {LARGE}
    assert pictures.mentioned("/media/x.jpg /media/ media") == set()
