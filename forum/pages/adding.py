"""A picture that comes with a form: taken, and put at the end of the words."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from forum.foundation.access import require
from forum.foundation.errors import Refused
from forum.media import bounds, remade, uploading
from forum.media.permissions import may_upload
from forum.reading.pictures import PictureField
from forum.text import pictures
from forum.web import uploads
from forum.web.sign_in import member

# The button that adds it, and the fields beside it.
ADD, FILE, DESCRIPTION = "picture", "picture", "alt"
# As much as is read out in half a minute; who has more to say says it in the text.
LONGEST_DESCRIPTION = 500


def is_asked() -> bool:
    """Whether a picture is to be added: by its button, or by a chosen file that would be lost with any other."""
    file = request.files.get(FILE)
    return request.form.get("intent") == ADD or bool(file and file.filename)


def to(words: str) -> tuple[str, PictureField, int]:
    """The words with the sent picture at their end, what the form says of it, and the status of the answer."""
    try:
        require(may_upload(member()))
        upload = uploading.upload(member(), sent(), remade.PICTURE)
    except Refused as refusal:
        return words, PictureField(error=refusal.sentence, description=description()), 422
    shown = pictures.markdown(upload.name, description())
    return "\n\n".join(filter(None, (words.rstrip(), shown))) + "\n\n", PictureField(note=_note()), 200


def sent() -> bytes:
    """The file that was chosen; nothing where none was."""
    return uploads.sent_file(FILE, bounds.MOST_BYTES) or b""


def description() -> str:
    return request.form.get(DESCRIPTION, "").strip()[:LONGEST_DESCRIPTION]


def _note() -> str:
    if description():
        return _("The picture stands at the end of your text.")
    return _("The picture stands at the end of your text. Say between its brackets what it shows: ![like this](…).")
