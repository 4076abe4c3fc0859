"""Telling people what became of a comment they flagged or reported, and moderators of a report."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from forum.accounts.models import User
from forum.comments.models import PUBLISHED
from forum.events import catalog
from forum.foundation import clock, mail
from forum.foundation.db import db
from forum.moderation import flagged, reporting
from forum.moderation.care import NEVER
from forum.moderation.models import Case, Decision, Report
from forum.notifications import letters


def send_outcomes(event: catalog.DecisionFinal) -> None:
    """Tell each who flagged or reported a comment what was decided, once that lasts."""
    decision = db.session.get(Decision, event.decision_id)
    if decision is None or decision.comment is None or decision.action not in flagged.ANSWERED_BY:
        return
    post, is_kept = decision.comment.post, decision.to_state == PUBLISHED
    for flag in flagged.answered_by(decision):
        if flag.by is None or not flag.by.flag_mail:
            continue
        with letters.in_language_of(flag.by):
            letters.send(
                flag.by, "flag_outcome", _("What became of your flag"),
                post_title=post.title, is_upheld=flag.was_upheld, is_kept=is_kept,
                link=url_for("flags.mine", _external=True),
            )  # fmt: skip
    for report in reporting.to_be_told(decision):
        report.told_at = clock.now()
        _to_reporter(report, "report_outcome", _("What became of your report"), is_kept=is_kept)


def send_report(event: catalog.CommentReported) -> None:
    """Thank whoever reported a comment, and tell the moderators at once."""
    report = db.session.get(Report, event.report_id)
    if report is None:
        return
    if report.email:
        _to_reporter(report, "report_received", _("We have your report"))
    case = db.session.get_one(Case, report.signal.case_id)
    staff = select(User).where(or_(User.is_moderator, User.is_admin), User.queue_mail != NEVER)
    for person in db.session.scalars(staff):
        with letters.in_language_of(person):
            letters.send(
                person, "report_to_moderators", _("A comment is reported as illegal"),
                link=url_for("queue.case", case_id=case.id, _external=True),
            )  # fmt: skip


def _to_reporter(report: Report, name: str, subject: str, **values: object) -> None:
    """A letter to an address that anybody may have typed: nothing that was typed with it is in it."""
    values |= {
        "site_name": current_app.config["FORUM"].site_name, "subject": subject, "reference": report.reference,
        "link": url_for("reports.show", reference=report.reference, _external=True),
    }  # fmt: skip
    mail.send(
        report.email,
        subject,
        render_template(f"emails/{name}.txt", **values).strip() + "\n",
        render_template(f"emails/{name}.html", **values),
    )
