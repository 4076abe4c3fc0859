"""Who looks at a case: taking it, letting it go, taking it over, asking a colleague."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import queries as people
from forum.foundation.errors import Conflict, Refused
from forum.moderation import cases, notes
from forum.moderation.models import Case
from forum.pages import queue, queue_filters
from forum.pages.forms import number
from forum.reading import case_page
from forum.web import respond
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("claims", __name__)

# What a script asks for: the line that says who has the case.
CLAIM_PART = "claim"


@door.post("/moderation/cases/<int:case_id>/claim")
@moderators_only
def claim(case_id: int):
    """Take a case, or keep it for longer."""
    found = queue.find(case_id)
    queue.take(found)
    return _answer(found)


@door.post("/moderation/cases/<int:case_id>/release")
@moderators_only
def release(case_id: int):
    found = queue.find(case_id)
    cases.release(found, member())
    return respond.see(url_for("queue.index", **queue_filters.kept(queue_filters.read(found.kind))))


@door.post("/moderation/cases/<int:case_id>/take-over")
@moderators_only
def take_over(case_id: int):
    """Take a case from a colleague: the page has said to ask them first."""
    found = queue.find(case_id)
    if not cases.take_over(found, member()):
        raise Conflict(_("This case is closed by now."))
    return _answer(found)


@door.post("/moderation/cases/<int:case_id>/assign")
@moderators_only
def assign(case_id: int):
    """Ask a colleague to look at a case, with a note for them; or nobody any more."""
    found, words = queue.find(case_id), request.form.get("words", "").strip()
    chosen = number(request.form.get("colleague"))
    colleague = people.by_id(chosen) if chosen else None
    try:
        if chosen and (colleague is None or not colleague.is_staff or colleague.id == member().id):
            raise Refused(_("Choose a colleague of the list"), "colleague")
        if words:
            notes.about_case(found, member(), words)
    except Refused as refusal:
        return queue.show(found, refusal, "assign", {"words": words})
    cases.assign(found, colleague, member())
    if colleague is None:
        flash(_("Nobody is asked any more."), "good")
        return _answer(found)
    flash(_("%(name)s is asked to look at it.", name=colleague.name), "good")
    return respond.see(queue.next_url(found))


def _answer(found: Case):
    if respond.wants_fragment(CLAIM_PART):
        claim_line = case_page.claim(found, member())
        return respond.private(render_template("queue/claim_part.html", claim=claim_line, is_open=found.is_open))
    return respond.see(url_for("queue.case", case_id=found.id, **queue_filters.kept(queue_filters.read(found.kind))))
