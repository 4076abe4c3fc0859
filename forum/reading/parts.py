"""What the cards of a page have in common, made once for all of them.

A page has some hundred cards. To draw each by its macro takes ten times as long as to draw each form of card once, with
holes for what differs, and to fill the holes: forms are few. The macro stays the only place that says how a card looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from forum.reading.cards import CommentCard, PersonCard
from forum.web import filters


class Made(dict[Hashable, Any]):
    """What is made of a key when it is first asked for. Templates read it as `parts.likes[3]`."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Hashable) -> Any:
        made = self[key] = self._make(key)
        return made


class Parts:
    """Words, times and avatars for the cards of one page, in the language of this answer, and its forms of card.

    The template fills in each `%(name)s`.
    """

    def __init__(self) -> None:
        avatar = get_template_attribute("parts/_avatar.html", "avatar")
        self._forms: dict[Hashable, list[str]] = {}
        self.avatar = Made(lambda person: avatar(person).strip())
        self.moment = Made(filters.iso)
        self.when = Made(filters.stamp)
        self.in_address = Made(quote)
        self._people = Made(self._person)
        self._escaped_when = Made(lambda moment: escape(self.when[moment]))
        self._escaped_likes = Made(lambda count: escape(self.likes[count]))
        self.by = _("Comment by %(name)s, %(time)s")
        self.gone = _("A comment that is gone")
        self.removal = _("What removal means")
        self.logged = _("In the moderation log")
        self.author = _("Author")
        self.moderator = _("Moderator")
        self.you = _("You")
        self.edited = _("edited")
        self.in_reply_to = _("In reply to")
        self.something_gone = _("a comment that is gone")
        self.reply = _("Reply")
        self.to = _("to %(name)s")
        self.like = _("Like the comment by %(name)s")
        self.quote = _("Quote the comment by %(name)s")
        self.bookmark = _("Bookmark the comment by %(name)s")
        self.link = _("Link to the comment by %(name)s")
        self.flag = _("Flag the comment by %(name)s")
        self.edit = _("Edit")
        self.withdraw = _("Withdraw")
        self.remove = _("Remove")
        self.remove_it = _("Remove the comment by %(name)s")
        self.earlier = _("Show earlier replies")
        self.likes = Made(lambda count: ngettext("%(num)d like", "%(num)d likes", count))
        self.hide = Made(lambda count: ngettext("Hide %(num)d reply", "Hide %(num)d replies", count))
        self.show = Made(lambda count: ngettext("Show %(num)d reply", "Show %(num)d replies", count))
        self.more = Made(lambda count: ngettext("Show %(num)d more reply", "Show %(num)d more replies", count))
        self.go_on = Made(
            lambda count: ngettext(
                "Continue this thread, %(num)d more reply", "Continue this thread, %(num)d more replies", count
            )
        )

    def article(self, card: CommentCard) -> Markup:
        """The comment alone, as the macro draws it."""
        if card.tombstone:
            return _draw(card, self)
        form = self._forms.get(_form_of(card))
        if form is None:
            form = self._forms[_form_of(card)] = _HOLES.split(_draw(_with_holes(card), self._with_holes()))
        filling = self._filling(card)
        # Literal text and holes take turns.
        filled = form.copy()
        filled[1::2] = [filling[word] for word in form[1::2]]
        return Markup("".join(filled))  # noqa: S704 (made by the macro, and filled with what is escaped)

    def _filling(self, card: CommentCard) -> dict[str, str]:
        """What goes into each hole, escaped."""
        answers, number = card.answers, str(card.id)
        return self._people[card.author] | {
            NUMBER: number,
            PARENT: str(card.parent_id or 0),
            MOMENT: self.moment[card.created_at],
            WHEN: self._escaped_when[card.created_at],
            WORDS: card.body_html,
            LANG: escape(card.lang or ""),
            LIKES: self._escaped_likes[card.like_count],
            REPLY: escape(card.reply_url),
            QUOTE: escape(card.quote_url),
            ANSWERED_URL: escape(answers.url) if answers else "",
            ANSWERED_NAME: escape(answers.name) if answers else "",
        }

    def _person(self, who: PersonCard) -> dict[str, str]:
        return {
            WRITER: str(who.id),
            NAME: escape(who.name),
            USERNAME: escape(self.in_address[who.username]),
            ROLE: escape(who.role_line),
            AVATAR: self.avatar[who],
        }

    def _with_holes(self) -> Parts:
        parts = copy(self)
        parts.avatar = Made(lambda _person: AVATAR)
        parts.in_address = Made(lambda _username: USERNAME)
        parts.moment = Made(lambda _moment: MOMENT)
        parts.when = Made(lambda _moment: WHEN)
        parts.likes = Made(lambda _count: LIKES)
        return parts


# Letters for private use, which no card has outside of what is put into a hole.
(
    NUMBER, PARENT, WRITER, NAME, USERNAME, ROLE, AVATAR, MOMENT, WHEN, WORDS, LANG, LIKES, REPLY, QUOTE, ANSWERED_URL,
    ANSWERED_NAME,
) = (chr(code) for code in range(0xE000, 0xE010))  # fmt: skip
_HOLES = re.compile("([\ue000-\ue00f])")


def _form_of(card: CommentCard) -> Hashable:
    """What the macro decides by. A test draws cards of all kinds both ways, and finds what is missing here."""
    return (
        card.state, card.is_post_author, card.is_moderator, card.may_reply, bool(card.author.role_line),
        bool(card.edited_at), bool(card.lang), bool(card.like_count), bool(card.answers),
        bool(card.answers and card.answers.name),
    )  # fmt: skip


def _with_holes(card: CommentCard) -> CommentCard:
    """A card of the same form, with holes for what differs between such cards."""
    who, answers = card.author, card.answers
    values: dict[str, Any] = {
        "id": NUMBER,
        "parent_id": PARENT,
        "author": replace(who, id=WRITER, name=NAME, username=USERNAME, role_line=who.role_line and ROLE),  # type: ignore[arg-type]
        "body_html": WORDS,
        "lang": card.lang and LANG,
        "reply_url": REPLY,
        "quote_url": QUOTE,
        "answers": answers and replace(answers, url=ANSWERED_URL, name=answers.name and ANSWERED_NAME),
    }
    return replace(card, **values)


def _draw(card: CommentCard, parts: Parts) -> Markup:
    return get_template_attribute("thread/_card.html", "article")(card, parts)
