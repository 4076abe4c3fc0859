"""Languages of texts."""

from __future__ import annotations

import pytest

from forum.text.language import LANGUAGES, clean


def test_english_and_welsh_come_first_and_every_language_has_its_own_name() -> None:
    assert list(LANGUAGES)[:2] == ["en", "cy"]
    assert LANGUAGES["cy"] == "Cymraeg"
    assert len(set(LANGUAGES.values())) == len(LANGUAGES) >= 20


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("cy", "cy"),
        ("CY", "cy"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        (" fr ", "fr"),
        ("xx", "de"),
        ("", "de"),
        (None, "de"),
        ('en"', "de"),
    ],
)
def test_a_code_is_one_of_ours_or_the_default(code: str | None, meant: str) -> None:
    assert clean(code, "de") == meant
