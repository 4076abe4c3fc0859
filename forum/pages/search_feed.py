"""A search as a feed: whoever follows it hears of what is new in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from forum.foundation import clock
from forum.foundation.errors import Refused
from forum.foundation.limits import SEARCH, limiter
from forum.pages.search import asked, per_account
from forum.reading import filters, search_feed
from forum.search.engine import NotReady
from forum.search.loading import FoundHit
from forum.search.newest import newest
from forum.web.guard import open_to_anybody

door = Blueprint("search_feed", __name__)

IN_FEED: Final = 30
# Seconds until an index that is being built may be there.
LATER: Final = 300

# XML has no way to write these.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@door.get("/search.atom")
@open_to_anybody
@limiter.limit(SEARCH)
@per_account
def feed() -> Response:
    """The newest results, as a guest sees them, whoever asks. A search that cannot be made is a feed of nothing."""
    try:
        return _answer(newest(asked(), IN_FEED))
    except Refused as refusal:
        return _answer((), refusal.sentence)
    except NotReady:
        response = _answer((), status=503)
        response.headers["Retry-After"] = str(LATER)
        return response


def _answer(found: Sequence[FoundHit], refusal: str = "", status: int = 200) -> Response:
    entries = search_feed.entries(found)
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    feed = render_template(
        "search/feed.atom",
        q=asked().q,
        entries=entries,
        refusal=refusal,
        self_url=filters.address(asked(), "search_feed.feed"),
        page_url=filters.address(asked()),
        updated=max((one.updated for one in entries), default=today),
    )
    response = make_response(_NO_XML.sub("", feed), status)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    # Asked for anew each time: what is kept for a while goes on telling what was removed meanwhile. Mostly the answer
    # is that nothing has changed.
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    response.add_etag()
    response.make_conditional(request)
    return response
