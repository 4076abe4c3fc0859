"""Pictures: seen at their addresses, and sent by scripts of the composer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request
from flask_babel import gettext as _

from forum.foundation.access import require
from forum.foundation.errors import Refused
from forum.foundation.limits import PICTURE, limiter
from forum.media import names, remade, uploading
from forum.media.models import Upload
from forum.media.names import Missing
from forum.media.permissions import may_see, may_upload
from forum.media.storage import site_storage
from forum.pages import adding
from forum.reading import pictures as shown
from forum.text import pictures
from forum.web.guard import members_only, open_to_anybody
from forum.web.sign_in import member, viewer
from forum.web.uploads import takes_pictures

door = Blueprint("media", __name__)

# Seconds that others may keep a public picture: as long as a removed one may still be seen.
PUBLIC_FOR = 300


@door.get("/media/<name>")
@open_to_anybody
def show(name: str) -> Response:
    return _file(name, name)


@door.get("/media/<name>/small")
@open_to_anybody
def show_small(name: str) -> Response:
    return _file(name, names.small(name))


@door.post("/pictures")
@members_only
@takes_pictures
@limiter.limit(PICTURE)
def send() -> tuple[Response, int]:
    """Take a picture for a text; the answer is the Markdown that shows it, or a sentence that says why not."""
    try:
        require(may_upload(member()))
        upload = uploading.upload(member(), adding.sent(), remade.PICTURE)
    except Refused as refusal:
        return jsonify(sentence=refusal.sentence), 422
    return jsonify(markdown=pictures.markdown(upload.name, adding.description())), 201


def _file(name: str, file: str) -> Response:
    """A file of a picture, to whoever may see the picture. One query for a public one."""
    found = shown.find(name) if pictures.named(name) else None
    # Who asks is asked only where it matters: most pictures are everybody's.
    if found is None or not (found[1] or may_see(viewer(), found[0]) or shown.waits_for(viewer(), found[0])):
        return _nothing()
    upload, is_public = found
    if file in request.if_none_match:
        return _guarded(make_response("", 304), upload, file, is_public=is_public)
    try:
        content = site_storage().get(file)
    except Missing:
        return _nothing()
    return _guarded(make_response(content), upload, file, is_public=is_public)


def _guarded(response: Response, upload: Upload, file: str, *, is_public: bool) -> Response:
    """What keeps bytes that somebody sent from being anything but a picture."""
    headers = response.headers
    headers["Content-Type"] = upload.kind
    headers["X-Content-Type-Options"] = "nosniff"
    # The browser's own page around a picture has a style.
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    headers["Content-Disposition"] = f'inline; filename="{file}"'
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    headers["Cache-Control"] = f"public, max-age={PUBLIC_FOR}" if is_public else "private, no-store"
    # A name never gets another content.
    response.set_etag(file)
    return response


def _nothing() -> Response:
    """Words and no page: whoever asks is an image of a page, and one that may be seen is not told from none."""
    response = make_response(_("There is no picture at this address."), 404)
    response.mimetype = "text/plain"
    response.headers["Cache-Control"] = "no-store"
    return response
