"""Reporting illegal content, with or without an account, and asking what became of a report."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from forum.foundation.access import require
from forum.foundation.errors import NotFound, Refused
from forum.foundation.limits import REPORT, SEARCH, limiter
from forum.moderation import reporting
from forum.moderation.permissions import may_report
from forum.pages import finding
from forum.pages.forms import ReportForm
from forum.reading.cards import Setting, comment_card
from forum.web import respond
from forum.web.guard import open_to_anybody
from forum.web.security import guests_need_no_token

door = Blueprint("reports", __name__)

# A field that people do not see. Programs fill in every one.
TRAP = "website"


@door.route("/comments/<int:comment_id>/report", methods=["GET", "POST"])
@open_to_anybody
@guests_need_no_token
@limiter.limit(REPORT, methods=["POST"])
def report(comment_id: int):
    comment, form = finding.readable(comment_id), ReportForm()
    require(may_report(comment))
    status = 200
    if request.method == "POST":
        try:
            _refuse_programs()
            made = reporting.report(
                comment, form.law.data or "", form.words.data or "", form.name.data or "", form.email.data or "",
                in_good_faith=bool(form.good_faith.data),
            )  # fmt: skip
            return respond.see(url_for("reports.show", reference=made.reference, sent="yes"))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    page = render_template(
        "reports/report.html",
        form=form,
        trap=TRAP,
        card=comment_card(comment, Setting.of(comment.post)),
        post=comment.post,
        has_errors=form.has_problems,
    )
    return respond.private(page, status)


@door.get("/reports/<reference>")
@open_to_anybody
@limiter.limit(SEARCH)
def show(reference: str):
    """What became of it: no word of the report, of the comment, or of anybody."""
    found = reporting.by_reference(reference)
    if found is None:
        raise NotFound(_("There is no report with this reference."))
    page = render_template(
        "reports/show.html",
        reference=found.reference,
        outcome=reporting.outcome(found),
        is_new=request.args.get("sent") == "yes",
    )
    response = respond.private(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _refuse_programs() -> None:
    """Raises Refused, with the words kept: a browser may have filled the field in for a person."""
    if request.form.get(TRAP):
        raise Refused(_("Leave the last field empty: it is there to tell people from programs"))
