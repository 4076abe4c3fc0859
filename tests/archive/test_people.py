"""Writers of imported comments become accounts that nobody has claimed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from forum.accounts import usernames
from forum.accounts.models import User
from forum.foundation.db import db
from tests.archive.made_up import blog, comment, post, run


@pytest.fixture
def people_of(app, tmp_path):
    """Import comments and see the accounts that came of them."""

    def import_(*comments: dict, folder: str = "blog") -> list[User]:
        run(app, blog(tmp_path / folder, [post(), post("b")], comments))
        return list(db.session.scalars(select(User).where(User.origin.is_not(None)).order_by(User.id)))

    return import_


def test_nobody_can_sign_in_to_them(people_of):
    (ivy,) = people_of(comment(1, author="Ivy Dell"))
    assert (ivy.name, ivy.username, ivy.email, ivy.password_hash) == ("Ivy Dell", "ivy.dell", None, None)
    assert not ivy.is_claimed
    assert not ivy.is_confirmed


def test_the_same_key_is_the_same_person_whatever_the_name(people_of):
    (ivy,) = people_of(
        comment(1, author="Ivy", author_key="k1"), comment(2, author="Ivy Dell", author_key="k1", post="b")
    )
    assert ivy.name == "Ivy"


def test_the_same_name_with_two_keys_is_two_people(people_of):
    first, second = people_of(comment(1, author="Ivy", author_key="k1"), comment(2, author="Ivy", author_key="k2"))
    assert (first.username, second.username) == ("ivy", "ivy-2")


def test_without_a_key_the_same_name_is_the_same_person(people_of):
    (ivy,) = people_of(comment(1, author="Ivy  Dell"), comment(2, author="ivy dell", post="b"))
    assert ivy.created_at == datetime(2019, 5, 1, 12, tzinfo=UTC)


def test_nobody_joined_after_they_wrote(people_of):
    later, earlier = comment(9, author="Ivy Dell"), comment(2, author="Ivy Dell", post="b")
    (ivy,) = people_of(later, earlier)
    assert ivy.created_at == datetime(2019, 5, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("nobody", [None, "", "  ", "\u200b"])
def test_comments_without_a_name_are_somebodys_all_the_same(people_of, nobody):
    (person,) = people_of(comment(1, author=nobody))
    assert person.name == "Anonymous"


@pytest.mark.parametrize(
    "name",
    [
        "Admin",
        "Ы",
        "K",
        "O'Neill & Sons",
        "Гriffin",
        "李",
        "🐱🐱",
        "a" * 200,
        "42",
        "..",
        "Éloïse",
        "x@y",
        "हिन्दी",
        "ab-",
    ],
)
def test_every_name_gets_a_username_that_could_be_chosen(people_of, name):
    (person,) = people_of(comment(1, author=name))
    assert usernames.clean(person.username) == person.username
    assert person.username_key == usernames.key(person.username)
    assert len(person.name) <= 80


def test_no_username_looks_like_that_of_a_member(people_of, cast):
    assert cast.alice.username == "alice"
    (person,) = people_of(comment(1, author="ALICE"))
    assert person.username == "alice-2"


def test_many_of_one_name_are_told_apart(people_of):
    people = people_of(*(comment(n, author="Sam", author_key=f"k{n}") for n in range(1, 31)))
    assert len({person.username_key for person in people}) == 30
