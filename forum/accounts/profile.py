"""What a person says about themselves."""

from __future__ import annotations

from flask_babel import ngettext

from forum.accounts import joining
from forum.accounts.models import User
from forum.foundation.errors import Refused

LONGEST_LINE = 120
LONGEST_BIO = 1_000


def change(user: User, name: str, role: str, organisation: str, bio: str) -> None:
    """Save a profile. Raises Refused with the field that needs another look."""
    name = joining.clean_name(name)
    role, organisation, bio = " ".join(role.split()), " ".join(organisation.split()), bio.strip()
    _check_length(role, LONGEST_LINE, "role")
    _check_length(organisation, LONGEST_LINE, "organisation")
    _check_length(bio, LONGEST_BIO, "bio")
    user.name, user.role, user.organisation, user.bio = name, role, organisation, bio


def _check_length(text: str, longest: int, field: str) -> None:
    if len(text) > longest:
        raise Refused(
            ngettext("Shorten this by %(num)d character", "Shorten this by %(num)d characters", len(text) - longest),
            field,
        )
