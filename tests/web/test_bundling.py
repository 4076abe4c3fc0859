"""Many small files in one: none forgotten, none changed by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from forum.web import bundling

STATIC = Path(__file__).resolve().parents[2] / "static"
SHEETS, MODULES = STATIC / "css" / "site.css", STATIC / "js" / "site.js"


def imported(file: Path) -> list[Path]:
    return [path.resolve() for path in bundling.imports(file)]


def test_every_sheet_is_in_the_bundle_once():
    there = sorted(path for path in (STATIC / "css").rglob("*") if path.is_file() and path != SHEETS)
    assert sorted(imported(SHEETS)) == there


def test_every_element_is_in_the_bundle_once():
    there = sorted(path for path in (STATIC / "js").rglob("*") if path.is_file() and path != MODULES)
    assert sorted(imported(MODULES)) == there


def test_every_import_is_read():
    for file, word in ((SHEETS, "@import"), (MODULES, "import")):
        lines = [line for line in file.read_text().splitlines() if line.startswith(word)]
        assert len(lines) == len(imported(file)), "an import is spelt in a way that bundling.py does not read"


@pytest.mark.parametrize("module", bundling.imports(MODULES), ids=lambda path: path.stem)
def test_an_element_stands_by_itself(module):
    source = re.sub(r"^\s*//.*$", "", module.read_text(), flags=re.M)
    assert not re.search(r"^\s*(import|export)\b|\bimport\s*\(", source, re.M)
    assert module.read_text().endswith("\n")


@pytest.mark.parametrize("sheet", bundling.imports(SHEETS), ids=lambda path: path.stem)
def test_a_sheet_names_no_file(sheet):
    # Its address in the bundle is another one, and every file has a digest in its name.
    assert not re.search(r"@import|@charset|\burl\((?!\"data:)", sheet.read_text())


def test_names_of_two_modules_do_not_meet(tmp_path):
    for name in ("one", "other"):
        (tmp_path / f"{name}.js").write_text(f'const NAME = "{name}";\n')
    (tmp_path / "site.js").write_text('// All.\nimport "./one.js";\nimport "./other.js";\n')
    made = bundling.modules(tmp_path / "site.js")
    assert re.findall(r'try \{\nconst NAME = "(\w+)";\n\} catch', made) == ["one", "other"]
    assert "import" not in made


def test_a_module_loses_its_notes_and_nothing_else():
    module = '// <x-y>: does it.\nconst A = "// no note"; // a note\n\nclass X {\n  // Why.\n  b = `c`;\n}\n'
    assert bundling.without_notes(module) == 'const A = "// no note"; // a note\nclass X {\nb = `c`;\n}\n'


@pytest.mark.parametrize(
    "module",
    [
        "const A = `\n  // text\n`;\n",
        "const A = 'x\\\n  // text';\n",
        "say(b[0], `//`, `\n  // text\n`);\n",
        "const A = `${say(`\n  // text\n`)}`;\n",
        "const A = `a ${b} ${say([1], `\n  // text\n`)}`;\n",
    ],
)
def test_a_text_over_several_lines_is_left_alone(module):
    assert bundling.without_notes(module) == module


@pytest.mark.parametrize(
    "line",
    ['say("`");', r"const A = /[\\`]/g;", "const A = `//${b}`;", "// An `odd sign", "const A = `x`; // `", "say(`'`);"],
)
def test_a_sign_that_begins_no_text_over_several_lines_does_not_matter(line):
    assert "note" not in bundling.without_notes(f"// note\n{line}\n")


@pytest.mark.parametrize("module", bundling.imports(MODULES), ids=lambda path: path.stem)
def test_no_elements_notes_are_sent(module):
    sent = bundling.without_notes(module.read_text())
    assert not re.search(r"^\s*//", sent, re.M), "a text over several lines keeps its module from being shortened"


@pytest.mark.parametrize(
    ("sheet", "shorter"),
    [
        ("a {\n  color: red;\n}\n", "a{color: red;}"),
        ("a, b  >  c { margin: 0  auto; }", "a,b > c{margin: 0 auto;}"),
        ("/* one */ a { /* two */ color: /* three */ red }", "a{color: red}"),
        ("a/* no space */.b { x: y }", "a/**/.b{x: y}"),
        ("a /* a space */ .b { x: y }", "a .b{x: y}"),
        ("a{b: 1px/* c */2px}", "a{b: 1px/**/2px}"),
        ('a::after { content: "  /* not one */  "; }', 'a::after{content: "  /* not one */  ";}'),
        ("a::after { content: '\\'  }  /*' }", "a::after{content: '\\'  }  /*'}"),
        ("a :hover { x: y }", "a :hover{x: y}"),
        ("@media print and (width > 3em) { a { b: calc(1px + 2px) } }",
         "@media print and (width > 3em){a{b: calc(1px + 2px)}}"),
        ("a { --x: ; --y: { } }", "a{--x: ;--y:{}}"),
        ("/* only words */", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sheet_without_comments_means_the_same(sheet, shorter):
    assert bundling.without_comments(sheet) == shorter


def test_the_bundle_of_sheets_begins_with_the_order_of_the_layers():
    assert bundling.styles(SHEETS).startswith("@layer reset,base,components,utilities;")
