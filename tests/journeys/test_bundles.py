"""The bundles as a browser understands them: what the single files say, and nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from forum.web import bundling
from tests.journeys.places import DISCUSSION

STATIC = Path(__file__).resolve().parents[2] / "static"
RULES = """sheet => {
  const made = new CSSStyleSheet();
  made.replaceSync(sheet);
  return [...made.cssRules].map(rule => rule.cssText);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_bundle_of_sheets_has_every_rule_in_its_order(page):
    site = STATIC / "css" / "site.css"
    order = re.sub(r"@import.*", "", site.read_text())
    whole = "\n".join([order, *(sheet.read_text() for sheet in bundling.imports(site))])
    single, bundled = (page.evaluate(RULES, sheet) for sheet in (whole, bundling.styles(site)))
    # A custom property is kept as it was written, and space in it means nothing in ours.
    short = [re.sub(r"\s+", " ", re.sub(r",\s+", ",", rule)) for rule in single]
    assert [re.sub(r"\s+", " ", re.sub(r",\s+", ",", rule)) for rule in bundled] == short
    assert len(short) > 20


def test_a_module_that_fails_does_not_stop_the_others(page, tmp_path):
    (tmp_path / "bad.js").write_text('const x = 1;\nthrow new Error("on purpose");\n')
    (tmp_path / "good.js").write_text('const x = 2;\nfunction say() { document.title = "good " + x; }\nsay();\n')
    (tmp_path / "site.js").write_text('import "./bad.js";\nimport "./good.js";\n')
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(error.message))
    page.set_content("<!doctype html><title>none</title>")
    page.add_script_tag(content=bundling.modules(tmp_path / "site.js"), type="module")
    page.wait_for_function("document.title === 'good 2'")
    assert failed == ["on purpose"]


def test_every_element_of_the_site_is_known_to_the_browser(visit, has_scripts, address):
    if not has_scripts:
        pytest.skip("about scripts")
    names = set()
    for module in bundling.imports(STATIC / "js" / "site.js"):
        names |= set(re.findall(r'customElements\.define\("([\w-]+)"', module.read_text()))
    page = visit()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(error.message))
    page.goto("/")
    page.wait_for_function("!!customElements.get('masthead-keys')")
    unknown = page.evaluate("names => names.filter(name => !customElements.get(name))", sorted(names))
    assert (unknown, failed) == ([], [])
    assert names


def test_a_first_visit_of_a_page_is_a_handful_of_requests(visit, has_scripts):
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(DISCUSSION)
    # The page, its sheet and its pictures at least; a live connection may be among them.
    assert 3 <= len(asked) <= 8, asked
