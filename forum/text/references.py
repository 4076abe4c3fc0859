"""The people and comments that a text names, as links to those there are.

Rendering leaves a mark at each name, because it asks no database. Whoever stores the HTML looks the names up, all in
one query, and has the marks turned into links here; what is not there stays as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import partial
from typing import Final
from urllib.parse import quote

from forum.text.safe import SafeHtml

# As the sanitiser writes them. No text of a writer can look like this: their signs < and " are &lt; and &quot; there.
_MARK: Final = re.compile(r'<span class="(?:mention">@([^<>"&]+)|comment-number">#(\d+))</span>')


def fold(name: str) -> str:
    """A username as it is stored, however it was typed."""
    return unicodedata.normalize("NFKC", name).lower()


def link(html: SafeHtml, people: Collection[str], comments: Collection[int]) -> SafeHtml:
    """The HTML with links to these people, by username, and to these comments; every other mark becomes plain text."""
    return SafeHtml(_MARK.sub(partial(_linked, people, comments), html))


def _linked(people: Collection[str], comments: Collection[int], mark: re.Match[str]) -> str:
    name, number = mark[1], mark[2]
    if number is not None:
        is_there = int(number) in comments
        return f'<a class="comment-number" href="/comments/{number}">#{number}</a>' if is_there else f"#{number}"
    username = fold(name)
    return f'<a class="mention" href="/people/{quote(username)}">@{name}</a>' if username in people else f"@{name}"
