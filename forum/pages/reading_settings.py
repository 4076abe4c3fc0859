"""How a member reads: keys, order, light or dark, whom they have muted. And the list of keys, for everybody."""

from __future__ import annotations

from flask import Blueprint, flash, get_template_attribute, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from forum.accounts import preferences
from forum.accounts.preferences import AS_DEVICE, DARK, LIGHT
from forum.comments.queries import LIKED, NEWEST, OLDEST
from forum.foundation.errors import Refused
from forum.foundation.limits import MARK, WRITE, limiter
from forum.marks import muting
from forum.pages import queue
from forum.pages.forms import ReadingForm
from forum.reading import cards
from forum.web import respond
from forum.web.guard import members_only, open_to_anybody
from forum.web.sign_in import member, viewer

door = Blueprint("reading_settings", __name__)

ORDERS = {
    OLDEST: lazy_gettext("Oldest first"),
    NEWEST: lazy_gettext("Newest first"),
    LIKED: lazy_gettext("Most liked first"),
}
THEMES = {
    AS_DEVICE: lazy_gettext("As my device says"),
    LIGHT: lazy_gettext("Light"),
    DARK: lazy_gettext("Dark"),
}
# As static/js/elements/thread-keys.js and masthead-keys.js know them.
KEYS = (
    ("jk", lazy_gettext("Next and previous comment")),
    ("n", lazy_gettext("Next new comment")),
    ("p", lazy_gettext("The comment that this one answers")),
    ("a", lazy_gettext("Next comment by the author of the post")),
    ("r", lazy_gettext("Reply to this comment")),
    ("l", lazy_gettext("Like this comment, or take it back")),
    ("c", lazy_gettext("Write a comment")),
    ("/", lazy_gettext("Search")),
    ("?", lazy_gettext("This list")),
)


@door.route("/account/reading", methods=["GET", "POST"])
@members_only
@limiter.limit(WRITE, methods=["POST"])
def show():
    me, status = member(), 200
    form = ReadingForm(data={"uses_keys": me.uses_keys, "order": me.reading_order or OLDEST, "theme": me.theme})
    form.order.choices = [(code, str(words)) for code, words in ORDERS.items()]
    form.theme.choices = [(code, str(words)) for code, words in THEMES.items()]
    if request.method == "POST":
        try:
            preferences.change(me, bool(form.uses_keys.data), form.order.data or "", form.theme.data or "", ORDERS)
            flash(_("Saved."), "good")
            return respond.see(url_for("reading_settings.show"))
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    muted = [cards.person_card(person) for person in muting.muted_by(me)]
    return respond.private(
        render_template("mine/reading.html", form=form, muted=muted, has_errors=form.has_problems), status
    )


@door.get("/keyboard")
@open_to_anybody
def keyboard():
    """The list of keys, as a page or for a window of the page."""
    who = viewer()
    more = queue.KEYS[:-1] if who is not None and who.is_staff else ()
    if respond.wants_fragment("keys"):
        window = get_template_attribute("keys/_keys.html", "window")
        return respond.private(str(window(KEYS, who, who and who.uses_keys, more)))
    return render_template("keys/index.html", list=KEYS, uses_keys=who and who.uses_keys, more=more)


@door.post("/keyboard")
@members_only
@limiter.limit(MARK)
def switch_keys():
    preferences.switch_keys(member(), request.form.get("keys") == "on")
    return respond.see(url_for("reading_settings.keyboard"))
