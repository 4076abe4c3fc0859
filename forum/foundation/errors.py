"""What the rooms raise when they will not do a thing; each carries a sentence for the reader."""

from __future__ import annotations


class Refused(Exception):
    """The request cannot be done as asked. `field` names the form field it concerns, if one."""

    def __init__(self, sentence: object, field: str | None = None) -> None:
        super().__init__(sentence)
        # A sentence from a table of constants is translated here, in the language of the request.
        self.sentence = str(sentence)
        self.field = field


class Forbidden(Refused):
    """This person may not do this."""


class NotFound(Refused):
    """There is no such thing, or this person may not know of it."""


class Conflict(Refused):
    """Somebody else was first."""


class IllegalStep(Conflict):
    """A state change that the table of legal steps does not have."""
