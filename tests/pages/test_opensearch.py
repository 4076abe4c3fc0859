"""What a browser learns that adds this search to its own."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

OPEN = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture
def read(visit):
    def read(language: str = "en") -> ElementTree.Element:
        page = visit().get("/opensearch.xml", headers={"Accept-Language": language})
        assert page.response.headers["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
        assert "Accept-Language" in page.response.headers["Vary"]
        return ElementTree.fromstring(page.html)

    return read


def test_it_says_where_to_search(read):
    urls = {one.get("type"): one.get("template") for one in read().findall(f"{OPEN}Url")}
    assert urls["text/html"] == "http://localhost:8000/search?q={searchTerms}"
    assert urls["application/atom+xml"] == "http://localhost:8000/search.atom?q={searchTerms}"
    assert urls["application/x-suggestions+json"] == "http://localhost:8000/search/suggest.json?q={searchTerms}"


def test_where_it_sends_people_there_is_a_page(read, visit):
    for one in [*read().findall(f"{OPEN}Url"), *read().findall(f"{OPEN}Image")]:
        address = (one.get("template") or one.text).removeprefix("http://localhost:8000")
        # A search without an index is told to come back.
        assert visit().get(address.replace("{searchTerms}", "bus")).status in (200, 503), address


def test_it_speaks_the_language_of_the_browser(read):
    assert read().findtext(f"{OPEN}Language") == "en"
    assert read("cy").findtext(f"{OPEN}Language") == "cy"


def test_a_long_name_is_cut_as_the_specification_asks(app, read):
    before = app.config["FORUM"]
    app.config["FORUM"] = replace(before, site_name="The <Residents> & Councils of Tredegar " * 4)
    try:
        described = read()
    finally:
        app.config["FORUM"] = before
    assert described.findtext(f"{OPEN}ShortName") == "The <Residents> "
    assert len(described.findtext(f"{OPEN}LongName")) == 48


def test_every_page_names_it(app, visit):
    page = visit().get("/house-rules")
    assert '<link rel="search" type="application/opensearchdescription+xml"' in page.html
    assert 'href="/opensearch.xml"' in page.html
