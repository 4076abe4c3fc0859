"""The token of forms wears another mask on each page, and is known under each."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.web.csrf import masked, unmasked
from tests import makers


@given(st.text(max_size=300))
def test_what_was_masked_can_be_unmasked(text):
    assert unmasked(masked(text)) == text


@given(st.text(max_size=300))
def test_whatever_is_sent_in_place_of_a_mask_is_answered(text):
    assert isinstance(unmasked(text), str)


def test_two_masks_of_one_token_have_nothing_in_common():
    token = "IjEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAi.aBcDeF.0123456789abcdefghijklmnopq"
    one, other = masked(token), masked(token)
    assert not {one[at : at + 6] for at in range(len(one) - 6)} & {other[at : at + 6] for at in range(len(other) - 6)}
    assert not any(token[at : at + 6] in one for at in range(len(token) - 6))


def tokens(html: str) -> set[str]:
    return set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', html))


def test_each_page_has_a_token_of_its_own_and_each_is_taken(cast, visit):
    makers.make_post(cast.arthur)
    alice = visit(cast.alice)
    (one,), (other,) = tokens(alice.get("/account/password").html), tokens(alice.get("/account/password").html)
    assert one != other
    for token in (one, other, one):
        assert alice.send("/account/password", {"current": "", "csrf_token": token}).status == 422


def test_the_token_itself_is_on_no_page(cast, visit):
    alice = visit(cast.alice)
    page = alice.get("/account/password")
    with alice.client.session_transaction() as session:
        secret = session["csrf_token"]
    assert secret not in page.html
    assert unmasked(next(iter(tokens(page.html)))).count(".") == 2


def at_odds(text: str, place: int) -> str:
    """The text with another letter in this place. Not the last of a signature: a part of that is filling."""
    return text[:place] + ("B" if text[place] == "A" else "A") + text[place:][1:]


@pytest.mark.parametrize(
    "spoil",
    [lambda token: token[:-4], lambda token: at_odds(token, 0), lambda token: token[len(token) // 2 :],
     lambda token: unmasked(token), lambda token: "", lambda token: "x", lambda token: masked(""),
     lambda token: "é\ud7ff", lambda token: masked(at_odds(unmasked(token), -2)), lambda token: token * 200],
)  # fmt: skip
def test_a_token_that_is_not_ours_is_refused(spoil, cast, visit):
    alice = visit(cast.alice)
    (token,) = tokens(alice.get("/account/password").html)
    bad = spoil(token)
    assert bad != token
    assert alice.send("/account/password", {"current": "", "csrf_token": bad}).status == 400


def test_another_persons_token_is_refused(cast, visit):
    alice, bob = visit(cast.alice), visit(cast.bob)
    (token,) = tokens(bob.get("/account/password").html)
    assert alice.send("/account/password", {"current": "", "csrf_token": token}).status == 400
