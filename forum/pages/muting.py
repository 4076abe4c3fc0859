"""Muting a person, and reading them again."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.access import require
from forum.foundation.limits import MARK, limiter
from forum.marks import muting
from forum.marks.permissions import may_mute
from forum.pages import people
from forum.web import respond
from forum.web.guard import members_only
from forum.web.sign_in import member

door = Blueprint("muting", __name__)


@door.post("/people/<username>/mute")
@members_only
@limiter.limit(MARK)
def mute(username: str):
    person = people.find(username)
    require(may_mute(member(), person))
    muting.mute(person, member())
    flash(_("%(name)s is muted. Nobody is told.", name=person.name), "good")
    return _back(person)


@door.post("/people/<username>/unmute")
@members_only
@limiter.limit(MARK)
def unmute(username: str):
    person = people.find(username)
    muting.unmute(person, member())
    flash(_("%(name)s is no longer muted.", name=person.name), "good")
    return _back(person)


def _back(person: User) -> Response:
    """To the page that the form stood on, if it said which."""
    asked = respond.safe_path(request.form.get("next"))
    return respond.see(asked or url_for("people.show", username=person.username))
