"""The moderators' search: comments in every state, by words, people, places, times and what checks found.

The form is sent with POST, so that an e-mail address stands in no address line and in no log: what one goes on to has
its digest instead. All else stands in the address, to be kept and shared among moderators.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import format_decimal, lazy_gettext
from flask_babel import gettext as _
from wtforms import SelectField, StringField

from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN
from forum.foundation.errors import Refused
from forum.foundation.limits import SEARCH, limiter
from forum.moderation import narrowing, searching
from forum.moderation.narrowing import Owners
from forum.moderation.searching import EDIT_WAITS, Found, Wanted
from forum.pages.forms import PageForm
from forum.reading import searched
from forum.web import respond
from forum.web.guard import moderators_only

door = Blueprint("moderation_search", __name__)

Meant = TypeVar("Meant")


class SearchForm(PageForm):
    words = StringField(lazy_gettext("Words"))
    state = SelectField(
        lazy_gettext("State"),
        choices=[
            ("", lazy_gettext("Any state")),
            (HELD, lazy_gettext("Waiting for a moderator")),
            (EDIT_WAITS, lazy_gettext("New words wait")),
            (PUBLISHED, lazy_gettext("Public")),
            (REJECTED, lazy_gettext("Not published")),
            (REMOVED, lazy_gettext("Removed")),
            (WITHDRAWN, lazy_gettext("Withdrawn by its writer")),
        ],
        validate_choice=False,
    )
    author = StringField(lazy_gettext("Writer"))
    discussion = StringField(lazy_gettext("Discussion"))
    matched = StringField(lazy_gettext("What a check found"))
    address = StringField(lazy_gettext("E-mail address, or its digest"))
    since = StringField(lazy_gettext("From"))
    until = StringField(lazy_gettext("To"))

    def typed(self) -> dict[str, str]:
        """What was typed into which field."""
        return {field.name: (field.data or "").strip() for field in self if (field.data or "").strip()}


@dataclass(frozen=True)
class Answer:
    """What the page says besides the comments it found."""

    wanted: Wanted
    found: Found
    owners: Owners | None = None


@door.get("/moderation/search")
@moderators_only
@limiter.limit(SEARCH)
def index():
    form = SearchForm(request.args)
    if "@" in (form.address.data or ""):
        return ask(form)
    typed = form.typed()
    return _page(form, _answer(form, typed) if typed else None)


@door.post("/moderation/search")
@moderators_only
@limiter.limit(SEARCH)
def send():
    return ask(SearchForm())


def ask(form: SearchForm):
    """Go where the results stand; not with an address that is none, which may yet be one with a slip."""
    typed = form.typed()
    try:
        digest = narrowing.digest(typed.pop("address", ""))
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form, None)
    return respond.see(_address(typed | ({"address": digest} if digest else {})))


def _answer(form: SearchForm, typed: dict[str, str]) -> Answer | None:
    """What was found; None where a field says why nothing was looked for. Eight queries at most."""
    wanted = _wanted(form, typed)
    digest = _read(form, narrowing.digest, typed.get("address", "")) or ""
    if form.has_problems:
        return None
    owners = narrowing.owners(digest) if digest else None
    if owners is not None:
        theirs = owners.ids if wanted.author_ids is None else owners.ids & wanted.author_ids
        wanted = replace(wanted, author_ids=theirs)
    return Answer(wanted, searching.find(wanted, request.args.get("after", "")), owners)


def _wanted(form: SearchForm, typed: dict[str, str]) -> Wanted:
    def of(name: str) -> str:
        return typed.get(name, "")

    since = _read(form, narrowing.since, of("since"))
    return Wanted(
        words=_read(form, narrowing.words, of("words")) or (),
        state=_read(form, narrowing.state, of("state")) or "",
        author_ids=_read(form, narrowing.people, of("author")),
        post_ids=_read(form, narrowing.discussions, of("discussion")),
        matched=_read(form, narrowing.matched, of("matched")) or "",
        since=since,
        until=_read(form, narrowing.until, of("until"), since),
    )


def _read(form: SearchForm, read: Callable[..., Meant], *typed: object) -> Meant | None:
    """What was meant; None where it is refused, which stands at its field then."""
    try:
        return read(*typed)
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _page(form: SearchForm, answer: Answer | None):
    after = answer.found.after if answer else None
    page = render_template(
        "searching/index.html",
        form=form,
        rows=searched.rows(answer.found, answer.wanted) if answer else [],
        has_searched=answer is not None,
        # Where there is something to read, the fields that are rarely filled in are not in its way.
        is_open=answer is None,
        filters_used=len(form.typed().keys() - {"words", "state"}),
        notes=_notes(answer) if answer else [],
        more_url=_address(form.typed() | {"after": after}) if after else None,
        more_words=_("Search older ones") if answer and answer.found.looked_at else _("Older comments"),
        has_errors=form.has_problems,
    )
    return respond.private(page, 422 if form.has_problems else 200)


def _address(words: dict[str, str]) -> str:
    return url_for("moderation_search.index") + (f"?{urlencode(words)}" if words else "")


def _notes(answer: Answer) -> list[str]:
    notes, owners = [], answer.owners
    if owners is not None and owners.is_cut:
        number = format_decimal(narrowing.MOST_ACCOUNTS)
        notes.append(_("Looked for this address among the newest %(number)s accounts.", number=number))
    if owners is not None and not owners.ids:
        notes.append(_("No account has this address."))
    if owners is not None and owners.is_blocked:
        notes.append(_("This address is blocked: nobody joins with it."))
    if answer.found.looked_at:
        number = format_decimal(answer.found.looked_at)
        notes.append(
            _("Searched %(number)s more comments.", number=number)
            if "after" in request.args
            else _("Searched the newest %(number)s comments.", number=number)
        )
    return notes
