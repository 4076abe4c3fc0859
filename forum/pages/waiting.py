"""What waits below an author's posts, where authors may decide: the list, one comment, the two decisions, and the way
back."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.comments.models import Comment
from forum.foundation.access import require
from forum.foundation.errors import Conflict, Forbidden, IllegalStep, NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import cases, decisions, queries, undoing
from forum.moderation.actions import APPROVE, REJECT
from forum.moderation.decisions import AlreadyDecided
from forum.moderation.models import Case, Decision, Seen
from forum.moderation.permissions import BY_AUTHORS, may_check_comments, may_decide_as_author, may_undo
from forum.pages.forms import number
from forum.posts.permissions import is_author_of
from forum.reading import waiting
from forum.reading.waiting import Told
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
    return respond.private(render_template("writing/waiting.html", rows=rows, told=_told(), may_check=True))


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
    return _decide(case_id, APPROVE)


@door.post("/desk/comments/<int:case_id>/reject")
@authors_only
@limiter.limit(WRITE)
def reject(case_id: int):
    return _decide(case_id, REJECT)


@door.post("/desk/decisions/<int:decision_id>/undo")
@authors_only
@limiter.limit(WRITE)
def undo(decision_id: int):
    made = _mine(decision_id)
    if made is None:
        raise NotFound(_("There is no decision at this address."))
    undoing.undo(made, member())
    flash(_("Undone. The comment waits again."), "good")
    return respond.see(url_for("waiting.show", case_id=made.case_id))


def _decide(case_id: int, action: str):
    form, me = request.form, member()
    try:
        case, comment = _find(case_id)
        version = Seen.read(form.get("version", ""))
        if action == APPROVE:
            made = decisions.approve(case, me, version)
        else:
            made = decisions.reject(case, me, version, form.get("reason", ""), form.get("message", ""))
    except AlreadyDecided as lost:
        page = render_template("writing/decided.html", sentence=lost.sentence, message=form.get("message", ""))
        return respond.private(page, 409)
    except (Conflict, Forbidden, IllegalStep, NotFound):
        raise
    except Refused as refusal:
        return _page(case, comment, refusal)
    return respond.see(url_for("waiting.index", done=made.id))


def _told() -> Told | None:
    """What this author has just decided, as the address says; while it can be undone, with the way to do so."""
    made = _mine(number(request.args.get("done")))
    if made is None or not queries.is_in_force(made):
        return None
    can_be_undone = bool(may_undo(member(), made))
    sentence = (
        _("Approved. Everybody can read it now.")
        if made.action == APPROVE
        else _("Rejected. Its writer sees the reason.")
    )
    return Told(sentence, url_for("waiting.undo", decision_id=made.id) if can_be_undone else "")


def _mine(decision_id: int) -> Decision | None:
    """A decision of this author's own on a comment below their posts."""
    me, made = member(), queries.decision_by_id(decision_id) if decision_id else None
    if made is None or made.comment is None or made.by_id != me.id or made.action not in BY_AUTHORS:
        return None
    post = made.comment.post
    return made if post.authors_moderate and is_author_of(me, post) else None


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
