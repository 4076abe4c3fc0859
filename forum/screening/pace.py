"""How fast somebody may post: by trust, and slower where a thread is heated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import KNOWN, TRUSTED
from forum.comments.findings import Finding
from forum.foundation.errors import Refused
from forum.screening import queries
from forum.screening.subject import Subject

# Over which comments are counted. A fast writer posts twice a minute for a while; nobody does for ten.
WINDOW = timedelta(minutes=10)


class TooFast(Refused):
    """The same words can be posted in a while."""

    def __init__(self, sentence: str, wait: timedelta) -> None:
        super().__init__(sentence, "body")
        self.wait = wait


def pace(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """At most so many comments in ten minutes, unless the site has lifted its limits. Raises TooFast."""
    if not current_app.config["FORUM"].rate_limits:
        return
    most = int(numbers[_by_trust(subject.author.trust)])
    if len(subject.before) >= most > 0:
        free_at = subject.before[most - 1].created_at + WINDOW
        if free_at > subject.at:
            said = ngettext(
                "Not posted yet: you wrote %(num)d comment in the last ten minutes.",
                "Not posted yet: you wrote %(num)d comments in the last ten minutes.",
                most,
            )
            raise TooFast(f"{said} {_again_in(free_at - subject.at)}", free_at - subject.at)
    yield from ()


def heat(subject: Subject, numbers: dict[str, float]) -> Iterator[Finding]:
    """Between two comments of one person in one thread there are two minutes and one for each flag up the chain, and
    one more for each on their own comments there, once there is a flag. Raises TooFast.

    After `breaks_speed_limit?` of lobste.rs, where the two minutes hold in every thread.
    """
    parent = subject.parent
    mine = [earlier for earlier in subject.before if parent and earlier.thread == (parent.root_id or parent.id)]
    if parent is None or not mine or mine[0].created_at + timedelta(minutes=numbers["longest"]) <= subject.at:
        return
    flags = queries.flags_above(parent)
    if not flags:
        return
    all_of_them = sum(weight for _author, weight in flags) / 100
    on_own = sum(weight for author, weight in flags if author == subject.author.id) / 100
    minutes = min(numbers["least"] + all_of_them + on_own, numbers["longest"])
    free_at = mine[0].created_at + timedelta(minutes=minutes)
    if free_at > subject.at:
        said = _("Not posted yet: readers have flagged comments in this thread, so it goes more slowly.")
        raise TooFast(f"{said} {_again_in(free_at - subject.at)}", free_at - subject.at)
    yield from ()


def _by_trust(trust: int) -> str:
    return "trusted" if trust >= TRUSTED else "known" if trust >= KNOWN else "newcomer"


def _again_in(wait: timedelta) -> str:
    return ngettext(
        "Your words are kept: post again in %(num)d minute.",
        "Your words are kept: post again in %(num)d minutes.",
        math.ceil(wait / timedelta(minutes=1)),
    )
