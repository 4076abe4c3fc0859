"""What an open page needs to hear of changes: from where it goes on, where new comments belong, and the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flask import url_for
from flask_babel import get_locale, ngettext

from forum.accounts.models import User
from forum.comments import queries
from forum.posts.models import Post
from forum.reading import news

FIRST, LAST, ELSEWHERE = "first", "last", ""


@dataclass(frozen=True)
class Updates:
    """`after` is the event the page was made after, `tops` where a comment on `top` belongs: nowhere when empty.

    `top` is the comment the page is about, 0 for the post. `sifts` where the viewer may have muted somebody.
    """

    url: str
    page: str
    after: int
    version: int
    tops: str
    top: int
    levels: int
    is_flat: bool
    sifts: bool
    words: dict[str, dict[str, str]]


def place_of_new(order: str, earlier: object, later: object) -> str:
    """Where on a page in this order a new comment belongs; elsewhere when this one is not at that end."""
    if order in (queries.NEWEST, news.NEW_FIRST):
        return ELSEWHERE if earlier else FIRST
    return ELSEWHERE if later else LAST


def of(
    post: Post, viewer: User | None, after: int, tops: str, top: int = 0, *, is_flat: bool = False
) -> Updates | None:
    """None below a post that is not public."""
    if not post.is_public:
        return None
    return Updates(
        url=f"{url_for('posts.show', slug=post.slug)}/live",
        page=url_for("posts.branch", slug=post.slug, comment_id=top) if top else url_for("posts.show", slug=post.slug),
        after=after,
        version=post.thread_version,
        tops=tops,
        top=top,
        levels=queries.LEVELS,
        is_flat=is_flat,
        sifts=viewer is not None,
        words=_words(str(get_locale())),
    )


@cache
def _words(_language: str) -> dict[str, dict[str, str]]:
    """In the language of this answer. To try a hundred numbers takes as long as a query."""
    return {
        "new": _forms(lambda num: ngettext("%(num)d new comment.", "%(num)d new comments.", num)),
        "show": _forms(lambda num: ngettext("Show it", "Show them", num)),
        "elsewhere": _forms(lambda num: ngettext("%(num)d more elsewhere.", "%(num)d more elsewhere.", num)),
    }


def _forms(say: Callable[[int], str]) -> dict[str, str]:
    """A sentence with a number in it, in each of the forms that the language has, “#” for the number.

    A script knows the number and not the sentences. The names of the forms are those of Unicode (CLDR plural rules),
    which its Intl.PluralRules answers.
    """
    form_of = get_locale().plural_form
    samples: dict[str, int] = {}
    for number in range(101):
        samples.setdefault(form_of(number), number)
    # The highest of the common form: its digits are not part of another number.
    samples["other"] = 100 if form_of(100) == "other" else samples.get("other", 100)
    return {form: say(number).replace(str(number), "#", 1) for form, number in samples.items()}
