"""How a person reads, with or without one-letter keys, in which order, in light or dark; and what they are mailed."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.errors import Refused

# "" is what the person's own device says.
AS_DEVICE, LIGHT, DARK = "", "light", "dark"
THEMES = (AS_DEVICE, LIGHT, DARK)


def change(user: User, uses_keys: bool, order: str, theme: str, orders: Collection[str]) -> None:
    """Save how this person reads; `orders` are those there are. Raises Refused with the field."""
    if order not in orders:
        raise Refused(_("Choose one of these orders"), "order")
    if theme not in THEMES:
        raise Refused(_("Choose light, dark, or what your device says"), "theme")
    user.uses_keys, user.reading_order, user.theme = uses_keys, order, theme


def switch_keys(user: User, is_on: bool) -> None:
    user.uses_keys = is_on


def switch_flag_mail(user: User, is_on: bool) -> None:
    user.flag_mail = is_on
