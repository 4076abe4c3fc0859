"""Packages that are large and seldom needed: loaded when something of them is first asked for.

A process at rest holds what it has imported. Of most sites it is one process in three that ever judges a password, and
none for days.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

from config import Config


class Later:
    """Stands for a module until then. Names of it are asked for as of the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)


def do_without_unused(config: Config) -> None:
    """Have packages that this site does not use missing for this process, unless they are loaded already.

    The queue of jobs knows how to talk to Redis and to PostgreSQL, and loads what it finds for that: 14 MB.
    """
    unused = {"redis": not config.redis_url, "psycopg": config.database_url.startswith("sqlite")}
    for name in (name for name, is_unused in unused.items() if is_unused):
        # The import system makes an ImportError of it: https://docs.python.org/3/reference/import.html#the-module-cache
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
