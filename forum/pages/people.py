"""A person's public page: who they are and what they wrote."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts import queries as account_queries
from forum.accounts.models import User
from forum.comments import queries as comment_queries
from forum.foundation.errors import NotFound
from forum.marks import muting
from forum.marks.permissions import may_mute
from forum.reading import profiles
from forum.web.front import kept_for_guests
from forum.web.guard import open_to_anybody
from forum.web.sign_in import viewer

door = Blueprint("people", __name__)

# Feed readers ask often and need only what is new.
IN_FEED = 30


@door.get("/people/<username>")
@open_to_anybody
@kept_for_guests("after")
def show(username: str):
    person = find(username)
    rows, later = comment_queries.public_by(person, request.args.get("after", ""))
    me = viewer()
    return render_template(
        "people/show.html",
        person=profiles.profile(person),
        comments=profiles.lines(rows),
        older_url=url_for("people.show", username=person.username, after=later) if later else None,
        is_me=me is not None and me.id == person.id,
        may_mute=bool(may_mute(me, person)),
        is_muted=me is not None and muting.has_muted(me, person),
    )


@door.get("/people/<username>/comments.atom")
@open_to_anybody
@kept_for_guests()
def feed(username: str) -> Response:
    """A person's newest public comments, for feed readers."""
    person = find(username)
    rows, _later = comment_queries.public_by(person, limit=IN_FEED)
    response = make_response(
        render_template("people/comments.atom", person=profiles.profile(person), comments=profiles.lines(rows))
    )
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def find(username: str) -> User:
    """The person readers may know of. Raises NotFound."""
    person = account_queries.by_username(username)
    # Look-alikes lead nowhere: an address names one person exactly, but for capitals.
    if person is None or person.username.casefold() != username.casefold() or not account_queries.is_known(person):
        raise NotFound(_("There is nobody at this address."))
    return person
