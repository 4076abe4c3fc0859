"""What waits below an author's posts, where authors may decide: the list, one comment, and the two decisions."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.comments.models import Comment
from forum.foundation.access import require
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import cases, decisions, queries
from forum.moderation.actions import APPROVE, REJECT
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Seen
from forum.moderation.permissions import may_check_comments, may_decide_as_author
from forum.posts.permissions import is_author_of
from forum.reading import waiting
from forum.web import respond
from forum.web.guard import authors_only
from forum.web.sign_in import member

door = Blueprint("waiting", __name__)


@door.get("/desk/comments")
@authors_only
def index():
    me = member()
    require(may_check_comments(me))
    rows = waiting.rows(queries.waiting_below_posts_of(me), me)
    return respond.private(render_template("writing/waiting.html", rows=rows, may_check=True))


@door.get("/desk/comments/<int:case_id>")
@authors_only
def show(case_id: int):
    try:
        case, comment = _find(case_id)
    except AlreadyDecided as lost:
        flash(lost.sentence, "wait")
        return respond.see(url_for("waiting.index"))
    cases.claim(case, member())
    return _page(case, comment)


def _page(case: Case, comment: Comment, refusal: Refused | None = None):
    return respond.private(
        render_template(
            "writing/waiting_one.html",
            case=waiting.page(case, comment, member()),
            refusal=refusal.sentence if refusal else "",
            refused_field=refusal.field if refusal else "",
            typed={name: request.form.get(name, "") for name in ("reason", "message")},
            has_errors=refusal is not None,
            may_check=True,
        ),
        422 if refusal else 200,
    )


@door.post("/desk/comments/<int:case_id>/approve")
@authors_only
@limiter.limit(WRITE)
def approve(case_id: int):
    return _decide(case_id, APPROVE, _("Approved. Everybody can read it now."))


@door.post("/desk/comments/<int:case_id>/reject")
@authors_only
@limiter.limit(WRITE)
def reject(case_id: int):
    return _decide(case_id, REJECT, _("Rejected. Its writer sees the reason."))


def _decide(case_id: int, action: str, done: str):
    form, me = request.form, member()
    try:
        case, comment = _find(case_id)
        version = Seen.read(form.get("version", ""))
        if action == APPROVE:
            decisions.approve(case, me, version)
        else:
            decisions.reject(case, me, version, form.get("reason", ""), form.get("message", ""))
    except AlreadyDecided as lost:
        page = render_template("writing/decided.html", sentence=lost.sentence, message=form.get("message", ""))
        return respond.private(page, 409)
    except (Conflict, Forbidden, IllegalStep, NotFound):
        raise
    except Refused as refusal:
        return _page(case, comment, refusal)
    flash(done, "good")
    return respond.see(url_for("waiting.index"))


def _find(case_id: int) -> tuple[Case, Comment]:
    """An open case below one of this person's posts. One they may not know of is not told from one that never was.

    Raises AlreadyDecided for one that is closed by now.
    """
    me, case = member(), queries.case_by_id(case_id)
    comment = case.comment if case else None
    if case is None or comment is None or not (comment.post.authors_moderate and is_author_of(me, comment.post)):
        raise NotFound(_("There is no comment that waits for you at this address."))
    if not case.is_open:
        raise AlreadyDecided(case, None)
    require(may_decide_as_author(me, case))
    return case, comment
