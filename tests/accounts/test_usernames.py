"""Usernames: any script, and none that could be taken for another's."""

from __future__ import annotations

import pytest

from forum.accounts import usernames
from forum.foundation.errors import Refused


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("alice", "alice"),
        ("Siân", "siân"),
        ("Llŷr", "llŷr"),
        ("Ali", "ali"),
        ("jean-luc", "jean-luc"),
        ("anna.k_2", "anna.k_2"),
        ("  bob  ", "bob"),
        ("李小龙", "李小龙"),
        ("山田たろう", "山田たろう"),
        ("田中タロウ", "田中タロウ"),
        ("김철수", "김철수"),
        ("مريم", "مريم"),
        ("Иван", "иван"),
        ("Ελένη", "ελένη"),
        ("हिन्दी", "हिन्दी"),
        ("தமிழ்", "தமிழ்"),
        ("ไทย", "ไทย"),
        ("Ｍｏｎａ", "mona"),  # full-width letters are the same letters
        ("ﬁona", "fiona"),  # and so is a ligature
    ],
)
def test_names_of_many_scripts_are_welcome(request_to, typed, shown):
    assert usernames.clean(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "x" * 31,
        "1234",
        "a b",
        "a/b",
        "a@b",
        "o'brien",
        "a..b",
        ".ab",
        "ab-",
        "__",
        "a\nb",
        "a\0b",
        "a\u200bb",  # a space of no width
        "a\u202eb",  # turns the reading direction round
        "\u1160\u1160",  # two Hangul fillers: nothing to see
        "\u3164\u3164",
        "ab\ufe0f",
        "alice\u17b4",
        "\u2800\u2800",
        "<b>x</b>",
    ],
)
def test_what_is_no_name_is_refused_at_its_field(request_to, typed):
    with pytest.raises(Refused) as refusal:
        usernames.clean(typed)
    assert refusal.value.field == "username"


@pytest.mark.parametrize("typed", ["аlice", "alicе", "Aлиса", "αlice", "яndex", "Ꭺlice", "bօb"])
def test_letters_of_two_alphabets_are_refused(request_to, typed):
    with pytest.raises(Refused, match="one alphabet"):
        usernames.clean(typed)


@pytest.mark.parametrize(
    "typed",
    ["admin", "Admin", "ADMIN", "adm1n", "ad-min", "ádmin", "adrnin", "aclmin", "mod", "rnod", "m0d", "m.o.d",
     "moderator", "m0derator", "supp0rt", "officia1", "all", "a11", "ｓｔａｆｆ", "have-your-say", "haveyoursay"],
)  # fmt: skip
def test_names_that_would_speak_for_the_site_are_kept(request_to, typed):
    with pytest.raises(Refused, match="kept for the site"):
        usernames.clean(typed)


@pytest.mark.parametrize(
    ("taken", "wished"),
    [
        ("alice", "ALICE"),
        ("alice", "a1ice"),
        ("alice", "álice"),
        ("alice", "ali-ce"),
        ("alice", "ali.ce"),
        ("alice", "а1iсе"),
        ("alice", "ᴀlice"),
        ("bob", "b0b"),
        ("bob", "BOB"),
        ("modern", "rnodern"),
        ("will", "vvill"),
        ("dave", "clave"),
        ("coco", "сосо"),  # Cyrillic throughout
        ("محمد", "مُحَمَّد"),  # the same name with its vowels written
        ("straße", "strasse"),
    ],
)
def test_look_alikes_have_one_key(taken, wished):
    assert usernames.key(wished) == usernames.key(taken)


@pytest.mark.parametrize(
    ("one", "other"),
    [("alice", "alicia"), ("neil", "nell"), ("bob", "rob"), ("राम", "रम"), ("ali", "all"), ("иван", "инна")],
)
def test_different_names_have_different_keys(one, other):
    assert usernames.key(one) != usernames.key(other)


@pytest.mark.parametrize("typed", ["aIice", "PauI"])
def test_a_capital_i_cannot_play_a_small_l(request_to, typed):
    shown = usernames.clean(typed)
    assert "I" not in shown
    assert shown == typed.lower()
