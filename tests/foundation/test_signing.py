"""Secrets handed to people: each opens one thing."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.foundation import signing


@pytest.fixture(autouse=True)
def site():
    """A site with a key of its own."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "one key"
    with app.app_context():
        yield app


def test_a_link_opens_the_row_purpose_and_secret_it_was_made_for():
    token = signing.link_token("reset", 7, "nonce")
    assert signing.is_link_token(token, "reset", 7, "nonce")
    assert signing.read_link_token(token) == 7
    for purpose, row, nonce in [("confirm", 7, "nonce"), ("reset", 8, "nonce"), ("reset", 7, "other")]:
        assert not signing.is_link_token(token, purpose, row, nonce)


def test_a_link_does_not_outlive_the_sites_key(site):
    token = signing.link_token("reset", 7, "nonce")
    site.config["SECRET_KEY"] = "another key"
    assert not signing.is_link_token(token, "reset", 7, "nonce")


def test_a_code_has_six_digits_and_belongs_to_its_row():
    codes = {signing.code("confirm", row, "nonce") for row in range(200)}
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert len(codes) > 190
    assert signing.is_code(signing.code("confirm", 7, "nonce"), "confirm", 7, "nonce")


@pytest.mark.parametrize("word", ["", ".", "x.y", "-1.x", "1e3.x", "١.x", "9" * 12 + ".x", " 1.x"])
def test_what_is_no_token_names_no_row(word):
    assert signing.read_link_token(word) is None


def test_secrets_are_long_and_never_the_same():
    secrets = {signing.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) >= 43 for secret in secrets)
