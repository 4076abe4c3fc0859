"""Setting the checks: on or off, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.errors import Refused
from forum.screening import sentences, settings
from forum.screening.checks import Check


def read(check: Check, typed: Mapping[str, str]) -> dict[str, int]:
    """The numbers of a check as somebody typed them. Raises Refused, naming the field."""
    numbers = {}
    for number in check.numbers:
        word = (typed.get(number.name) or "").strip()
        if not (word.isascii() and word.isdigit() and len(word) < 7 and number.least <= int(word) <= number.most):
            label = str(sentences.NUMBERS[check.name, number.name])
            raise Refused(
                _("%(label)s: type a number from %(low)d to %(high)d", label=label, low=number.least, high=number.most),
                number.name,
            )
        numbers[number.name] = int(word)
    return numbers


def change(check: Check, by: User, *, is_on: bool, numbers: Mapping[str, int]) -> None:
    """From the next comment on. The caller has asked `may_set_checks`."""
    settings.change(check.name, by, is_on=is_on, numbers=numbers)
