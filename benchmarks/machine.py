"""On what it is measured."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from pathlib import Path


def line() -> str:
    """The machine and how busy it is; what others do on it makes every figure larger."""
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; load average {os.getloadavg()[0]:.1f}"
    )
