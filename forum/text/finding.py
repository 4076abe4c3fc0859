"""Finding the addresses that writers type or paste into their text.

Not by linkify-it-py, which markdown-it would use: its patterns need 3 s for 30 KB of "http://a.uk^1.uk^1…" and 32 s for
"+www.+www.+www.…". Those here are linear, and end an address as GitHub does.
https://github.github.com/gfm/#autolinks-extension-
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from forum.text.addresses import MAX_LENGTH

# Without "http://", a name is a link after "www." or under these endings. With all country codes, the files main.py,
# README.md and run.sh would be links to Paraguay, Moldova and Saint Helena.
_ENDINGS: Final = "com|org|net|edu|gov|info|int|uk|eu|ie|wales|cymru|scot|london"
# No space, and nothing an address must write as %XX. The ranges are Chinese and Japanese punctuation, which comes
# without a space. Two bars end a spoiler, a single one a table's cell.
_INSIDE: Final = r'[^\s<>|"`^{}\\“”‘’«»…\u3000-\u303f\uff00-\uffef]'
_ADDRESS: Final = re.compile(
    rf"""
    (?<![^\W_]) (?:https?://|mailto:) {_INSIDE}{{1,{MAX_LENGTH}}}
    |
    (?P<bare>
        (?<![\w@./:=%?&\#+-])
        (?: www\.(?:[a-z0-9-]{{1,63}}\.){{1,8}}[a-z]{{2,24}} | (?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_ENDINGS}) )
        (?![\w@-]|\.\w)
        (?: :\d{{1,5}} )?
        (?: [/?\#]{_INSIDE}{{0,{MAX_LENGTH}}} )?
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# At the end of an address these belong to the sentence, or to the emphasis around it.
_AFTER: Final = "?!.,:;*_~'"
_PAIRS: Final = {")": "(", "]": "["}


@dataclass(frozen=True)
class Address:
    """What markdown-it asks of an address: where it is, what to show, where it leads, and "" for a bare name."""

    index: int
    last_index: int
    text: str
    url: str
    schema: str


class Finder:
    """Stands where markdown-it expects a LinkifyIt. Whether an address is allowed is asked elsewhere."""

    def pretest(self, text: str) -> bool:
        """Whether a search may be worth it."""
        return ":" in text or "." in text

    def test(self, text: str) -> bool:
        """Whether there is an address. markdown-it copies all its tokens for each True, so it must be no guess."""
        return _ADDRESS.search(text) is not None

    def match(self, text: str) -> list[Address]:
        """All addresses in a text, in order."""
        return [_address(found) for found in _ADDRESS.finditer(text)]

    def match_at_start(self, text: str) -> Address | None:
        """The address with which a text begins."""
        found = _ADDRESS.match(text)
        return _address(found) if found else None


def count(text: str) -> int:
    """How many addresses a text has, those in code and in links included."""
    return sum(1 for _ in _ADDRESS.finditer(text))


def _address(found: re.Match[str]) -> Address:
    text = _without_end(found[0])
    is_bare = found["bare"] is not None
    url = f"http://{text}" if is_bare else text
    return Address(found.start(), found.start() + len(text), text, url, "" if is_bare else text.split(":", 1)[0] + ":")


def _without_end(text: str) -> str:
    """A closing bracket belongs to the address if its opening one does: Wales_(disambiguation)."""
    while text[-1] in _AFTER or (text[-1] in _PAIRS and text.count(text[-1]) > text.count(_PAIRS[text[-1]])):
        text = text[:-1]
    return text
