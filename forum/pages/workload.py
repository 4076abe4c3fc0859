"""How the moderators' work goes: what waits for how long, who decided how much, how long it took."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.moderation import workload
from forum.moderation.actions import APPEAL, FLAGGED, HELD, SPAM
from forum.moderation.workload import AGES
from forum.pages.forms import number
from forum.pages.tabs import Tab
from forum.web import respond
from forum.web.guard import moderators_only

door = Blueprint("workload", __name__)

# Days to look back over.
SPANS = (1, 7, 30)


@door.get("/moderation/workload")
@moderators_only
def index():
    asked = number(request.args.get("days"))
    days = asked if asked in SPANS else 7
    waiting = workload.open_by_age()
    names = ((HELD, _("Held")), (FLAGGED, _("Flagged")), (SPAM, _("Suspected spam")), (APPEAL, _("Appeals")))
    rows = [(label, waiting.get(kind, [0] * (len(AGES) + 1))) for kind, label in names]
    return respond.private(
        render_template(
            "queue/workload.html",
            ages=_ages(),
            rows=rows,
            totals=[sum(column) for column in zip(*(counts for _label, counts in rows), strict=True)],
            pace=workload.pace(days),
            spans=[Tab(_span(span), url_for("workload.index", days=span), span == days) for span in SPANS],
        )
    )


def _ages() -> list[str]:
    limits = [ngettext("Less than %(num)d hour", "Less than %(num)d hours", hours) for hours in AGES]
    return [*limits, _("Longer")]


def _span(days: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", days)
