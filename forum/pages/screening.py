"""What screens comments: the watched words, the checks, and a look at what either would have found."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from forum.foundation.access import require
from forum.foundation.db import db
from forum.foundation.errors import Conflict, Forbidden, NotFound, Refused
from forum.foundation.limits import PREVIEW, limiter
from forum.pages.forms import PageForm
from forum.reading import screening as shown
from forum.screening import checks, setting, settings, trial, watching
from forum.screening.checks import Check
from forum.screening.models import NUDGE, WatchedWord
from forum.screening.patterns import Matcher
from forum.screening.permissions import may_set_checks
from forum.screening.settings import Kept
from forum.screening.words import Watched
from forum.text import language
from forum.web import respond
from forum.web.guard import moderators_only
from forum.web.sign_in import member

door = Blueprint("screening", __name__)

# What the buttons ask for beside saving: find the word in a sentence; find what would have been found.
TRY, TRIAL = "try", "trial"


class WordForm(PageForm):
    pattern = StringField(lazy_gettext("Word or phrase"))
    lang = SelectField(lazy_gettext("In comments in"), validate_choice=False)
    # Not “action”: a field of that name would hide the address of its form from scripts.
    does = RadioField(lazy_gettext("What happens"), validate_choice=False, default=NUDGE)
    note = StringField(lazy_gettext("Why, for colleagues"))
    is_on = BooleanField(lazy_gettext("It is watched"), default=True)
    sentence = TextAreaField(lazy_gettext("Try it on a sentence"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.lang.choices = [("", _("Every language")), *language.LANGUAGES.items()]
        self.does.choices = [(name, words) for name, (words, _hint) in shown.ACTIONS.items()]


@door.route("/moderation/words", methods=["GET", "POST"])
@moderators_only
@limiter.limit(PREVIEW, methods=["POST"])
def words():
    return _word_page(None)


@door.route("/moderation/words/<int:word_id>", methods=["GET", "POST"])
@moderators_only
@limiter.limit(PREVIEW, methods=["POST"])
def word(word_id: int):
    return _word_page(_find(word_id))


@door.post("/moderation/words/<int:word_id>/remove")
@moderators_only
def remove_word(word_id: int):
    watching.remove(_find(word_id), member())
    flash(_("Taken off the list."), "good")
    return respond.see(url_for("screening.words"))


def _word_page(found: WatchedWord | None):
    form, status, answer, tried = WordForm(obj=found, does=found.action if found else NUDGE), 200, "", None
    if request.method == "POST":
        intent = request.form.get("intent")
        try:
            if intent == TRY:
                answer = _answer(form)
            elif intent == TRIAL:
                tried = _tried(form)
            else:
                _save(form, found)
                return respond.see(url_for("screening.words"))
        except Forbidden:
            raise
        except Refused as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, Conflict) else 422
    page = render_template(
        "screening/word.html" if found else "screening/words.html",
        form=form,
        word=found,
        rows=[] if found else shown.word_rows(),
        days=shown.COUNTED_DAYS,
        hints={name: hint for name, (_words, hint) in shown.ACTIONS.items()},
        answer=answer,
        tried=tried,
        has_errors=form.has_problems,
    )
    return respond.private(page, status)


def _save(form: WordForm, found: WatchedWord | None) -> None:
    values = (form.pattern.data or "", form.lang.data or "", form.does.data or "", form.note.data or "")
    if found is None:
        watching.add(*values, member())
        flash(_("Added. It is looked for from now on."), "good")
    else:
        watching.change(found, *values, bool(form.is_on.data), member())
        flash(_("Saved."), "good")


def _answer(form: WordForm) -> str:
    """Whether the typed word is in the typed sentence, in a sentence."""
    pattern = watching.checked(form.pattern.data or "")
    sentence = (form.sentence.data or "")[:10_000]
    found = Matcher([pattern]).find(sentence)
    if not found:
        return _("No match: “%(word)s” is not in this sentence.", word=pattern.text)
    start, end = found[pattern][0]
    return _("It matches: “%(found)s”.", found=sentence[start:end])


def _tried(form: WordForm) -> shown.Tried:
    pattern = watching.checked(form.pattern.data or "", form.lang.data or "")
    comments = trial.newest()
    hits = trial.of_words(Watched({pattern.number: form.does.data or NUDGE}, Matcher([pattern])), comments)
    return shown.tried(comments, hits)


@door.get("/moderation/checks")
@moderators_only
def all_checks():
    page = render_template("screening/checks.html", rows=shown.check_rows(), days=shown.COUNTED_DAYS)
    return respond.private(page)


@door.route("/moderation/checks/<name>", methods=["GET", "POST"])
@moderators_only
@limiter.limit(PREVIEW, methods=["POST"])
def check(name: str):
    found = checks.BY_NAME.get(name)
    if found is None:
        raise NotFound(_("There is no check at this address."))
    if request.method == "GET":
        return _check_page(found)
    intent = request.form.get("intent")
    if intent != TRIAL:
        require(may_set_checks(member()))
    try:
        numbers = setting.read(found, request.form)
        if intent == TRIAL:
            return _check_page(found, numbers, tried=_tried_check(found, numbers))
        setting.change(found, member(), is_on=bool(request.form.get("is_on")), numbers=numbers)
    except Refused as refusal:
        return _check_page(found, error=refusal, status=422)
    flash(_("Saved. It holds from the next comment."), "good")
    return respond.see(url_for("screening.check", name=name))


def _tried_check(found: Check, numbers: dict[str, int]) -> shown.Tried:
    if not found.tries:
        raise Refused(_("This check looks at what changes from moment to moment, so it cannot be tried on the past."))
    kept = settings.kept().get(found.name, Kept())
    comments = trial.newest()
    return shown.tried(comments, trial.of_check(found, found.numbers_of(kept) | numbers, comments))


def _check_page(
    found: Check,
    numbers: dict[str, int] | None = None,
    *,
    tried: shown.Tried | None = None,
    error: Refused | None = None,
    status: int = 200,
):
    kept = settings.kept().get(found.name, Kept())
    if numbers is not None:
        kept = Kept(kept.is_on, {**kept.numbers, **numbers})
    row = shown.check_row(found, kept, shown.outcome_of(found))
    page = render_template(
        "screening/check.html",
        row=row,
        days=shown.COUNTED_DAYS,
        may_set=bool(may_set_checks(member())),
        tried=tried,
        error=error,
        has_errors=error is not None,
    )
    return respond.private(page, status)


def _find(word_id: int) -> WatchedWord:
    found = db.session.get(WatchedWord, word_id)
    if found is None:
        raise NotFound(_("There is no word at this address."))
    return found
