"""Deleting pictures that nothing shows."""

from __future__ import annotations

from sqlalchemy import select

from forum.foundation.db import db
from forum.media.models import Upload, UploadUse


def orphans() -> list[Upload]:
    """Pictures without a place."""
    used = select(UploadUse.upload_id)
    return list(db.session.scalars(select(Upload).where(Upload.id.not_in(used))))
