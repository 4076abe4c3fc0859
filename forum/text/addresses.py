"""Which addresses a text may link to.

One rule for the parser, for bleach and for nh3. It names what is allowed and refuses the rest, because browsers
forgive more in an address (tabs, control characters, backslashes, a missing slash) than any list of the forbidden.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Longer addresses than this are not typed or pasted by people; browsers and proxies stop near it too.
MAX_LENGTH: Final = 2_048

# After the scheme exactly two slashes and a host. No user name before an @: "https://bank.example@evil.example"
# is the address of evil.example. No percent signs in a host: what they decode to differs between browsers.
_OUTSIDE = re.compile(
    r"https?://(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#].*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"mailto:[^\s@?&/:]+@[^\s@?&/:]+(?:\?.*)?", re.IGNORECASE)
_OWN = re.compile(r"/(?!/).*|#.*")

# Cc, Cf: control and invisible; Cs, Co, Cn: no characters at all; Z*: spaces.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


def is_allowed(url: str) -> bool:
    """An http, https or mailto address, or one of our own that begins with a single "/" or with "#"."""
    return is_plain(url) and any(form.fullmatch(url) for form in (_OUTSIDE, _MAIL, _OWN))


def is_outside(url: str) -> bool:
    """An http or https address. One that names our own host counts too: the text cannot know the host."""
    return is_plain(url) and _OUTSIDE.fullmatch(url) is not None


def is_image(url: str) -> bool:
    """An https address: an image from http would be blocked or would mark the page as not secure."""
    return is_outside(url) and url[:6].lower() == "https:"


def is_plain(url: str) -> bool:
    """Nothing unseen, no backslash (browsers read it as a slash), and not too long."""
    if not 0 < len(url) <= MAX_LENGTH or "\\" in url:
        return False
    return not any(unicodedata.category(character) in _UNSEEN for character in url)
