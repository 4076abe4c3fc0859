"""A post with the discussion under it, and one branch of that discussion as a page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, make_response, render_template, request, session, url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments import drafts, tree
from forum.comments import queries as comment_queries
from forum.comments.models import Comment
from forum.foundation import paging
from forum.foundation.errors import NotFound, Refused
from forum.pages.forms import number
from forum.pages.tabs import Tab
from forum.posts import queries
from forum.posts.models import Post
from forum.reading import composer as composers
from forum.reading import overlay, rows, thread
from forum.reading.cards import Setting, comment_card
from forum.reading.composer import Composer
from forum.reading.thread import Stretch
from forum.web import respond
from forum.web.guard import open_to_anybody
from forum.web.language import interface_language
from forum.web.sign_in import viewer

door = Blueprint("posts", __name__)


@door.get("/posts/<slug>")
@open_to_anybody
def show(slug: str):
    post, member = find(slug), viewer()
    parent = _parent(post, number(request.args.get("reply")))
    if respond.wants_fragment("composer") and parent is not None:
        return respond.private(str(thread.render_reply_box(_composer(post, member, parent))))
    return page(post, member, _composer(post, member, parent))


@door.get("/posts/<slug>/branch/<int:comment_id>")
@open_to_anybody
def branch(slug: str, comment_id: int):
    post, member = find(slug), viewer()
    top = comment_queries.by_id(comment_id)
    if top is None or top.post_id != post.id or not top.was_seen:
        raise NotFound(_("There is no comment at this address."))
    shared = thread.page(post, comment_queries.OLDEST, interface_language(), _stretch(top.path), top)
    above = [*comment_queries.ancestors_of(top), top]
    placed = overlay.place(overlay.with_marks(shared.html, member, post), overlay.waiting(member, post), None, top.id)
    address = url_for("posts.branch", slug=slug, comment_id=comment_id)
    return _answer(
        member,
        "posts/branch.html",
        post=rows.page(post, member, rows.beside(post)),
        top=_card(top, post),
        ancestors=[_card(comment, post) for comment in above[:-1]],
        thread_html=placed.html,
        whole_url=url_for("comments.show", comment_id=top.id),
        newer_url=_beside(address, "before", shared.earlier),
        older_url=_beside(address, "after", shared.later),
        composer=None,
    )


def find(slug: str) -> Post:
    """The post this viewer may see. Raises NotFound."""
    post = queries.by_slug(slug, viewer())
    if post is None:
        raise NotFound(_("There is no post at this address."))
    return post


def page(post: Post, member: User | None, composer: Composer | None, status: int = 200) -> Response:
    """The whole post page, with this composer in it."""
    order = comment_queries.NEWEST if request.args.get("order") == comment_queries.NEWEST else comment_queries.OLDEST
    parts = rows.beside(post)
    # A page with a message for one reader in it is kept by nobody.
    is_shared = member is None and status == 200 and "_flashes" not in session
    tag = _etag(post, order, parts) if is_shared else ""
    if tag and tag in request.if_none_match:
        return _shared(make_response("", 304), tag)
    shared = thread.page(post, order, interface_language(), _stretch())
    placed = overlay.place(overlay.with_marks(shared.html, member, post), overlay.waiting(member, post), composer)
    address = url_for("posts.show", slug=post.slug, order=order if order != comment_queries.OLDEST else None)
    response = _answer(
        member,
        "posts/show.html",
        status=status,
        post=rows.page(post, member, parts),
        thread_html=placed.html,
        mine_waiting=placed.elsewhere,
        orders=_orders(post, order),
        newer_url=_beside(address, "before", shared.earlier),
        older_url=_beside(address, "after", shared.later),
        composer=composer if composer and not placed.is_composer_placed else None,
        closed_line=_closed_line(post),
        unposted=_unposted(post, member, composer),
        has_errors=bool(composer and composer.errors),
    )
    return _shared(response, tag) if tag else response


def _composer(post: Post, member: User | None, parent: Comment | None) -> Composer | None:
    if not post.is_open or (parent is not None and not parent.is_public):
        return None
    draft = drafts.of(member, post.id) if member else None
    if draft is not None and parent is None and draft.parent_id is not None:
        parent = _parent(post, draft.parent_id)
    composer = composers.for_post(post, member, _card(parent, post) if parent else None)
    # Words for a comment that is gone are shown too: they were promised to be kept.
    if draft is not None and (parent is None or draft.parent_id == parent.id):
        composer.body, composer.lang = draft.body, draft.lang
        composer.kept_note = _("Your words are kept. Post them when you are ready.")
    return composer


def _unposted(post: Post, member: User | None, composer: Composer | None) -> str:
    """Words that were kept for a discussion which closed meanwhile: shown, so that they can be copied."""
    if member is None or composer is not None:
        return ""
    draft = drafts.of(member, post.id)
    return draft.body if draft is not None else ""


def _parent(post: Post, comment_id: int) -> Comment | None:
    """The comment to be answered, when it is still there to answer."""
    comment = comment_queries.by_id(comment_id) if comment_id else None
    if comment is None or comment.post_id != post.id or not comment.is_public:
        return None
    return comment


def _card(comment: Comment, post: Post):
    return comment_card(comment, Setting.of(post))


def _orders(post: Post, order: str) -> list[Tab]:
    here = url_for("posts.show", slug=post.slug)
    return [
        Tab(_("Oldest"), f"{here}#comments", order == comment_queries.OLDEST),
        Tab(_("Newest"), f"{here}?order={comment_queries.NEWEST}#comments", order == comment_queries.NEWEST),
    ]


def _closed_line(post: Post) -> str:
    if post.is_open:
        return ""
    if not post.is_public:
        return _("This is a draft. Its discussion opens when it is published.")
    return _("This discussion is closed. Its comments stay, and you can still read and link to them.")


def _stretch(above: str = "") -> Stretch:
    """Which page is asked for, of the branches below this path. Raises Refused for a damaged address."""
    return Stretch(*(_asked_path(name, above) for name in ("from", "after", "before")))


def _asked_path(name: str, above: str) -> str:
    (segment,) = paging.read(request.args.get(name, ""), str) or ("",)
    if segment and not tree.is_segment(segment):
        raise Refused(_("This page address is damaged. Start again from the first page."))
    return above + segment if segment else ""


def _beside(address: str, name: str, path: str | None) -> str | None:
    if path is None:
        return None
    return f"{address}{'&' if '?' in address else '?'}{name}={paging.cursor(tree.last_segment(path))}#comments"


def _answer(member: User | None, template: str, status: int = 200, **values: object) -> Response:
    html = render_template(template, has_member=member is not None, **values)
    if member is not None:
        return respond.private(html, status)
    response = make_response(html, status)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _etag(post: Post, order: str, parts: Sequence[Post]) -> str:
    """Changes whenever a guest's page would: with code, post, series, thread, order, place and language."""
    series = (post.series.name, post.series.total) if post.series else None
    beside = (series, [(part.slug, part.title, part.part) for part in parts])
    kept = (post.id, post.version, post.thread_version, post.is_open, order, beside, interface_language())
    return hashlib.sha256(repr((current_app.config["BUILD"], kept, request.query_string)).encode()).hexdigest()[:20]


def _shared(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
