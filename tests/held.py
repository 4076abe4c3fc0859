"""Something that takes long, for as long as a test wants: what others do meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Answer = TypeVar("Answer")

PATIENCE = 20


class Held:
    """A step of the work that waits for leave. Whoever is slow calls `wait` in the middle of it."""

    def __init__(self) -> None:
        self._begun, self._leave = threading.Event(), threading.Event()

    def wait(self) -> None:
        self._begun.set()
        assert self._leave.wait(PATIENCE)

    def ask_at_once(self, number: int, question: Callable[[], Answer]) -> list[Answer]:
        """What so many are answered who ask at once, the first of whom is held."""
        answers: list[Answer] = []
        asking = [threading.Thread(target=lambda: answers.append(question())) for _number in range(number)]
        for one in asking:
            one.start()
        assert self._begun.wait(PATIENCE)
        self._leave.set()
        for one in asking:
            one.join(PATIENCE)
        return answers

    @contextmanager
    def during(self, work: Callable[[], object]) -> Iterator[None]:
        """While this work is held."""
        working = threading.Thread(target=work)
        working.start()
        assert self._begun.wait(PATIENCE)
        try:
            yield
        finally:
            self._leave.set()
            working.join(PATIENCE)
