"""The house rules: the built-in ones, or a site's own from a file."""

from __future__ import annotations

from dataclasses import replace

import pytest

import config
from forum.foundation.errors import Refused
from forum.moderation import decisions, rules
from tests import makers

OWN = """
[[rule]]
code = "kind"
title.en = "Be kind"
title.cy = "Byddwch yn garedig"
deed.en = "it was not kind"
text.en = "No insults."

[[rule]]
code = "spam"
title.en = "No adverts"
deed.en = "it was an advert"

[[rule]]
code = "illegal"
title.en = "Nothing illegal"
deed.en = "it may be illegal"

[[rule]]
code = "other"
title.en = "Else"
deed.en = "it broke a rule"
"""


@pytest.fixture
def own(app, tmp_path, monkeypatch):
    place = tmp_path / "rules.toml"
    place.write_text(OWN)
    found = config.read({"FORUM_DATA": str(tmp_path), "FORUM_HOUSE_RULES": str(place)}).house_rules
    monkeypatch.setitem(app.config, "FORUM", replace(app.config["FORUM"], house_rules=found))


def test_a_site_without_a_file_has_the_six_built_in_rules(app):
    assert list(rules.reasons()) == ["off_topic", "unkind", "personal", "spam", "illegal", "other"]
    assert rules.own_texts() == []


def test_a_decision_gives_a_rule_of_the_file(own, post, cast, visit):
    comment, case = makers.make_held(cast.nora, post)
    with pytest.raises(Refused, match="Give the reason"):
        decisions.reject(case, cast.mona, case.version, "unkind")
    decisions.reject(case, cast.mona, case.version, "kind")
    assert comment.state == "rejected"
    assert rules.reason_words("kind") == "Be kind"
    assert rules.deed_words("kind") == "it was not kind"


def test_readers_find_the_sites_own_rules_in_their_language(own, visit):
    page = visit().get("/house-rules")
    assert "Be kind" in page
    assert "No insults." in page
    assert "Stay on topic" not in page
    assert "Byddwch yn garedig" in visit().get("/house-rules", headers={"Accept-Language": "cy"})


def test_a_code_that_is_no_longer_in_the_file_still_has_words(own):
    assert rules.reason_words("unkind") == "Unkind to a person (house rule 2)"
    assert rules.reason_words("long_gone") == "Something else"


BAD = [
    ("a file that is not there", None, "cannot be read"),
    ("a file that is not TOML", "[[rule]", "is not TOML"),
    ("no rules", "name = 1", r"has no \[\[rule\]\]"),
    ("rules that are no list", "rule = 1", r"has no \[\[rule\]\]"),
    ("a rule without a code", OWN.replace('code = "kind"', ""), "rule 1 .* needs a code"),
    ("a code with signs", OWN.replace('"kind"', '"Kind!"'), "rule 1 .* needs a code"),
    ("a code twice", OWN.replace('"kind"', '"spam"'), "two rules with the code “spam”"),
    ("a rule without a title", OWN.replace('title.en = "Be kind"\n', ""), "rule 1 .* needs a title"),
    ("a title that is no sentence", OWN.replace('title.en = "No adverts"', "title.en = 3"), "title in “en”"),
    ("a title of a page", OWN.replace('"No adverts"', '"' + "x" * 121 + '"'), "at most 120"),
    ("a language we do not speak", OWN.replace("title.cy", "title.xx"), "in “xx”; the site speaks en, cy"),
    ("something else in a rule", OWN.replace("text.en", "txt.en"), "has “txt”"),
    ("a rule that the site needs missing", OWN.replace('"illegal"', '"unlawful"'), "lacks a rule .* “illegal”"),
]


@pytest.mark.parametrize(("content", "sentence"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_file_that_cannot_be_used_stops_the_start(content, sentence, tmp_path):
    place = tmp_path / "rules.toml"
    if content is not None:
        place.write_text(content)
    with pytest.raises(config.BadSetting, match=f"FORUM_HOUSE_RULES.*{sentence}"):
        config.read({"FORUM_DATA": str(tmp_path), "FORUM_HOUSE_RULES": str(place)})
