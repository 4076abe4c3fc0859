"""Running something as another process would: with nothing of the test's own request around it."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any


def apart(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call it without the application context the test stands in, which a request inside would share."""
    return contextvars.Context().run(function, *args, **kwargs)
