"""The page of a post with its discussion: drawn once for all readers of a kind, and filled for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import get_template_attribute, session
from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.foundation.cache import cache
from forum.pages import drawn, frame, views
from forum.pages.drawn import hole
from forum.pages.views import View
from forum.posts.models import Post
from forum.posts.permissions import may_change
from forum.reading import cards, rows, updates
from forum.reading.composer import Composer, Writing
from forum.reading.news import Heading, News
from forum.reading.overlay import Placed
from forum.reading.thread import ThreadPage
from forum.text import safe
from forum.web.language import interface_language

_SPLIT = "\x00"


@dataclass(frozen=True)
class Shown:
    """What somebody is shown of a discussion: a view of it, a page of that, and what is theirs."""

    post: Post
    member: User | None
    view: View
    # The parts of the post's series.
    parts: Sequence[Post]
    shared: ThreadPage
    new: News
    heading: Heading
    placed: Placed
    writing: Writing


def beside(post: Post, parts: Sequence[Post]) -> tuple:
    """What a page shows of other posts."""
    series = (post.series.name, post.series.total) if post.series else None
    return series, tuple((part.slug, part.title, part.part) for part in parts)


def render(shown: Shown) -> str:
    """The page. Two queries more for its post's authors and tags when it must be drawn."""
    composer = shown.writing.at_the_end(shown.placed.is_composer_placed)
    surroundings, filling = frame.with_holes(frame.values())
    anybodys = replace(composer, token=hole("token"), owner_id=hole("owner")) if composer else None  # type: ignore[arg-type]
    key = (*_of_post(shown), *_of_view(shown), repr(surroundings), repr(anybodys))

    def values() -> Mapping[str, object]:
        return {**surroundings, **_values(shown, anybodys)}

    filling |= _around(shown) | _own(shown)
    if composer is not None:
        filling |= {"token": composer.token, "owner": composer.owner_id}
    return drawn.page("posts/show.html", key if _is_usual(shown, composer) else None, values, filling)


def _is_usual(shown: Shown, composer: Composer | None) -> bool:
    """Whether others will be shown the same but for its holes: nothing is said to this reader, and none of their
    words stand in a box."""
    return "_flashes" not in session and not shown.writing.has_words and (composer is None or composer.is_empty)


def _of_post(shown: Shown) -> tuple:
    """What is drawn of the post: all of it, for not every change has a version."""
    post = shown.post
    words = (post.slug, post.title, post.standfirst, post.body_html, post.question, post.lang, post.published_at)
    opening = (post.is_open, post.is_public, post.policy, bool(may_change(shown.member, post)))
    return (*words, *opening, _named(shown), beside(post, shown.parts))


def _named(shown: Shown) -> str:
    """Its authors and tags. No query for most members, two for a guest, whose page is kept as a whole."""
    post = shown.post
    if shown.member is None:
        return _names(post)
    # Names on the page are those on its cards: whoever changes theirs moves the version of the discussion.
    return cache.get(("named", post.id, post.version, post.thread_version), lambda: _names(post))


def _names(post: Post) -> str:
    return repr((list(map(cards.author_line, post.authors)), [(tag.slug, tag.name) for tag in post.tags]))


def _of_view(shown: Shown) -> tuple:
    """What is drawn of the view."""
    view, new = shown.view, shown.new
    return view.order, view.kind, view.by, bool(new.since), bool(new.count), shown.post.comment_count > 1


def _values(shown: Shown, composer: Composer | None) -> Mapping[str, object]:
    post, view, writing = shown.post, shown.view, shown.writing
    return {name: hole(name) for name in (*_AROUND, *_OWN)} | {
        "post": rows.page(post, shown.member, shown.parts),
        "view": view,
        "orders": view.orders(shown.new, hole("new_count") if shown.new.count else None),
        "kinds": view.kinds(),
        "has_tabs": post.comment_count > 1 or bool(shown.new.count),
        "composer": composer,
        "closed_line": _closed_line(post),
        "waiting_replies": writing.waiting,
        "unposted": writing.unposted,
        "has_errors": bool(writing.first and writing.first.has_errors),
        "has_member": shown.member is not None,
    }


def _closed_line(post: Post) -> str:
    if post.is_open:
        return ""
    if not post.is_public:
        return _("This is a draft. Its discussion opens when it is published.")
    return _("This discussion is closed. Its comments stay, and you can still read and link to them.")


# What changes with the discussion, the same for all readers


def _around(shown: Shown) -> dict[str, object]:
    """How many write here, the ways to other pages, and live updates. No query when it is kept, one when it is not."""
    post, view, shared = shown.post, shown.view, shown.shared
    key = (
        "around", post.id, post.version, post.thread_version, post.is_open, interface_language(), view.kind,
        view.order, view.by, shared.earlier, shared.later, shared.made_after, shown.member is None,
    )  # fmt: skip
    made = cache.get(key, lambda: _SPLIT.join(make(shown) for make in _AROUND.values())).split(_SPLIT)
    return {name: safe.stored(html) for name, html in zip(_AROUND, made, strict=True)}


def _count(macro: str) -> Callable[[Shown], str]:
    return lambda shown: _part("posts/_counts.html", macro, shown.post)


def _authors_replies(shown: Shown) -> str:
    link = views.authors_replies(shown.post)
    return _part("posts/_counts.html", "authors_replies", link) if link else ""


def _pager(shown: Shown) -> str:
    view, shared = shown.view, shown.shared
    newer, older = view.beside("before", shared.earlier), view.beside("after", shared.later)
    words = (_("Pages of comments"), "", newer, _("Previous comments"), older, _("More comments"))
    return _part("parts/_pager.html", "pager", *words)


def _live(shown: Shown) -> str:
    view, shared = shown.view, shown.shared
    # Among the replies of the authors belongs what only they write.
    tops = updates.ELSEWHERE if view.by else updates.place_of_new(view.order, shared.earlier, shared.later)
    told = updates.of(shown.post, shown.member, shared.made_after, tops, is_flat=view.is_flat)
    return _part("live/_bar.html", "bar", told) if told else ""


_AROUND: dict[str, Callable[[Shown], str]] = {
    "count_line": _count("line"),
    "count_short": _count("short"),
    "count_comments": _count("comments"),
    "count_people": _count("people"),
    "authors_replies": _authors_replies,
    "pager": _pager,
    "live": _live,
}


# What is this reader's


def _own(shown: Shown) -> dict[str, object]:
    mine = shown.placed.elsewhere
    return {
        "new_count": shown.new.count,
        "thread": _thread(shown),
        "mine": Markup(_part("thread/_mine.html", "mine", mine, False)) if mine else "",  # noqa: S704
    } | {name: _news(macro, shown.heading) for name, macro in _NEWS.items()}


def _thread(shown: Shown) -> Markup:
    if shown.view.is_new_only and not shown.new.count:
        nothing = _part("thread/_news.html", "nothing", shown.heading.since, f"/posts/{shown.post.slug}")
        return Markup(nothing)  # noqa: S704 (made by a macro)
    return shown.placed.html


_NEWS = {"news_said": "said", "news_go": "go", "news_figure": "figure", "news_jump": "jump"}
_OWN = ("thread", "mine", *_NEWS)


def _news(macro: str, heading: Heading) -> Markup:
    return Markup(_part("thread/_news.html", macro, heading) if heading.count else "")  # noqa: S704 (as above)


def _part(template: str, macro: str, *values: object) -> str:
    return str(get_template_attribute(template, macro)(*values))
