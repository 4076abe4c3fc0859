"""Words that moderators often write to people, kept so that a message can begin with them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.moderation.models import SavedReply
from forum.text import language

LONGEST_TITLE = 80
LONGEST = 2_000
# More than anybody finds something in.
MOST = 100


def everything() -> Sequence[SavedReply]:
    """By title. One query."""
    return db.session.scalars(select(SavedReply).order_by(func.lower(SavedReply.title), SavedReply.id)).all()


def by_id(reply_id: int) -> SavedReply | None:
    return db.session.get(SavedReply, reply_id)


def save(title: str, words: str, lang: str, by: User) -> SavedReply:
    """A new one. The caller has asked `may_moderate`. Raises Refused."""
    if (db.session.scalar(select(func.count(SavedReply.id))) or 0) >= MOST:
        raise Refused(_("There are very many saved replies. Delete one that nobody needs."))
    reply = SavedReply(**_checked(title, words, lang), by_id=by.id, created_at=clock.now())
    db.session.add(reply)
    db.session.flush()
    return reply


def change(reply: SavedReply, title: str, words: str, lang: str) -> None:
    """Raises Refused."""
    for name, value in _checked(title, words, lang).items():
        setattr(reply, name, value)


def delete(reply: SavedReply) -> None:
    db.session.delete(reply)


def _checked(title: str, words: str, lang: str) -> dict[str, str]:
    title, words = " ".join(title.split()), words.strip()
    if not title:
        raise Refused(_("Give the reply a name to find it by"), "title")
    _require_length(title, LONGEST_TITLE, "title")
    if not words:
        raise Refused(_("Write the words of the reply"), "words")
    _require_length(words, LONGEST, "words")
    if lang and lang not in language.LANGUAGES:
        raise Refused(_("Choose a language of the list"), "lang")
    return {"title": title, "words": words, "lang": lang}


def _require_length(text: str, most: int, field: str) -> None:
    over = len(text) - most
    if over > 0:
        raise Refused(ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", over), field)
