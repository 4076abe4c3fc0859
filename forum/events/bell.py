"""A bell that the relay rings when something happened, for the processes of every host that listen to Redis.

Without Redis there is no bell, and whoever wants to know looks at the log.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from forum.foundation.later import Later

log = logging.getLogger(__name__)

redis: Any = Later("redis")

CHANNEL = "forum:events"
# Seconds. A Redis that is away is asked again after so long.
TIMEOUT = 5.0


class Bell:
    """One end of it, of one process. Redis carries no more than that it rang."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT)
        self._heard: Any | None = None
        self._silent_until = 0.0

    def ring(self) -> None:
        """Wake all who listen. A Redis that is away is no reason to stop: they look by themselves, only later."""
        self._try(lambda: self._redis.publish(CHANNEL, ""), None)

    def wait(self, seconds: float) -> bool:
        """Until it rings, or so many seconds; whether Redis can be relied on to carry it."""
        return self._try(lambda: self._listen(seconds), False)

    def close(self) -> None:
        """Stop listening."""
        if self._heard is not None:
            self._heard.close()
            self._heard = None

    def _listen(self, seconds: float) -> bool:
        if self._heard is None:
            heard = self._redis.pubsub(ignore_subscribe_messages=True)
            heard.subscribe(CHANNEL)
            self._heard = heard
            return True
        self._heard.get_message(timeout=seconds)
        # One look answers all that rang meanwhile.
        while self._heard.get_message() is not None:
            pass
        return True

    def _try(self, act: Callable[[], bool | object], otherwise: bool | None):
        if time.monotonic() < self._silent_until:
            return otherwise
        try:
            return act()
        except redis.RedisError as error:
            log.warning("Redis is away, live updates come later: %s", error)
            self._silent_until = time.monotonic() + TIMEOUT
            self.close()
            return otherwise
