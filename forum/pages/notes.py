"""Notes for colleagues, on a person and on a case."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from forum.accounts import queries as people
from forum.foundation.access import require
from forum.foundation.errors import NotFound, Refused
from forum.foundation.limits import WRITE, limiter
from forum.moderation import notes
from forum.moderation.permissions import may_take_back
from forum.pages import queue
from forum.pages.forms import number
from forum.web import respond
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("notes", __name__)


@door.post("/moderation/cases/<int:case_id>/notes")
@moderators_only
@limiter.limit(WRITE)
def add_about_case(case_id: int):
    found = queue.find(case_id)
    try:
        notes.about_case(found, member(), request.form.get("words", ""))
    except Refused as refusal:
        return queue.show(found, refusal, "note_case", {"words": request.form.get("words", "")})
    return _back("notes-case")


@door.post("/moderation/people/<username>/notes")
@moderators_only
@limiter.limit(WRITE)
def add_about_person(username: str):
    person = people.by_username(username)
    if person is None:
        raise NotFound(_("There is nobody by this name."))
    try:
        notes.about_person(person, member(), request.form.get("words", ""))
    except Refused as refusal:
        case_id = number(request.form.get("case"))
        if not case_id:
            raise
        return queue.show(queue.find(case_id), refusal, "note_person", {"words": request.form.get("words", "")})
    return _back("notes-person")


@door.post("/moderation/notes/<int:note_id>/delete")
@moderators_only
def delete(note_id: int):
    note = notes.by_id(note_id)
    if note is None:
        raise NotFound(_("There is no note at this address."))
    require(may_take_back(member(), note))
    notes.take_back(note)
    flash(_("Note deleted."), "good")
    return _back()


def _back(place: str = ""):
    """To the page where the form stood."""
    target = respond.safe_path(request.form.get("next")) or url_for("queue.index")
    return respond.see(f"{target}#{place}" if place else target)
