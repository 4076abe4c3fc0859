"""Links to the people and comments that a comment names, and to nobody and nothing else."""

from __future__ import annotations

import pytest

from forum.comments import posting
from forum.comments.models import Comment
from forum.foundation.db import db
from tests import makers
from tests.cast import make_user
from tests.queries import counted_queries


def html_of(body: str, cast, post) -> str:
    return makers.make_comment(cast.alice, post, body).body_html


def person(username: str) -> str:
    return f'<a class="mention" href="/people/{username}">'


PEOPLE = [
    ("Thanks, @bob!", f"Thanks, {person('bob')}@bob</a>!"),
    ("@BOB and @Bob", f"{person('bob')}@BOB</a> and {person('bob')}@Bob</a>"),
    ("@nobody and @bobby", "@nobody and @bobby"),
    ("**@bob** [@bob](/x) `@bob`", f'<strong>{person("bob")}@bob</a></strong> <a href="/x">@bob</a> <code>@bob</code>'),
    ("@mary.jane. @mary", f"{person('mary.jane')}@mary.jane</a>. @mary"),
    ("@हिन्दी", f"{person('%E0%A4%B9%E0%A4%BF%E0%A4%A8%E0%A5%8D%E0%A4%A6%E0%A5%80')}@हिन्दी</a>"),
    ("||@bob||", f'<span class="spoiler">{person("bob")}@bob</a></span>'),
]


@pytest.mark.parametrize(("body", "html"), PEOPLE)
def test_people_who_are_here_are_linked_and_other_names_stay_text(body, html, cast, post):
    for username in ("bob", "mary.jane", "हिन्दी"):
        make_user(username)
    assert html_of(body, cast, post) == f"<p>{html}</p>\n"


def test_a_look_alike_is_somebody_else(cast, post):
    make_user("bob")
    assert "<a" not in html_of("@b0b and @\u0432ob", cast, post)


def test_a_comment_of_the_discussion_is_linked(cast, post):
    first = makers.make_comment(cast.bob, post)
    html = html_of(f"As #{first.id} says, and #{first.id + 900}.", cast, post)
    assert f'As <a class="comment-number" href="/comments/{first.id}">#{first.id}</a> says' in html
    assert f"and #{first.id + 900}." in html


def test_a_comment_that_may_not_be_known_of_looks_like_one_that_never_was(cast, post):
    held, _case = makers.make_held(cast.nora, post)
    removed = makers.make_removed(cast.bob, post, cast.mona)
    elsewhere = makers.make_comment(cast.bob, makers.make_post(cast.arthur))
    html = html_of(f"#{held.id} #{removed.id} #{elsewhere.id} #99999 #9999999999", cast, post)
    assert html == f"<p>#{held.id} #{removed.id} #{elsewhere.id} #99999 #9999999999</p>\n"


def test_nothing_written_can_pass_for_a_mark(cast, post):
    make_user("bob")
    html = html_of(
        '<span class="mention">@bob</span> `<span class="mention">@bob</span>` '
        '[x](https://a.example "<span class=\\"mention\\">@bob</span>")',
        cast,
        post,
    )
    assert html.count("<a ") == 2, "one around the first name, which is a mention as any other, and one as written"
    assert html.count('class="mention" href') == 1
    assert "<span" not in html


def test_a_text_that_calls_everybody_asks_no_more_than_one_that_calls_one(cast, post):
    def queries_for(body: str) -> int:
        assert cast.alice.trust + post.id, "read before it counts"
        with counted_queries() as sent:
            posting.prepare(body, cast.alice, post)
        return len(sent)

    assert queries_for("@bob #1") == 2
    assert queries_for(" ".join(f"@bob{number} #{number}" for number in range(1, 900))) == 2
    assert queries_for("Nobody and nothing.") == 0


def test_only_so_many_people_can_be_called_by_one_text(cast, post):
    for number in range(60):
        make_user(f"reader{number}")
    html = html_of(" ".join(f"@reader{number}" for number in range(60)), cast, post)
    assert html.count('class="mention"') == 50


def test_links_say_whose_they_are_until_the_writer_is_trusted(cast, post):
    link = "[a](https://a.example)"
    first = makers.make_comment(cast.alice, post, link)
    cast.alice.trust = 3
    db.session.commit()
    second = makers.make_comment(cast.alice, post, link)
    assert 'rel="nofollow ugc noopener"' in first.body_html
    assert 'rel="noopener"' in second.body_html
    cast.alice.trust = 1
    db.session.commit()
    db.session.expire_all()
    assert 'rel="noopener"' in db.session.get(Comment, second.id).body_html, "what was trusted then stays as it was"


def test_in_a_post_people_are_linked_and_numbers_are_text(cast, post):
    make_user("bob")
    html = makers.make_post(cast.arthur, body="@bob is #1 and @nobody is not.").body_html
    assert html == f"<p>{person('bob')}@bob</a> is #1 and @nobody is not.</p>\n"
