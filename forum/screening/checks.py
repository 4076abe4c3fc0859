"""The checks of a comment before others read it, in their order. docs/moderation.md has the same table in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from forum.accounts.models import User
from forum.comments.findings import ASK, HOLD, Finding, Nudge, Screened
from forum.comments.models import Comment
from forum.comments.posting import Text
from forum.posts.models import Post
from forum.screening import names, pace, personal, repeats, sentences, settings, spam, standing, words
from forum.screening.queries import LATELY
from forum.screening.settings import Kept
from forum.screening.subject import Subject

Look = Callable[[Subject, dict[str, Any]], Iterable[Finding]]

# What becomes of those a check knows to be of the house: it looks at them as at everybody; it asks them, and takes
# their answer; it leaves them alone.
LOOKS, ASKS, PASSES = "looks", "asks", "passes"


@dataclass(frozen=True)
class Number:
    """A number of a check that can be changed, what it is unless somebody does, and its bounds."""

    name: str
    default: int
    least: int
    most: int


@dataclass(frozen=True)
class Check:
    """One small look at a comment."""

    name: str
    look: Look
    numbers: tuple[Number, ...] = ()
    # Moderators and administrators; those who wrote the post.
    staff: str = PASSES
    authors: str = PASSES
    # Whether the new words of an edit are looked at too.
    edits: bool = True
    # Whether it can say what it would have found in comments of the past.
    tries: bool = True
    is_on: bool = True

    def numbers_of(self, kept: Kept) -> dict[str, Any]:
        return {number.name: number.default for number in self.numbers} | dict(kept.numbers)

    def is_on_here(self, kept: Kept) -> bool:
        return self.is_on if kept.is_on is None else kept.is_on


_YES_NO = (0, 1)

CHECKS: tuple[Check, ...] = (
    Check(
        names.PACE,
        pace.pace,
        (Number("newcomer", 4, 1, LATELY), Number("known", 10, 1, LATELY), Number("trusted", 20, 1, LATELY)),
        edits=False,
    ),
    Check(
        names.HEAT, pace.heat, (Number("least", 2, 0, 60), Number("longest", 60, 1, 600)), authors=LOOKS, edits=False,
        tries=False,
    ),
    Check(names.NEWCOMER, standing.newcomer, tries=False),
    Check(names.CHECKED_FIRST, standing.checked_first, tries=False),
    Check(
        names.REJECTED_LATELY,
        standing.rejected_lately,
        (Number("fewest", 2, 1, LATELY), Number("share", 40, 1, 100), Number("days", 30, 1, 365)),
    ),
    Check(names.LINKS, standing.links, (Number("known", 2, 0, 1_000), Number("trusted", 1_000, 0, 1_000))),
    Check(names.WORDS, words.words, staff=PASSES, authors=LOOKS),
    Check(
        names.PERSONAL,
        personal.personal,
        (Number("postcodes", 1, *_YES_NO), Number("phones", 1, *_YES_NO), Number("emails", 1, *_YES_NO)),
        staff=ASKS,
        authors=ASKS,
    ),
    Check(names.REPEAT, repeats.repeat, (Number("alike", 60, 30, 100), Number("days", 7, 1, 365)), edits=False),
    Check(
        names.SAME_TEXT,
        repeats.same_text,
        (Number("tell", 1, 1, 100), Number("hold", 3, 1, 100), Number("days", 7, 1, 365)),
    ),
    Check(names.SPAM, spam.check, (Number("hold", 90, 50, 100),)),
)  # fmt: skip
BY_NAME = {check.name: check for check in CHECKS}

# Those that look at one comment by itself: not at what else was written, nor when.
ALONE = tuple(BY_NAME[name] for name in (names.NEWCOMER, names.CHECKED_FIRST, names.LINKS))


def screen(
    author: User,
    post: Post,
    parent: Comment | None,
    text: Text,
    *,
    nudged: bool = False,
    lang: str = "",
    edited: Comment | None = None,
) -> Screened:
    """Everything that speaks against showing this text at once. Raises Refused for a text that is not taken.

    Five queries at most, whatever the text: settings, what the writer wrote lately, flags up the chain, who else
    posted the text, and what its words mean here.
    """
    return screen_with(CHECKS, author, post, parent, text, nudged=nudged, lang=lang, edited=edited)


def screen_with(
    checks: Sequence[Check],
    author: User,
    post: Post,
    parent: Comment | None,
    text: Text,
    *,
    nudged: bool = False,
    lang: str = "",
    edited: Comment | None = None,
) -> Screened:
    """The same by these checks alone."""
    rendered = text.rendered
    subject = Subject(author, post, parent, text.body, str(rendered.html), rendered.links, lang or post.lang, edited)
    return look(checks, subject, nudged=nudged)


def look(checks: Sequence[Check], subject: Subject, *, nudged: bool = False) -> Screened:
    """What these checks find, as they are set on this site."""
    kept = settings.kept()
    findings: list[Finding] = []
    for check in checks:
        here = kept.get(check.name, Kept())
        if check.is_on_here(here) and (check.edits or subject.edited is None):
            findings += look_with(check, subject, check.numbers_of(here), nudged=nudged)
    asks = [sentences.nudge(finding) for finding in findings if finding.effect == ASK]
    found = [finding for finding in findings if finding.effect != ASK]
    return Screened(found, _together(asks))


def look_with(check: Check, subject: Subject, numbers: Mapping[str, Any], *, nudged: bool = False) -> list[Finding]:
    """What one check finds with these numbers, on or off. Who was asked already (`nudged`) has it read first."""
    means = _means(check, subject)
    if means == PASSES:
        return []
    findings = list(check.look(subject, dict(numbers)))
    if means == ASKS:
        return [] if nudged else [finding for finding in findings if finding.effect == ASK]
    return _merged([_after_asking(finding) for finding in findings]) if nudged else findings


def _means(check: Check, subject: Subject) -> str:
    if subject.author.is_staff:
        return check.staff
    return check.authors if subject.wrote_the_post else LOOKS


def _after_asking(finding: Finding) -> Finding:
    if finding.effect != ASK:
        return finding
    return replace(finding, effect=HOLD, detail=finding.detail | {"asked": True})


def _merged(findings: Sequence[Finding]) -> list[Finding]:
    """One finding of a check with one effect: a case has one line for each."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        known = first.get((finding.reason, finding.effect))
        if known is None:
            first[finding.reason, finding.effect] = finding
        else:
            lists = {key: known.detail.get(key, []) + rows for key, rows in finding.detail.items() if rows is not True}
            first[finding.reason, finding.effect] = replace(known, detail=known.detail | finding.detail | lists)
    return list(first.values())


def _together(asks: Sequence[Nudge]) -> Nudge | None:
    return replace(asks[0], others=tuple(asks[1:])) if asks else None
