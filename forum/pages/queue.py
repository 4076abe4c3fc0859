"""The moderators' queue: what waits, one case at a time, and what was decided."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.foundation import clock
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, NotFound, Refused
from forum.moderation import cases, decisions, queries
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import FLAGGED, HELD, Case
from forum.pages.forms import number
from forum.pages.tabs import Tab
from forum.reading import desk
from forum.web import respond
from forum.web.filters import duration
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("queue", __name__)

DECISIONS = "decisions"


@door.get("/moderation")
@moderators_only
def index():
    kind = request.args.get("tab", HELD)
    if kind == DECISIONS:
        return _decisions()
    kind = kind if kind in (HELD, FLAGGED) else HELD
    rows = desk.queue_rows(queries.waiting(kind), member(), _promise())
    return respond.private(render_template("queue/index.html", rows=rows, **_head(kind)))


def _decisions():
    rows, older = queries.log(before=number(request.args.get("before")) or None)
    return respond.private(
        render_template(
            "queue/decisions.html",
            decisions=[desk.decision_line(row, row.comment) for row in rows],
            older_url=url_for("queue.index", tab=DECISIONS, before=older) if older else None,
            **_head(DECISIONS),
        )
    )


@door.get("/moderation/cases/<int:case_id>")
@moderators_only
def case(case_id: int):
    found = _find(case_id)
    if found.is_open:
        cases.claim(found, member())
    return _case(found)


def _case(found: Case, refusal: Refused | None = None, action: str = "", status: int = 200):
    rows = desk.queue_rows(queries.waiting(found.kind), member(), _promise(), found.id)
    here = next((i for i, row in enumerate(rows) if row.is_current), None)
    return respond.private(
        render_template(
            "queue/case.html",
            case=desk.case_page(found, member()),
            rows=rows,
            previous_url=rows[here - 1].url if here else None,
            next_url=rows[here + 1].url if here is not None and here + 1 < len(rows) else None,
            refusal=refusal.sentence if refusal else "",
            refused_field=refusal.field if refusal else "",
            refused_action=action,
            typed={name: request.form.get(name, "") for name in ("reason", "message")},
            has_errors=refusal is not None,
            **_head(found.kind),
        ),
        status,
    )


@door.post("/moderation/cases/<int:case_id>/approve")
@moderators_only
def approve(case_id: int):
    return _decide(case_id, "approve", _("Approved."))


@door.post("/moderation/cases/<int:case_id>/reject")
@moderators_only
def reject(case_id: int):
    return _decide(case_id, "reject", _("Rejected. Its writer sees the reason."))


@door.post("/moderation/cases/<int:case_id>/remove")
@moderators_only
def remove(case_id: int):
    return _decide(case_id, "remove", _("Removed. A line with the reason stays in its place."))


@door.post("/moderation/cases/<int:case_id>/dismiss")
@moderators_only
def dismiss(case_id: int):
    return _decide(case_id, "dismiss", _("Flags dismissed. The comment stays."))


@door.post("/moderation/cases/<int:case_id>/release")
@moderators_only
def release(case_id: int):
    found = _find(case_id)
    cases.release(found, member())
    return respond.see(url_for("queue.index", tab=found.kind))


def _decide(case_id: int, action: str, done: str):
    found, form, by = _find(case_id), request.form, member()
    version, message = _seen(found), form.get("message", "")
    try:
        if action == "approve":
            decisions.approve(found, by, version, message)
        elif action == "reject":
            decisions.reject(found, by, version, form.get("reason", ""), message)
        elif action == "remove":
            decisions.remove(found, by, version, form.get("reason", ""), message)
        else:
            decisions.dismiss(found, by, version, message)
    except AlreadyDecided as lost:
        return lost_to(lost)
    except (Conflict, Forbidden, IllegalStep):
        raise
    except Refused as refusal:
        return _case(found, refusal, action, 422)
    flash(done, "good")
    return respond.see(_following(found))


def _seen(found: Case) -> int:
    """The version of the case that the page showed. Raises Conflict when the comment reads differently by now."""
    version, _point, words = request.form.get("version", "").partition(".")
    if found.is_open and number(words) != found.comment.version:
        raise Conflict(_("The writer changed this comment while you were reading it. Read it again."))
    return number(version)


def _following(decided: Case) -> str:
    """The next case of the kind that nobody has claimed; else the list."""
    for row in desk.queue_rows(queries.waiting(decided.kind), member(), _promise()):
        if row.case_id != decided.id and (row.claimed_by is None or row.is_mine):
            return row.url
    return url_for("queue.index", tab=decided.kind)


def lost_to(lost: AlreadyDecided):
    """Somebody was first: say who decided what, and when."""
    line = desk.decision_line(lost.decision, lost.case.comment) if lost.decision else None
    page = render_template(
        "queue/conflict.html",
        decision=line,
        message=request.form.get("message", ""),
        sentence=lost.sentence,
        back_url=url_for("queue.index", tab=lost.case.kind),
        case_url=url_for("queue.case", case_id=lost.case.id),
    )
    return respond.private(page, 409)


def _find(case_id: int) -> Case:
    found = queries.case_by_id(case_id)
    if found is None:
        raise NotFound(_("There is no case at this address."))
    return found


def _promise() -> int:
    return current_app.config["FORUM"].promised_hours


def _head(current: str) -> dict[str, object]:
    counts = queries.open_counts()
    names = ((HELD, _("Held")), (FLAGGED, _("Flagged")))
    tabs = [Tab(label, url_for("queue.index", tab=kind), kind == current, counts.get(kind, 0)) for kind, label in names]
    tabs.append(Tab(_("All decisions"), url_for("queue.index", tab=DECISIONS), current == DECISIONS))
    total = sum(counts.values())
    return {
        "tabs": tabs,
        "current_tab": current,
        "heading_line": _heading(total),
    }


def _heading(total: int) -> str:
    oldest = queries.oldest_open()
    if oldest is None:
        return _("Nothing waits. We promise an answer within %(num)d hours.", num=_promise())
    waited = duration(int((clock.now() - oldest).total_seconds() // 60))
    return ngettext(
        "%(num)d waiting. The oldest has waited %(time)s; we promise %(hours)d hours.",
        "%(num)d waiting. The oldest has waited %(time)s; we promise %(hours)d hours.",
        total, time=waited, hours=_promise(),
    )  # fmt: skip
