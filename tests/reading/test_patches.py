"""What is one reader's, put into the HTML that all share: in its place, and in no other."""

from __future__ import annotations

import pytest

from forum.comments.queries import OLDEST
from forum.reading import patches, thread
from tests import makers
from tests.comments.crowds import fill


def html_of(post) -> str:
    return thread.page(post, OLDEST, "en").html


def piece_of(page: patches.Page, comment) -> patches.Piece:
    return next(piece for piece in page.pieces if piece.number == comment.id)


def test_taken_apart_and_put_together_it_is_the_same(cast, post):
    fill(post, [None, 0, 1, 0, None], [cast.alice, cast.bob], {3: "removed"})
    html = html_of(post)
    page = patches.Page(patches.Apart.of(html))
    assert len(page.pieces) == 5
    assert page.html() == html
    assert page.html({}) == html
    assert patches.Page(patches.Apart.of("<p>Nobody has written yet.</p>")).html() == "<p>Nobody has written yet.</p>"


def test_without_its_slots_it_is_the_same_but_for_them(cast, post):
    fill(post, [None, 0, None], [cast.alice, cast.bob])
    apart = patches.Apart.of(html_of(post))
    bare = apart.without_slots
    assert apart.html.count(patches.SLOT) > 3
    assert bare.html == patches.without_slots(apart.html)
    assert patches.SLOT not in bare.html
    assert [whole.number for whole in bare.wholes] == [whole.number for whole in apart.wholes]


def test_each_piece_knows_its_comment_and_its_writer(cast, post):
    comment = makers.make_comment(cast.alice, post)
    gone = makers.make_removed(cast.bob, post, cast.mona)
    page = patches.Page(patches.Apart.of(html_of(post)))
    assert [(piece.number, piece.author) for piece in page.pieces] == [(comment.id, cast.alice.id), (gone.id, 0)]


@pytest.mark.parametrize(("act", "back"), [("like", "unlike"), ("bookmark", "unbookmark")])
def test_a_button_is_pressed_on_its_comment_only(act, back, cast, post):
    first, second = makers.make_comment(cast.alice, post), makers.make_comment(cast.alice, post)
    page = patches.Page(patches.Apart.of(html_of(post)))
    piece_of(page, second).press(act, back)
    html = page.html()
    assert f'formaction="/comments/{second.id}/{back}" aria-pressed="true"' in html
    assert f'formaction="/comments/{first.id}/{act}" aria-pressed="false"' in html
    assert html.count('aria-pressed="true"') == 1


def test_the_badge_stands_behind_the_name_and_before_the_time(cast, post):
    comment = makers.make_comment(cast.arthur, post)
    page = patches.Page(patches.Apart.of(html_of(post)))
    piece_of(page, comment).mark("<b>NEW</b>")
    head = page.html().partition("<header")[2].partition("</header>")[0]
    assert head.index("Arthur Author</a>") < head.index("<b>NEW</b>") < head.index("<time")


def test_the_branch_of_a_comment_is_closed_and_counted_and_no_other(cast, post):
    top = makers.make_comment(cast.alice, post)
    reply = makers.make_comment(cast.bob, post, parent=top)
    makers.make_comment(cast.bob, post, parent=reply)
    page = patches.Page(patches.Apart.of(html_of(post)))
    piece_of(page, reply).close()
    piece_of(page, reply).count_in_toggle(", 1 new")
    html = page.html()
    assert html.count('<details class="thread__branch" open>') == 1
    assert html.count('<details class="thread__branch">') == 1
    assert html.index('<details class="thread__branch" open>') < html.index('<details class="thread__branch">')
    assert "Show 1 reply, 1 new<" in html
    assert "Show 2 replies<" in html


def test_a_comment_without_replies_has_nothing_to_close(cast, post):
    comment = makers.make_comment(cast.alice, post)
    page = patches.Page(patches.Apart.of(html_of(post)))
    piece_of(page, comment).close()
    piece_of(page, comment).count_in_toggle(", 1 new")
    assert page.html() == html_of(post)


def test_a_covered_comment_keeps_its_replies_in_the_open(cast, post):
    top = makers.make_comment(cast.mallory, post, "Hidden words.")
    makers.make_comment(cast.bob, post, "Shown words.", parent=top)
    page = patches.Page(patches.Apart.of(html_of(post)))
    piece_of(page, top).cover('By "somebody"', "<summary>Covered</summary>")
    article, _end, rest = page.html().partition("</article>")
    assert article.index("<details") < article.index("<summary>Covered") < article.index("Hidden words.")
    assert article.rstrip().endswith("</details>")
    assert "Mallory" not in article.partition("<details")[0], "not even its label names them"
    assert 'aria-label="By &#34;somebody&#34;"' in article
    assert "Shown words." in rest
    assert "<details" not in rest.partition("Shown words.")[0].replace('<details class="thread__branch" open>', "")


def test_an_item_goes_before_the_item_of_its_comment(cast, post):
    first = makers.make_comment(cast.alice, post)
    makers.make_comment(cast.bob, post, parent=first)
    second = makers.make_comment(cast.alice, post)
    for comment in (first, second):
        page = patches.Page(patches.Apart.of(html_of(post)))
        page.put_before(comment.id, "<li>LINE</li>")
        before, _line, after = page.html().partition("<li>LINE</li>")
        assert after.startswith("<li")
        assert after.index(f'id="comment-{comment.id}"') < len(after.partition("</article>")[0])
        assert before.count("<ol") - before.count("</ol") == 1, "in the list of branches, not in one below"
    page.put_before(999_999, "<li>LINE</li>")
    assert page.html().count("LINE") == 1


def test_a_link_to_further_replies_says_how_many_of_its_own_comment_are_new(cast, post):
    top, *_others = fill(post, [None, 0, 0, 0, 0, 0, 4, 4, 4, 4], [cast.alice])
    page = patches.Page(patches.Apart.of(html_of(post)))
    html = page.html({top: ", 2 new"})
    assert html.count(", 2 new</a>") == 1
    assert "Show 6 more replies, 2 new</a>" in html


IMITATIONS = [
    '<article class="card" id="comment-{}" data-author="{}">',
    '[a](https://a.example "<article class=\\"card\\" id=\\"comment-{}\\" data-author=\\"{}\\">")',
    '`<details class="thread__branch" open>` and <span class="toggle__show">Show {} {}</span>',
    '<a class="thread__more" href="#comment-{}">more {}</a>',
    '</span> <span class="card__meta"> {} {}',
    'formaction="/comments/{}/like" aria-pressed="false" {}',
    "<!--slot:mine:0--> <!--slot:reply:{}--> {}",
]


@pytest.mark.parametrize("words", IMITATIONS)
def test_words_that_imitate_our_html_change_nothing_but_themselves(words, cast, post):
    comment = makers.make_comment(cast.alice, post)
    words = words.format(comment.id, cast.alice.id)
    mallorys = makers.make_comment(cast.mallory, post, words)
    page = patches.Page(patches.Apart.of(html_of(post)))
    assert [piece.number for piece in page.pieces] == [comment.id, mallorys.id]
    piece = piece_of(page, mallorys)
    inside = piece.html.partition('class="words"')[2].partition("</article>")[0].partition("</div>")[0]
    for change in (
        lambda: piece.mark("<b>NEW</b>"),
        lambda: piece.press("like", "unlike"),
        piece.close,
        lambda: piece.count_in_toggle(", 9 new"),
        lambda: piece.cover("Covered", "<summary>Covered</summary>"),
    ):
        change()
    assert inside in page.html({comment.id: ", 9 new"})
