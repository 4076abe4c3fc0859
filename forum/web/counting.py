"""Whom a limit counts: beside an address also the account, wherever it asks from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forum.foundation.limits import limiter, neighbourhood
from forum.web.sign_in import viewer

Limit = Callable[[Callable[..., Any]], Callable[..., Any]]


def each_account(limit: str, scope: str) -> Limit:
    """So often for each account, all routes of this scope together. Guests have none, and are not counted."""
    return limiter.shared_limit(limit, scope=scope, key_func=account_or_address, exempt_when=lambda: viewer() is None)


def account_or_address() -> str:
    """The account: an office of many writers shares one address. Without one, the address."""
    person = viewer()
    return f"member {person.id}" if person else neighbourhood()
