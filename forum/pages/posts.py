"""A post with the discussion under it, and one branch of that discussion as a page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, make_response, render_template, request, session, url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.comments import queries as comment_queries
from forum.comments.models import Comment
from forum.comments.queries import FIRST_REPLIES, OLDEST
from forum.comments.stretches import REPLIES, Stretch
from forum.foundation.errors import NotFound
from forum.pages import discussion, views
from forum.pages.discussion import Shown
from forum.pages.forms import number
from forum.posts import queries
from forum.posts.models import Post
from forum.reading import addresses, drawing, newest, news, overlay, rows, standing, thread, updates
from forum.reading import composer as composers
from forum.reading.cards import CommentCard
from forum.reading.composer import Composer, Writing
from forum.reading.overlay import Placed
from forum.reading.standing import Standing
from forum.web import respond, security
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody
from forum.web.language import interface_language
from forum.web.sign_in import viewer

door = Blueprint("posts", __name__)


@door.get("/posts/<slug>")
@open_to_anybody
@kept_for_guests(*views.PARAMETERS)
def show(slug: str):
    post, member = find(slug), viewer()
    stands = standing.of(member, post)
    writing = _writing(post, member, stands)
    if respond.wants_fragment("composer") and writing.reply is not None:
        return _reply_box(post, member, writing)
    return page(post, member, stands, writing)


@door.get("/posts/<slug>/branch/<int:comment_id>")
@open_to_anybody
@kept_for_guests("skip", "level", "from", "after", "before")
def branch(slug: str, comment_id: int):
    post, member = find(slug), viewer()
    top = comment_queries.by_id(comment_id)
    if top is None or top.post_id != post.id or not top.was_seen:
        raise NotFound(_("There is no comment at this address."))
    stretch = views.stretch(REPLIES)
    skip = min(number(request.args.get("skip")), FIRST_REPLIES)
    if respond.wants_fragment("replies"):
        return _replies(post, member, top, stretch, skip)
    stands = standing.of(member, post)
    writing = _writing(post, member, stands) if "reply" in request.args else Writing()
    if respond.wants_fragment("composer") and writing.reply is not None:
        return _reply_box(post, member, writing)
    return _branch_page(post, member, stands, top, stretch, skip, writing)


def _branch_page(
    post: Post,
    member: User | None,
    stands: Standing | None,
    top: Comment,
    stretch: Stretch,
    skip: int,
    writing: Writing,
) -> Response:
    visit = news.visit(member, post, stands)
    parts = rows.beside(post)
    tag = _etag(post, "branch", parts) if _is_shared(member) else ""
    if tag and tag in request.if_none_match:
        return _shared(make_response("", 304), tag)
    shared = thread.branch(post, top, interface_language(), stretch, skip)
    new = news.of(member, visit)
    own = overlay.waiting(member, post, stands)
    in_sight = [overlay.below(top.path), *_in_sight(own, writing)]
    dressed = overlay.dress(shared, member, new, in_sight=in_sight)
    placed = overlay.place(dressed.html, own, writing.reply)
    html = render_template(
        "posts/branch.html",
        has_member=member is not None,
        post=rows.page(post, member, parts),
        thread_html=placed.html,
        whole_url=url_for("comments.show", comment_id=top.id),
        older_url=_branch_after(post, top, skip, shared.later),
        updates=updates.of(post, member, shared.made_after, updates.place_of_new(OLDEST, None, shared.later), top.id),
    )
    return _shared(make_response(html), tag) if tag else _answer(member, html)


def _replies(post: Post, member: User | None, top: Comment, stretch: Stretch, skip: int) -> Response:
    """The replies as list items, for a script that puts them below the comment on the page it stands on."""
    new = news.of(member, news.visit(member, post))
    level = number(request.args.get("level"))
    shared = thread.replies(post, top, interface_language(), stretch, skip, level)
    return respond.private(str(overlay.place(overlay.dress(shared, member, new).html, [], None).html))


def _branch_after(post: Post, top: Comment, skip: int, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    here = addresses.of_branch(post, top, skip=skip)
    return f"{here}{'&' if '?' in here else '?'}after={cursor}#comments"


def _writing(post: Post, member: User | None, stands: Standing | None) -> Writing:
    return composers.open_at(post, member, stands, number(request.args.get("reply")), quotes="quote" in request.args)


def _reply_box(post: Post, member: User | None, writing: Writing) -> Response:
    news.visit(member, post)
    return respond.private(str(drawing.reply_box(writing.reply)))


def find(slug: str) -> Post:
    """The post this viewer may see. Raises NotFound."""
    post = queries.by_slug(slug, viewer())
    if post is None:
        raise NotFound(_("There is no post at this address."))
    return post


def page(post: Post, member: User | None, stands: Standing | None, writing: Writing, status: int = 200) -> Response:
    """The whole post page, with these composers in it."""
    security.let_images_in(post.body_html)
    visit = news.visit(member, post, stands)
    view = views.asked(post, member, visit)
    parts = rows.beside(post)
    tag = _etag(post, view.order, parts) if status == 200 and _is_shared(member) else ""
    if tag and tag in request.if_none_match:
        return _shared(make_response("", 304), tag)
    if view.is_new_only:
        asked = newest.Stretch(request.args.get("after", ""), request.args.get("before", ""))
        new = news.of(member, visit, newest.since_of(asked))
        shared = newest.page(post, new, asked)
    else:
        new = news.of(member, visit)
        shared = view.page()
    own = overlay.waiting(member, post, stands)
    has_rule = view.order == OLDEST and not view.is_flat
    in_sight = _in_sight(own, writing) + ([row.path for row in new.rows] if view.is_new_only else [])
    has_slots = bool(own) or writing.reply is not None
    dressed = overlay.dress(shared, member, new, in_sight=in_sight, has_rule=has_rule, has_slots=has_slots)
    placed = overlay.place(dressed.html, own, writing.reply) if has_slots else overlay.nothing_placed(dressed.html)
    elsewhere = _answered_elsewhere(writing.reply, placed)
    if elsewhere is not None and status == 200:
        return respond.see(addresses.to_answer(post, elsewhere, quotes="quote" in request.args))
    heading = news.heading(new, dressed.first_new)
    html = discussion.render(Shown(post, member, view, parts, shared, new, heading, placed, writing))
    return _shared(make_response(html), tag) if tag else _answer(member, html, status)


def _in_sight(own: Sequence[CommentCard], writing: Writing) -> list[str]:
    """The places that no closed branch may hide."""
    paths = [card.path for card in own]
    if writing.reply is not None and writing.reply.parent is not None:
        paths.append(overlay.below(writing.reply.parent.path))
    return paths


def _answered_elsewhere(reply: Composer | None, placed: Placed) -> CommentCard | None:
    """The comment to be answered, when it has a page of its own, and this is not it."""
    is_asked = request.method == "GET" and "reply" in request.args and "from" not in request.args
    return reply.parent if is_asked and reply is not None and not placed.is_composer_placed else None


def _answer(member: User | None, html: str, status: int = 200) -> Response:
    if member is not None:
        return respond.private(html, status)
    response = make_response(html, status)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _is_shared(member: User | None) -> bool:
    """Whether all guests get this page. One with a message for one reader in it is kept by nobody."""
    return member is None and "_flashes" not in session


def _etag(post: Post, order: str, parts: Sequence[Post]) -> str:
    """Changes whenever a guest's page would: with code, post, series, thread, order, place and language."""
    beside = discussion.beside(post, parts)
    kept = (post.id, post.version, post.thread_version, post.is_open, order, beside, interface_language())
    return hashlib.sha256(repr((current_app.config["BUILD"], kept, request.query_string)).encode()).hexdigest()[:20]


def _shared(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
