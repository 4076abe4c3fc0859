"""Names people sign with: any script, and none that could be taken for another's."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from flask_babel import gettext as _

from forum.foundation.errors import Refused
from forum.foundation.later import Later

SHORTEST, LONGEST = 2, 30

# Letters and marks that take no ink: Hangul and Khmer fillers, joiners, variation selectors.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

# Scripts that one writing system uses together (Unicode Technical Standard 39, section 5.2).
TOGETHER = ({"HAN", "HIRAGANA", "KATAKANA"}, {"HAN", "HANGUL"}, {"HAN", "BOPOMOFO"})

# Words that would speak for the site, or that an address of ours uses.
RESERVED = (
    "admin", "administrator", "moderator", "moderators", "mod", "staff", "team", "support", "help", "system",
    "root", "security", "abuse", "postmaster", "webmaster", "official", "everyone", "all", "here", "anonymous",
    "guest", "deleted", "former-member", "have-your-say", "haveyoursay", "council", "null", "undefined", "me",
    "suggest",
)  # fmt: skip

# Their tables take 8 MB.
categories, confusables = Later("confusable_homoglyphs.categories"), Later("confusable_homoglyphs.confusables")


def clean(typed: str) -> str:
    """The username as it will be shown. Raises Refused, with the field, for one that cannot be had."""
    # Always in small letters: a capital I is drawn like a small l.
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).strip().lower())
    if not SHORTEST <= len(name) <= LONGEST:
        raise Refused(_("Choose a username of %(low)d to %(high)d characters", low=SHORTEST, high=LONGEST), "username")
    # Letters may carry marks (Welsh, Hindi); what separates is one of three signs, never at an end.
    if INVISIBLE.search(name) or not re.fullmatch(r"[^\W_]+(?:[._-]?[^\W_]+)*", _without_marks(name)):
        raise Refused(_("Use letters and numbers, with single dots, hyphens or underscores between"), "username")
    if not any(c.isalpha() for c in name):
        raise Refused(_("Put at least one letter in your username"), "username")
    if not _is_of_one_alphabet(name):
        raise Refused(_("Use letters of one alphabet only"), "username")
    # A 1 stands for an l in a look-alike, and here for an i as well.
    if {key(name), key(name.replace("1", "i"))} & _reserved_keys():
        raise Refused(_("This username is kept for the site. Choose another"), "username")
    return name


# Asked about whatever anybody types after an @, so not all of it is kept.
@lru_cache(maxsize=10_000)
def key(name: str) -> str:
    """What look-alikes have in common: a skeleton after Unicode Technical Standard 39.

    Case, accents, separators and characters that are drawn alike (l and 1, Latin a and Cyrillic а) fall together.
    """
    folded = _without_accents(unicodedata.normalize("NFKC", name).casefold())
    plain = re.sub(r"[._-]", "", folded)
    skeleton = "".join(_prototype(c) for c in plain)
    # Two that are drawn as one, which the standard's table treats the other way round; l is 1 by now.
    return skeleton.replace("rn", "m").replace("vv", "w").replace("c1", "d")


@cache
def _prototype(character: str) -> str:
    """The plainest of all that look like this character, and of all that look like those."""
    if character == "0":
        return "o"
    alike = {character} | _looks_like(character)
    alike |= {c for other in alike if not other.isascii() for c in _looks_like(other)}
    return min(alike, key=lambda c: (not (c.isascii() and c.isalnum()), c))


def _looks_like(character: str) -> set[str]:
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    return {h["c"].casefold() for h in found[0]["homoglyphs"] if len(h["c"]) == 1} if found else set()


@cache
def _reserved_keys() -> frozenset[str]:
    return frozenset(key(word) for word in RESERVED)


def _is_of_one_alphabet(name: str) -> bool:
    scripts = categories.unique_aliases("".join(c for c in _without_marks(name) if c.isalpha()))
    scripts -= {"COMMON", "INHERITED"}
    return len(scripts) <= 1 or any(scripts <= system for system in TOGETHER)


def _without_marks(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(c for c in decomposed if not unicodedata.category(c).startswith("M"))


def _without_accents(name: str) -> str:
    """Without what is set above, below or through a letter; the vowel signs of Hindi or Thai stay: they spell."""
    decomposed = unicodedata.normalize("NFD", INVISIBLE.sub("", name))
    return "".join(c for c in decomposed if not _is_accent(c))


def _is_accent(character: str) -> bool:
    # Combining classes: 1 is an overlay, 10 to 36 Hebrew and Arabic points, from 200 accents by their place.
    place = unicodedata.combining(character)
    return place == 1 or 10 <= place <= 36 or place >= 200
