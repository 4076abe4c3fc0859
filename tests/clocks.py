"""Being at the site at other times."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from forum.foundation import clock


class Day:
    """A day at the site: `with day.at(90):` is an hour and a half from its beginning, and there time stands still."""

    def __init__(self) -> None:
        # A little ahead: who signs in while the test is prepared would else hold a cookie of the future.
        self.start = clock.now() + timedelta(minutes=1)

    def at(self, minutes: float) -> time_machine.travel:
        return time_machine.travel(self.start + timedelta(minutes=minutes), tick=False)
