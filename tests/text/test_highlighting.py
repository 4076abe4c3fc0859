"""Which code is coloured."""

from __future__ import annotations

import pytest

from forum.text.highlighting import CLASSES, COSTS, MAX_CODE, MAX_LINE, Budget, colour


@pytest.mark.parametrize("language", COSTS)
def test_every_language_on_the_list_is_known_to_pygments(language: str) -> None:
    assert colour("x < 1\n", language, Budget()).replace("\n", "").endswith(("1", ">"))


@pytest.mark.parametrize("language", COSTS)
def test_code_cannot_leave_its_block(language: str) -> None:
    html = colour("</code></pre><script>alert('\"')</script>\n", language, Budget())
    assert "<script" not in html
    assert "</pre" not in html


@pytest.mark.parametrize(
    ("reason", "code", "language"),
    [
        ("an unknown language", "x = 1\n", "klingon"),
        ("no language", "x = 1\n", ""),
        ("a language that takes in others", "GET / HTTP/1.1\n", "http"),
        ("too much code", "x = 1\n" * (MAX_CODE // 6 + 1), "python"),
        ("too much code of a slow language", "int x;\n" * 300, "java"),
        ("an endless line", "x" * (MAX_LINE + 1), "python"),
        ("an endless gap", "x = 1\n" + "  \n" * 12 + "y = 2\n", "python"),
        ("too many spans", "+\n" * 5_100, "js"),
    ],
)
def test_code_stays_plain_for(reason: str, code: str, language: str) -> None:
    assert "<span" not in colour(code, language, Budget()), reason


def test_the_budget_is_for_all_blocks_of_a_text() -> None:
    budget = Budget()
    coloured = ["<span" in colour("x = 1\n" * 1_200, "python", budget) for _ in range(3)]
    assert coloured == [True, False, False]


def test_markdown_takes_no_other_language_into_its_blocks() -> None:
    assert 'class="k"' not in colour("```csharp\nclass A {}\n```\n", "markdown", Budget())


def test_classes_are_the_short_names_of_pygments() -> None:
    assert {"k", "nf", "s2", "c1"} <= CLASSES
    assert not {"mention", "card", ""} & CLASSES
