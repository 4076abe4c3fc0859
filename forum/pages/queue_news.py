"""What changed on the desk since a page was made: cases taken, let go, decided or opened elsewhere."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from forum.events import tail
from forum.foundation.db import db
from forum.moderation import listing, news, queries
from forum.pages import queue, queue_filters
from forum.pages.forms import number
from forum.reading import case_page, decision_lines, desk
from forum.web import respond
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("queue_news", __name__)

# Where to go on from the next time.
PLACE_HEADER = "X-Live-After"


@door.get("/moderation/news")
@moderators_only
def since():
    # Read first: what is stored meanwhile is told the next time.
    settled, me = tail.end(db.session).settled, member()
    numbers = news.changed_after(number(request.args.get("after")))
    if numbers is None:
        answer = Response(status=205)
    elif not numbers:
        answer = Response(status=204)
    else:
        answer = respond.private(_changes(numbers, me))
    answer.headers[PLACE_HEADER] = str(settled)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _changes(numbers: list[int], me) -> str:
    """Rows of the list as they stand now, what became of those that left it, and the line of the open case."""
    wanted = queue_filters.read()
    listed = listing.among(numbers, wanted, me)
    gone = [case_id for case_id in numbers if case_id not in {case.id for case in listed}]
    ends = {made.case_id: decision_lines.decision_line(made) for made in news.endings(gone)}
    current = number(request.args.get("current"))
    found = queries.case_by_id(current) if current in numbers else None
    return render_template(
        "queue/news.html",
        rows=desk.queue_rows(listed, me, queue.promise(), current, queue_filters.kept(wanted)),
        gone=[(case_id, ends.get(case_id)) for case_id in gone],
        claim=case_page.claim(found, me) if found else None,
        current=found,
        version=str(found.seen()) if found else "",
        ending=ends.get(current),
        tabs=queue.tabs(wanted.kind, queries.open_counts()),
    )
