"""Code in colour: Pygments with classes, for languages and shapes of code we know it to be quick with."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import escape
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

# For all the code of a text: many blocks would else add up.
MAX_CODE: Final = 20_000
# Above this the coloured code costs the sanitiser more than the whole rest of the text.
MAX_SPANS: Final = 5_000

# Pygments searches again from every character on, so one endless line or gap costs its length squared in many
# languages: 20,000 line ends take 12 s in C and 14 s in Java. No one colours such code to read it.
MAX_LINE: Final = 300
_GAP: Final = re.compile(r"(?:[ \t]*\n){12}")

# What a character of a language costs of MAX_CODE. Pygments has 600 languages and a history of slow patterns in rare
# ones; each of these was measured with hostile code. Most are linear. Those at 2 search for the end of a comment at
# each of its beginnings; those at 10 and 20 search for a method or a value in all that follows, on every line.
# `http` is not here because it takes any other language into its body.
_COSTS: Final = {
    1: """bash c c++ cpp console diff django docker dockerfile graphql haskell ini jinja json julia lua make makefile
          markdown matlab md nginx php py python r rb rs ruby rust scala scss sh sql swift tex toml tsx yaml yml zsh""",
    2: "css go html javascript js jsx kotlin powershell ts typescript xml",
    10: "hcl java terraform",
    20: "cs csharp",
}
COSTS: Final = {language: cost for cost, languages in _COSTS.items() for language in languages.split()}

LANGUAGE_NAME: Final = re.compile(r"[\w+#.-]{1,30}", re.ASCII)
CLASSES: Final = frozenset(name for name in STANDARD_TYPES.values() if name)


class Budget:
    """How much code of one text may still be coloured."""

    def __init__(self) -> None:
        self.code = MAX_CODE
        self.spans = MAX_SPANS


def colour(code: str, language: str, budget: Budget) -> str:
    """The code as escaped HTML, with spans if its language is known by name and the budget allows; never a guess."""
    cost = len(code) * COSTS.get(language.lower(), 0)
    if not 0 < cost <= budget.code or not _is_ordinary(code):
        return str(escape(code))
    budget.code -= cost
    html = highlight(code, _lexer(language.lower()), HtmlFormatter(nowrap=True))
    spans = html.count("<span")
    if spans > budget.spans:
        return str(escape(code))
    budget.spans -= spans
    return html


def _is_ordinary(code: str) -> bool:
    return max(map(len, code.split("\n"))) <= MAX_LINE and not _GAP.search(code)


def _lexer(language: str) -> Lexer:
    """A new one each time, since some keep state. `handlecodeblocks` would let Markdown take in any other language."""
    return get_lexer_by_name(language, stripnl=False, handlecodeblocks=False)
