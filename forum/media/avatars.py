"""The picture beside a person's name, and going back to their initials."""

from __future__ import annotations

from forum.accounts.models import User
from forum.media import remade, uploading, uses
from forum.media.models import AVATAR


def change(person: User, content: bytes) -> None:
    """The middle of this picture stands beside their name. The caller has asked `may_upload`. Raises Refused."""
    person.avatar = uploading.upload(person, content, remade.AVATAR).name
    uses.record(AVATAR, person.id, [person.avatar], [person.id])


def remove(person: User) -> None:
    person.avatar = None
    uses.record(AVATAR, person.id, (), ())
