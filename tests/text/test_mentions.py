"""Who is named by an @, and who is not."""

from __future__ import annotations

import pytest

from forum.text import mentions
from forum.text.markdown import render_comment

CASES = [
    ("@alice", ("alice",)),
    ("Thanks, @alice!", ("alice",)),
    ("@alice, @bob and @alice", ("alice", "bob")),
    ("@Alice @alice", ("Alice",)),
    ("(@alice) “@bob” /@nora", ("alice", "bob")),
    ("@alice's @bob.", ("alice", "bob")),
    ("_@alice_ **@bob** ~~@nora~~ ||@mona||", ("alice", "bob", "nora", "mona")),
    ("@mary_jane @jean-luc @r2d2", ("mary_jane", "jean-luc", "r2d2")),
    ("@mary.jane @bob. @nora...and @mona.", ("mary.jane", "bob", "nora", "mona")),
    ("@हिन्दी @jose\u0301", ("हिन्दी", "jose\u0301")),
    ("@alice__bob @alice--bob @-alice @.bob", ()),
    ("@Žofie @мария @小林", ("Žofie", "мария", "小林")),
    ("- @alice\n\n> @bob\n\n# @nora", ("alice", "bob", "nora")),
    ("|@alice|\n|-|\n|@bob|", ("alice", "bob")),
    ("a[^1]\n\n[^1]: @alice", ("alice",)),
    ("- [ ] @alice", ("alice",)),
    ("`@alice` and ``@bob``", ()),
    ("```\n@alice\n```", ()),
    ("    @alice", ()),
    ("[@alice](/x)", ()),
    ("![@alice](https://a.example/x.png)", ()),
    ("https://a.example/@alice a.org/@bob", ()),
    ("alice@a.example <alice@a.example> mailto:alice@a.example", ()),
    ("@alice@social.example", ()),
    ("\\@alice @ alice @", ()),
    ("a@b @@c @-d @_", ()),
    ("@" + "a" * 40, ("a" * 40,)),
    ("@" + "a" * 41, ()),
    ("", ()),
]


@pytest.mark.parametrize(("source", "names"), CASES)
def test_people_are_found_outside_code_and_links_once_and_in_order(source: str, names: tuple[str, ...]) -> None:
    assert mentions.find(source) == names


@pytest.mark.parametrize(("source", "names"), CASES)
def test_a_rendered_comment_names_the_same_people(source: str, names: tuple[str, ...]) -> None:
    assert render_comment(source).mentions == names
