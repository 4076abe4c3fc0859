"""How a member reads: keys, order, light or dark, language, whom they have muted. And the list of keys, for all."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, get_template_attribute, render_template, request, url_for
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import RadioField

from forum.accounts import preferences
from forum.accounts.models import User
from forum.accounts.preferences import AS_DEVICE, DARK, LIGHT
from forum.comments.queries import LIKED, NEWEST, OLDEST
from forum.foundation.errors import Refused
from forum.foundation.limits import MARK, WRITE, limiter
from forum.marks import muting
from forum.pages import queue
from forum.pages.forms import ReadingForm
from forum.reading import cards
from forum.web import language, respond
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


class Form(ReadingForm):
    language = RadioField(lazy_gettext("Language of the site"), validate_choice=False)

    def __init__(self, me: User) -> None:
        now = {"uses_keys": me.uses_keys, "order": me.reading_order or OLDEST, "theme": me.theme}
        super().__init__(data=now | {"language": language.chosen()})
        self.order.choices = [(code, str(words)) for code, words in ORDERS.items()]
        self.theme.choices = [(code, str(words)) for code, words in THEMES.items()]
        self.language.choices = _languages()


@door.route("/account/reading", methods=["GET", "POST"])
@members_only
@limiter.limit(WRITE, methods=["POST"])
def show():
    me, status = member(), 200
    form = Form(me)
    if request.method == "POST":
        try:
            _check_language(form.language.data or "")
            preferences.change(me, bool(form.uses_keys.data), form.order.data or "", form.theme.data or "", ORDERS)
            return _saved(me, form.language.data or "")
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    muted = [cards.person_card(person) for person in muting.muted_by(me)]
    return respond.private(
        render_template("mine/reading.html", form=form, muted=muted, has_errors=form.has_problems), status
    )


def _languages() -> list[tuple[str, str | Markup]]:
    """What is offered: nothing where only one language is spoken."""
    named = language.named(language.spoken(current_app))
    if len(named) == 1:
        return []
    # Each by its own name, in which a screen reader says it.
    choices = [(code, Markup('<span lang="{}">{}</span>').format(code, name)) for code, name in named]
    return [("", _("As my browser asks")), *choices]


def _check_language(code: str) -> None:
    """Raises Refused with the field."""
    if code and code not in language.spoken(current_app):
        raise Refused(_("Choose a language of the list"), "language")


def _saved(me: User, code: str) -> Response:
    """In the language that was chosen. The browser keeps it too, for when this person is signed out."""
    answer = respond.see(url_for("reading_settings.show"))
    if _languages():
        me.language = code or None
        language.remember(answer, code)
    with force_locale(code or language.asked_for()):
        flash(_("Saved."), "good")
    return answer


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
