"""Live updates of an open page: as a stream, or asked for now and then; and the comments that they speak of."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from forum.events import tail
from forum.foundation.db import db
from forum.foundation.errors import NotFound, Refused
from forum.foundation.limits import neighbourhood
from forum.live import fragments, news, parting
from forum.live.broadcaster import Broadcaster, Full
from forum.live.news import Discussion
from forum.live.stream import Stream
from forum.posts import queries as post_queries
from forum.reading import news as reading_news
from forum.web import respond
from forum.web.guard import open_to_anybody
from forum.web.language import interface_language
from forum.web.sign_in import viewer

door = Blueprint("live", __name__)

# Seconds until somebody may ask again for whose stream there was no room.
COME_BACK = 60
# More digits than any number of ours has.
LONGEST_NUMBER = 15
# Where somebody goes on from who asks now and then.
PLACE_HEADER = "X-Live-After"


@door.record_once
def _install(state: BlueprintSetupState) -> None:
    settings = state.app.config["FORUM"]
    state.app.extensions["live"] = Broadcaster(settings.redis_url, is_limited=settings.rate_limits)


@door.get("/posts/<slug>/live")
@open_to_anybody
def stream(slug: str):
    asked, broadcaster = _find(slug), current_app.extensions["live"]
    try:
        listener = broadcaster.join(db.engine, asked.id, neighbourhood())
    except Full as full:
        return _plain(Response(status=429 if full.is_own_fault else 503, headers={"Retry-After": str(COME_BACK)}))
    try:
        # Looked up after joining, so that nothing falls between the two.
        body = Stream(broadcaster, listener, news.missed(_find(slug), _after(), _version()))
        body.ends_with(parting.watch(request.environ, listener.end))
    except BaseException:
        broadcaster.leave(listener)
        raise
    answer = _plain(Response(body, mimetype="text/event-stream", direct_passthrough=True))
    # nginx keeps back what it is sent until it has enough, unless it is told not to.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


@door.get("/posts/<slug>/live/since")
@open_to_anybody
def since(slug: str):
    # Read first: what is stored meanwhile is told the next time.
    settled = tail.end(db.session).settled
    found = news.missed(_find(slug), _after(), _version())
    if found == []:
        answer = Response(status=204)
    elif found is None:
        answer = jsonify(reload=True)
    else:
        answer = jsonify(news=[one.told() for one in found])
    answer.headers[PLACE_HEADER] = str(settled)
    return _plain(answer)


@door.get("/posts/<slug>/live/comments")
@open_to_anybody
def comments(slug: str):
    post = post_queries.by_slug(slug, None)
    if post is None:
        raise _not_found()
    numbers = tuple(sorted({_number(word) for word in request.args.get("ids", "").split(",")}))
    if len(numbers) > fragments.MOST:
        raise Refused(_("This page address is damaged. Start again from the first page."))
    asked, reader = fragments.Asked(numbers, are_new="new" in request.args, is_flat="flat" in request.args), viewer()
    if "shown" in request.args:
        # Who lets them be shown reads them: they are not new once more on the next visit.
        reading_news.visit(reader, post)
    return respond.private(fragments.of(post, asked, reader, interface_language()))


def _find(slug: str) -> Discussion:
    found = news.discussion(slug)
    if found is None:
        raise _not_found()
    return found


def _not_found() -> NotFound:
    return NotFound(_("There is no post at this address."))


def _after() -> int:
    """The event from which this page goes on: what its browser heard last, or what it was made with."""
    return _number(request.headers.get("Last-Event-ID") or request.args.get("after", ""))


def _version() -> int:
    return _number(request.args.get("version") or "0")


def _number(word: str) -> int:
    """Raises Refused for anything else."""
    if not (word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER):
        raise Refused(_("This page address is damaged. Start again from the first page."))
    return int(word)


def _plain(answer: Response) -> Response:
    """What nobody keeps and nothing on the way changes."""
    answer.headers["Cache-Control"] = "no-store, no-transform"
    return answer
