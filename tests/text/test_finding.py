"""Where an address in a text begins and ends."""

from __future__ import annotations

import pytest

from forum.text.finding import Finder


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/b.", ["https://a.example/b"]),
        ("https://a.example/b?c=d&e=f#g", ["https://a.example/b?c=d&e=f#g"]),
        ("HTTPS://A.EXAMPLE", ["HTTPS://A.EXAMPLE"]),
        ("(https://a.example/b_(c))", ["https://a.example/b_(c)"]),
        ("[https://a.example]", ["https://a.example"]),
        ("<https://a.example>", ["https://a.example"]),
        ("“https://a.example”", ["https://a.example"]),
        ("*https://a.example/b*, _https://c.example_", ["https://a.example/b", "https://c.example"]),
        ("https://a.example/b||c", ["https://a.example/b"]),
        ("https://a.example/猫。次", ["https://a.example/猫"]),
        ("https://exämple.example/", ["https://exämple.example/"]),
        ("mailto:alice@a.example!", ["mailto:alice@a.example"]),
        ("gov.uk, www.a.jp/b and a.b.org:8080/c?", ["gov.uk", "www.a.jp/b", "a.b.org:8080/c"]),
        ("https://a.example/x,b.org", ["https://a.example/x,b.org"]),
        ("main.py README.md 1.5 e.g. a.b.com.nope", []),
        ("alice@a.com x/a.com ?a.com a.com@b a.community", []),
        ("ftp://a.example //a.example javascript:alert(1) xhttp://a.example", []),
    ],
)
def test_an_address_ends_where_its_reader_would_say(text: str, found: list[str]) -> None:
    assert [address.text for address in Finder().match(text)] == found


def test_a_bare_name_leads_to_http_and_says_it_was_bare() -> None:
    (address,) = Finder().match("at a.org now")
    assert (address.index, address.last_index, address.url, address.schema) == (3, 8, "http://a.org", "")
