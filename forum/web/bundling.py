"""Many small files put into one, so that a browser asks once: style sheets and script modules."""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^(?:@import|import) "\./([\w./-]+)";\n?', re.MULTILINE)
# What a sheet is made of: a string, a comment, white space.
_STRING_COMMENT_OR_SPACE = re.compile(
    r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|([ \t\r\n\f]*/\*.*?\*/[ \t\r\n\f]*)|([ \t\r\n\f]+)""", re.DOTALL
)
# What ends on the line of a script where it began, whatever signs are in it: texts, sets in expressions, comments.
_ONE_LINES_OWN = re.compile(
    r"""\"(?:\\.|[^"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|\$\{[^`}]*\}|(?!\$\{)[^`\\])*`|\[(?:\\.|[^\]\\])*\]|//.*$"""
)
# White space beside these separates nothing, in selectors as in values.
_AFTER, _BEFORE = set("{};,"), set("{}")


def imports(file: Path) -> list[Path]:
    """The files that this one imports, in their order."""
    return [file.parent / name for name in _IMPORT.findall(file.read_text())]


def styles(file: Path) -> str:
    """One sheet: what this one says itself, then the sheets it imports, without comments and needless space."""
    own = _IMPORT.sub("", file.read_text())
    return without_comments("\n".join([own, *(sheet.read_text() for sheet in imports(file))]))


def modules(file: Path) -> str:
    """One module of all that this one imports.

    Each stands in a block, so that their names do not meet, and one that fails does not stop the others: as if each
    had come by itself. They must not import or export.
    """
    return "".join(
        f"try {{\n{without_notes(module.read_text())}}} catch (error) {{\nreportError(error);\n}}\n"
        for module in imports(file)
    )


def without_notes(module: str) -> str:
    """The same module without lines that are a comment, empty lines and indentation.

    Where a text goes over several lines, they may belong to it, and the module stays as it is.
    """
    lines = module.splitlines()
    if any("`" in _ONE_LINES_OWN.sub("", line) or line.endswith("\\") for line in lines):
        return module
    told = (line.strip() for line in lines)
    return "".join(f"{line}\n" for line in told if line and not line.startswith("//"))


def without_comments(sheet: str) -> str:
    """The same sheet, shorter. Strings stay as they are; what separates two words goes on separating them."""
    made: list[str] = []
    at = 0
    for found in _STRING_COMMENT_OR_SPACE.finditer(sheet):
        made.append(sheet[at : found.start()])
        at = found.end()
        string, comment, _space = found.groups()
        if string is not None:
            made.append(string)
            continue
        before, after = sheet[found.start() - 1 : found.start()], sheet[at : at + 1]
        if not before or before in _AFTER or not after or after in _BEFORE:
            continue
        # A comment between two letters separates words, but is no space: “a/**/.b” is not “a .b”.
        is_space = comment is None or comment[0].isspace() or comment[-1].isspace()
        made.append(" " if is_space else "/**/")
    made.append(sheet[at:])
    return "".join(made)
