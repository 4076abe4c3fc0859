"""Sending a picture: made anew, stored, and its sender's until a text shows it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.media import apart, bounds, names, remade
from forum.media.models import Upload
from forum.media.permissions import a_day
from forum.media.remade import Remade, Unusable
from forum.media.storage import site_storage

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
# The field of a form that a refusal concerns.
FIELD: Final = "picture"

_SENTENCES: Final = {
    remade.DRAWING: lazy_gettext("SVG drawings can hold programs, so we take none. Save it as PNG and try again"),
    remade.UNKNOWN: lazy_gettext("This file is no picture that we can show. Choose a PNG, JPEG, WebP or GIF file"),
    remade.DAMAGED: lazy_gettext("This picture is damaged or incomplete. Save it anew on your device, and try again"),
    remade.TOO_MANY_PIXELS: lazy_gettext("This picture has more than 40 million pixels. Make it smaller and try again"),
    remade.TOO_LONG: lazy_gettext("This animation is too long. Shorten it to 200 pictures at most, or make it smaller"),
    remade.TOO_MUCH_WORK: lazy_gettext("This picture takes too much work to read. Save it anew as JPEG, and try again"),
    remade.BUSY: lazy_gettext("Many pictures are being sent at this moment. Try again in a minute"),
}


def upload(by: User, content: bytes, purpose: str) -> Upload:
    """Take a picture for one of the purposes in remade. Raises Refused, naming the field.

    The caller has asked `may_upload`. Decoding waits without holding up others, and comes before any change.
    """
    check_size(len(content))
    _check_quota(by)
    made = _remade(content, purpose)
    name = names.new(made)
    _store(name, made)
    row = Upload(
        name=name, user_id=by.id, kind=made.kind, width=made.width, height=made.height, size=len(made.whole)
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()  # whoever shows it needs its number
    return row


def check_size(size: int) -> None:
    """Raises Refused for a file of no or of too many bytes."""
    if not size:
        raise Refused(_("Choose a picture first"), FIELD)
    if size > bounds.MOST_BYTES:
        raise Refused(_("This file is larger than 8 MB. Make the picture smaller and try again"), FIELD)


def _check_quota(by: User) -> None:
    most = a_day(by)
    sent = select(func.count(Upload.id)).where(Upload.user_id == by.id, Upload.created_at > clock.now() - DAY)
    if (db.session.scalar(sent) or 0) >= most:
        sentence = ngettext(
            "You can add %(num)d picture a day. Try again tomorrow",
            "You can add %(num)d pictures a day. Try again tomorrow",
            most,
        )
        raise Refused(sentence, FIELD)


def _remade(content: bytes, purpose: str) -> Remade:
    try:
        return apart.remake(content, purpose)
    except Unusable as refusal:
        raise Refused(_SENTENCES.get(refusal.reason, _SENTENCES[remade.DAMAGED]), FIELD) from refusal


def _store(name: str, made: Remade) -> None:
    storage = site_storage()
    try:
        storage.put(name, made.whole, made.kind)
        storage.put(names.small(name), made.small, made.kind)
    except OSError as error:
        log.error("a picture could not be stored: %s", error)
        raise Refused(_("The picture could not be stored. Try again in a few minutes"), FIELD) from error
