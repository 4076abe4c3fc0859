"""Every catalogue is whole, agrees with the source, and is what the pages speak."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from tests.makers import make_comment, make_post

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "forum" / "translations"
LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if (path / "LC_MESSAGES" / "messages.po").exists())
GETTEXT = {"_", "gettext", "lazy_gettext", "ngettext"}

every_language = pytest.mark.parametrize("language", LANGUAGES)
# What language a page is in does not depend on the database.
on_one_database = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@cache
def source() -> frozenset[str | tuple[str, ...]]:
    """Every message that extraction finds, a plural as the tuple of its forms."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=DEFAULT_KEYWORDS | {"lazy_gettext": None},
        directory_filter=lambda folder: Path(folder).relative_to(ROOT).parts[0] in ("forum", "templates"),
    )
    return frozenset(message for _path, _line, message, _comments, _context in found)


@cache
def catalog(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(words: str | tuple[str, ...] | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def marks(words: str) -> Counter[str]:
    """Placeholders, tags, and the white space at the ends: what a translation may move but not change."""
    placeholders_and_tags = re.findall(r"%%|%\(\w+\)[\d.]*[a-z]|%|</?[a-z][^>]*>", words)
    return Counter(placeholders_and_tags + re.findall(r"^\s+|\s+$", words))


def test_there_is_welsh():
    assert "cy" in LANGUAGES


def test_every_message_in_the_code_is_found_by_extraction():
    unseen = []
    for path in sorted((ROOT / "forum").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT):
                continue
            words = [getattr(given, "value", None) for given in node.args]
            message = tuple(words[:2]) if node.func.id == "ngettext" else words[0]
            if message not in source():
                unseen.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert unseen == [], "extraction does not see into f-strings or variables"


@every_language
def test_no_message_is_missing_empty_or_in_doubt(language):
    words = catalog(language)
    assert source(), "extraction found nothing"
    translated = {message.id for message in words if message.id and all(forms(message.string)) and not message.fuzzy}
    missing = [message for message in source() if message not in translated]
    assert missing == [], "docs/translating.md says how to bring the catalogue up to date"


@every_language
def test_placeholders_and_tags_are_those_of_the_source(language):
    wrong = [message.id for message in catalog(language) if message.id and not agrees(message)]
    assert wrong == []


def agrees(message: Message) -> bool:
    allowed = [marks(words) for words in forms(message.id)]
    if isinstance(message.id, str):
        return marks(message.string) in allowed
    # The form for nothing may do without the number: “Dim sylwadau”.
    nothing = [with_number - Counter(["%(num)d"]) for with_number in allowed]
    first, *others = [marks(words) for words in forms(message.string)]
    return first in allowed + nothing and all(form in allowed for form in others)


@every_language
def test_the_compiled_catalogue_is_the_written_one(language):
    written = catalog(language)
    with (FOLDER / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert compiled.plural_expr == written.plural_expr
    assert spoken(compiled) == spoken(written)


def spoken(words: Catalog) -> dict[tuple[str, ...], list[str]]:
    return {tuple(forms(message.id)): forms(message.string) for message in words if message.id and not message.fuzzy}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "Dim trafodaethau"),
        (1, "1 drafodaeth"),
        (2, "2 drafodaeth"),
        (3, "3 trafodaeth"),
        (4, "4 trafodaeth"),
        (6, "6 thrafodaeth"),
        (7, "7 trafodaeth"),
        (100, "100 trafodaeth"),
    ],
)
def test_welsh_nouns_change_with_the_number_before_them(number, words):
    welsh = Translations.load(str(FOLDER), ["cy"])
    assert welsh.ungettext("%(num)d discussion", "%(num)d discussions", number) % {"num": number} == words


@on_one_database
def test_pages_answer_in_welsh(visit):
    for url, words in (("/", "Trafodaethau"), ("/join", "Cyfeiriad e-bost"), ("/house-rules", "Rheolau’r tŷ")):
        page = visit().get(url, headers={"Accept-Language": "cy"})
        assert '<html lang="cy"' in page.html, url
        assert words in page, url


@on_one_database
def test_who_asks_for_neither_language_reads_the_sites_own(visit):
    for asked in ({}, {"Accept-Language": "fr"}, {"Accept-Language": "*"}):
        assert '<html lang="en"' in visit().get("/house-rules", headers=asked).html, asked


@on_one_database
def test_a_discussion_kept_in_one_language_is_not_shown_in_the_other(cast, visit, work):
    post = make_post(cast.arthur)
    make_comment(cast.alice, post)
    work()
    for language, words, others in (("en", "Reply", "Ateb"), ("cy", "Ateb", "Reply"), ("en", "Reply", "Ateb")):
        page = visit().get(f"/posts/{post.slug}", headers={"Accept-Language": language})
        assert words in page, language
        assert others not in page, language


@on_one_database
def test_a_refusal_and_a_missing_page_are_in_welsh(visit):
    in_welsh = {"Accept-Language": "cy"}
    assert "Mae’r edefyn hwn wedi dod yn rhydd" in visit().get("/posts/none", headers=in_welsh)
    answer = visit().post("/join", {"name": "A"}, headers=in_welsh)
    assert "Dewiswch enw ag ynddo o leiaf 2 lythyren" in answer
