"""Packages that are large and seldom needed: loaded when something of them is first asked for.

A process at rest holds what it has imported. Of most sites it is one process in three that ever judges a password, and
none for days.
"""

from __future__ import annotations

import importlib
from typing import Any


class Later:
    """Stands for a module until then. Names of it are asked for as of the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
