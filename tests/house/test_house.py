"""The house rules that import-linter cannot see."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import config
from forum import wiring
from forum.events import catalog
from forum.web.guard import entry_of

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
SOURCES = sorted((ROOT / "forum").rglob("*.py"))


def test_every_route_declares_who_may_enter(app):
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if entry_of(app.view_functions[rule.endpoint]) is None]
    assert undeclared == []


def test_every_event_is_wired_or_says_why_not():
    for event in catalog.all_events():
        is_wired = bool(wiring.REACTIONS.get(event))
        assert is_wired != bool(wiring.UNWIRED.get(event)), f"{event.__name__} is neither wired nor excused, or both"


def test_every_event_says_when_it_happens():
    for event in catalog.all_events():
        assert (event.__doc__ or "").strip().endswith("."), event.__name__
        assert not (event.__doc__ or "").startswith(event.__name__), event.__name__


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "templates")))
def test_every_template_compiles(app, path):
    app.jinja_env.get_template(path.relative_to(ROOT / "templates").as_posix())


# What a template may say without a translator: names, signs, numbers.
_NO_WORDS = re.compile(r"^[\W\d_]*$")
# Set in every language alike.
_SAME_EVERYWHERE = {"JavaScript", "Markdown", "UTC", "CSV", "JSON"}


@pytest.mark.parametrize(
    "path",
    [p for p in TEMPLATES if p.suffix in (".html", ".txt")],
    ids=lambda p: str(p.relative_to(ROOT / "templates")),
)
def test_every_word_in_templates_goes_through_gettext(path):
    source = path.read_text()
    bare = re.sub(r"\{#.*?#\}", " ", source, flags=re.S)
    bare = re.sub(r"\{%.*?%\}", " ", bare, flags=re.S)
    # An expression stands for a value, inside a tag as outside it.
    bare = re.sub(r"\{\{.*?\}\}", "0", bare, flags=re.S)
    spoken = re.findall(r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"', bare)
    bare = re.sub(r"&[a-z]+;", " ", bare)
    bare = re.sub(r"<!--.*?-->|<!doctype[^>]*>|<(script|style|title)\b.*?</\1>", " ", bare, flags=re.S | re.I)
    spoken += re.sub(r"<[^>]*>", "\n", bare).split("\n")
    untold = [words.strip() for words in spoken if not _NO_WORDS.match(words) and words.strip() not in _SAME_EVERYWHERE]
    assert untold == []


@pytest.mark.parametrize(
    "path",
    [p for p in TEMPLATES if p.suffix == ".html" and "emails" not in p.parts and p.name != "email.html"],
    ids=lambda p: str(p.relative_to(ROOT / "templates")),
)
def test_no_template_has_an_inline_script_or_style(path):
    source = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", source), "an inline script"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source), "an inline handler"
    assert not re.search(r"\sstyle\s*=", source), "an inline style"
    assert not re.search(r"<style(?![^>]*nonce=)", source), "a style without a nonce"
    assert "|safe" not in source.replace(" ", ""), "escaping switched off"


def test_no_template_asks_another_host_for_anything():
    asked = [
        (path.name, address)
        for path in [
            *TEMPLATES,
            *(ROOT / "static" / "css").rglob("*.css"),
            *(ROOT / "static" / "js").rglob("*.js"),
        ]
        for address in re.findall(
            r"(?:src|href)=[\"'](https?://[^\"']+)|url\([\"']?(https?://[^)\"']+)", path.read_text()
        )
    ]
    assert asked == []


def test_only_the_ground_rooms_commit():
    allowed = {
        "forum/web/settle.py",
        "forum/foundation/jobs.py",
        "forum/foundation/transaction.py",
        "forum/cli.py",
    }
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        commits = re.search(r"(?:session|transaction)\.commit\(\)", path.read_text())
        assert not commits or name in allowed or name.startswith("forum/archive/"), f"{name} commits"


def test_domain_rooms_do_not_know_the_request():
    rooms = (
        "accounts",
        "media",
        "posts",
        "comments",
        "moderation",
        "events",
        "text",
        "search",
        "notifications",
        "foundation",
    )
    for room in rooms:
        for path in (ROOT / "forum" / room).rglob("*.py"):
            assert not re.search(r"from flask import[^\n]*\b(request|session|g)\b|current_user", path.read_text()), path


def test_no_import_hides_in_a_function():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                hidden = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
                assert not hidden, f"{path.relative_to(ROOT)}:{hidden}"


def test_only_one_file_imports_bleach_and_one_room_whoosh():
    for path in SOURCES:
        name, text = path.relative_to(ROOT).as_posix(), path.read_text()
        assert not re.search(r"^\s*(import|from) bleach", text, re.M) or name == "forum/text/sanitise.py", name
        assert not re.search(r"^\s*(import|from) whoosh", text, re.M) or name.startswith("forum/search/"), name


def test_every_module_says_what_it_is():
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_inits_are_empty():
    assert [p for p in SOURCES if p.name == "__init__.py" and p.read_text().strip()] == []


def test_every_setting_is_documented_and_every_documented_one_exists():
    documented = re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.M)
    assert sorted(documented) == sorted(config.settings())
