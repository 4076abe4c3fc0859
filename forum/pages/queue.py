"""The moderators' queue: what waits, one case of it, and what was decided."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from forum.accounts.models import User
from forum.events import tail
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import NotFound, Refused
from forum.moderation import appeals, cases, listing, queries, replies, workload
from forum.moderation.actions import APPEAL, FLAGGED, HELD, SPAM
from forum.moderation.listing import Wanted
from forum.moderation.models import Case
from forum.moderation.permissions import may_answer, may_decide, may_decide_about, may_undo
from forum.pages import queue_filters
from forum.pages.forms import number
from forum.pages.tabs import Tab
from forum.reading import case_page, decision_lines, desk
from forum.reading.decision_lines import DecisionLine
from forum.web import respond
from forum.web.filters import duration
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("queue", __name__)

DECISIONS = "decisions"
# As static/js/elements/queue-keys.js knows them; “?” is for the whole site.
KEYS = (
    ("jk", lazy_gettext("next, previous")),
    ("c", lazy_gettext("claim")),
    ("a", lazy_gettext("approve")),
    ("r", lazy_gettext("reject")),
    ("x", lazy_gettext("remove")),
    ("s", lazy_gettext("spam")),
    ("e", lazy_gettext("select")),
    ("z", lazy_gettext("undo")),
    ("?", lazy_gettext("all shortcuts")),
)
# What a script asks for: the case without the page around it.
CASE_PART = "case"


@door.get("/moderation")
@moderators_only
def index():
    if request.args.get("tab") == DECISIONS:
        return _decisions()
    wanted = queue_filters.read()
    found = _list(wanted)
    today = None if found["rows"] else workload.today()
    return respond.private(render_template("queue/index.html", **found, told=told(), today=today, **head(wanted.kind)))


def _decisions():
    me = member()
    rows, older = queries.log(before=number(request.args.get("before")) or None)
    undone = queries.undone_ids(rows)
    undoable = {row.id for row in rows if row.id not in undone and may_undo(me, row)}
    return respond.private(
        render_template(
            "queue/decisions.html",
            decisions=[decision_lines.decision_line(row, undone, undoable) for row in rows],
            older_url=url_for("queue.index", tab=DECISIONS, before=older) if older else None,
            **head(DECISIONS),
        )
    )


@door.get("/moderation/cases/<int:case_id>")
@moderators_only
def case(case_id: int):
    found = find(case_id)
    # A page that is fetched ahead is looked at by nobody yet.
    if "ahead" not in request.args:
        take(found)
    return show(found)


def take(found: Case) -> None:
    """Claim an open case for whoever looks, if they can decide on it: others would only keep it from colleagues."""
    if found.is_open and _may_decide(member(), found):
        cases.claim(found, member())


def _may_decide(me: User, found: Case) -> bool:
    if found.kind == APPEAL:
        return any(may_answer(me, appeal) for appeal in appeals.waiting_on(found))
    if found.comment is None:
        return bool(may_decide_about(me, found.concerns()))
    return bool(may_decide(me, found.comment, found.comment.answered))


def show(found: Case, refusal: Refused | None = None, action: str = "", typed: dict[str, str] | None = None):
    """The page of a case, or the case alone; with what was typed and is missing in the form of an action."""
    wanted = queue_filters.read(found.kind)
    part = respond.wants_fragment(CASE_PART) and refusal is None
    values = {
        "case": case_page.case_page(found, member(), current_app.config["FORUM"].flags_hide),
        "kept": queue_filters.kept(wanted),
        "ahead_url": _url_of(listing.following(wanted, member(), found), wanted),
        "list_url": url_for("queue.index", **queue_filters.kept(wanted)),
        "refusal": refusal.sentence if refusal else "",
        "refused_field": refusal.field if refusal else "",
        "opened_form": action,
        "typed": typed or {},
        "replies": replies.everything(),
        "has_errors": refusal is not None,
    }
    if part:
        return respond.private(render_template("queue/case_part.html", **values))
    rows = _list(wanted, found.id)
    page = render_template("queue/case.html", **(values | rows | _beside(rows["rows"]) | head(found.kind)), told=told())
    return respond.private(page, 422 if refusal else 200)


def _list(wanted: Wanted, current: int | None = None) -> dict[str, Any]:
    """The rows of the list and what stands around them. Six queries at most."""
    # Read first: what is stored meanwhile is told to the page the next time it asks.
    after, me, limit, kept = tail.end(db.session).settled, member(), queue_filters.shown(), queue_filters.kept(wanted)
    rows = desk.queue_rows(listing.cases(wanted, me, limit), me, promise(), current, kept)
    total = listing.count(wanted, me) if len(rows) >= limit else len(rows)
    more = min(total, limit + queue_filters.MORE_ROWS, queue_filters.MOST_ROWS)
    return {
        "rows": rows,
        "total": total,
        "more_url": url_for("queue.index", **kept, shown=more) if more > len(rows) else "",
        "filters": queue_filters.form(wanted, promise()),
        "keys": KEYS,
        "kept": kept,
        "news_url": url_for("queue_news.since", **kept, after=after, current=current),
    }


def _beside(rows: list[desk.QueueRow]) -> dict[str, str | None]:
    """The cases above and below the current one in the list."""
    here = next((place for place, row in enumerate(rows) if row.is_current), None)
    below = 0 if here is None else here + 1
    return {
        "previous_url": rows[here - 1].url if here else None,
        "next_url": rows[below].url if below < len(rows) else None,
    }


def _url_of(found: Case | None, wanted: Wanted) -> str:
    return url_for("queue.case", case_id=found.id, **queue_filters.kept(wanted)) if found else ""


def next_url(decided: Case) -> str:
    """Where a moderator goes on after a decision: to the next case that nobody has; else to the list."""
    wanted = queue_filters.read(decided.kind)
    return _url_of(listing.following(wanted, member(), decided), wanted) or url_for(
        "queue.index", **queue_filters.kept(wanted)
    )


def told() -> DecisionLine | None:
    """What this moderator has just decided, as the address says; while it can be undone, with the way to do so."""
    made = queries.decision_by_id(number(request.args.get("done"))) if request.args.get("done") else None
    if made is None or made.by_id != member().id:
        return None
    undone = queries.undone_ids([made])
    undoable = {made.id} if may_undo(member(), made) and made.id not in undone else set()
    return decision_lines.decision_line(made, undone, undoable)


def find(case_id: int) -> Case:
    found = queries.case_by_id(case_id)
    if found is None:
        raise NotFound(_("There is no case at this address."))
    return found


def promise() -> int:
    return current_app.config["FORUM"].promised_hours


def head(current: str) -> dict[str, object]:
    """The tabs and the line above them. Two queries."""
    counts = queries.open_counts()
    return {"tabs": tabs(current, counts), "current_tab": current, "heading_line": _heading(sum(counts.values()))}


def tabs(current: str, counts: dict[str, int]) -> list[Tab]:
    names = ((HELD, _("Held")), (FLAGGED, _("Flagged")), (SPAM, _("Suspected spam")), (APPEAL, _("Appeals")))
    found = [
        Tab(label, url_for("queue.index", tab=kind), kind == current, counts.get(kind, 0)) for kind, label in names
    ]
    return [*found, Tab(_("All decisions"), url_for("queue.index", tab=DECISIONS), current == DECISIONS)]


def _heading(total: int) -> str:
    oldest = queries.oldest_open()
    if oldest is None:
        return _("Nothing waits. We promise an answer within %(num)d hours.", num=promise())
    waited = duration(int((clock.now() - oldest).total_seconds() // 60))
    return ngettext(
        "%(num)d waiting. The oldest has waited %(time)s; we promise %(hours)d hours.",
        "%(num)d waiting. The oldest has waited %(time)s; we promise %(hours)d hours.",
        total, time=waited, hours=promise(),
    )  # fmt: skip
