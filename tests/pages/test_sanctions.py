"""A person's page for moderators: finding them, what is done about them, and undoing it."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.moderation import queries, sanctions, standing
from tests import makers
from tests.cast import make_user

WORDS = {"reason": "unkind", "message": "Speak of the service."}


@pytest.fixture
def post(app, cast):
    return makers.make_post(cast.arthur)


def page_of(person) -> str:
    return f"/moderation/people/{person.id}"


def test_people_are_found_by_name_and_state(cast, visit):
    sanctions.silence(cast.alice, cast.mona, "unkind", "Words.", None)
    assert cast.bob
    db.session.commit()
    mona = visit(cast.mona)
    everybody = mona.get("/moderation/people")
    assert "Alice Archer" in everybody
    assert "Bob Barker" in everybody
    for query in ("q=archer", "q=%40alice", "state=silenced", "q=ALICE&state=silenced"):
        found = mona.get(f"/moderation/people?{query}")
        assert "Alice Archer" in found, query
        assert "Bob Barker" not in found, query
    assert "Nobody found." in mona.get("/moderation/people?q=%25")
    assert "Nobody found." in mona.get("/moderation/people?q=alice&state=suspended")


def test_the_list_is_paged(app, cast, visit):
    for number in range(35):
        make_user(f"person{number:02}")
    mona = visit(cast.mona)
    first = mona.get("/moderation/people?q=person")
    assert first.html.count('scope="row"') == 30
    older = first.html.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert mona.get(older).html.count('scope="row"') == 5


def test_a_person_is_shown_with_record_sanctions_and_comments_of_every_state(post, cast, visit):
    makers.make_comment(cast.alice, post, "Words for all.")
    makers.make_removed(cast.alice, post, cast.mona, "Words for nobody.")
    sanctions.warn(cast.alice, cast.max, "unkind", "Mind your tone.")
    db.session.commit()
    page = visit(cast.mona).get(page_of(cast.alice))
    for words in (
        "Alice Archer",
        "Words for all.",
        "Words for nobody.",
        "Mind your tone.",
        "Max Moss",
        "Not read yet.",
    ):
        assert words in page, words


def test_the_effect_is_shown_before_it_is_done(cast, visit):
    assert cast.max
    assert cast.alice
    page = visit(cast.mona).get(page_of(cast.alice))
    assert "They cannot write comments, like or flag." in page
    assert "A second moderator must agree first." in page
    assert page.html.count("Until ") >= 4, "each length says when it ends"


@pytest.mark.parametrize(
    ("kind", "values", "state"),
    [("warn", {}, "warned"), ("silence", {"hours": "72"}, "silenced"), ("suspend", {"hours": "24"}, "suspended")],
)
def test_a_moderator_acts_and_undoes_it(kind, values, state, cast, visit):
    assert cast.alice
    mona = visit(cast.mona)
    done = mona.submit(mona.get(page_of(cast.alice)), f"/{kind}", **WORDS, **values)
    assert done.status == 200
    assert standing.of(cast.alice) == state
    undone = mona.submit(done, "/undo")
    assert undone.status == 200
    assert standing.of(cast.alice) == "free"


def test_what_is_missing_is_said_and_what_was_typed_stays(cast, visit):
    assert cast.alice
    mona = visit(cast.mona)
    page = mona.submit(mona.get(page_of(cast.alice)), "/silence", reason="spam", message=" ", hours="168")
    assert page.status == 422
    assert "Say in your words what happened." in page
    assert 'value="168" aria-describedby="silence-168-hint" checked' in page.html
    assert standing.of(cast.alice) == "free"
    nonsense = mona.submit(mona.get(page_of(cast.alice)), "/suspend", **WORDS, hours="99999999999")
    assert "Choose for how long" in nonsense


def test_two_at_once_are_told(cast, visit):
    assert cast.alice
    mona, max_ = visit(cast.mona), visit(cast.max)
    pages = [visitor.get(page_of(cast.alice)) for visitor in (mona, max_)]
    mona.submit(pages[0], "/silence", **WORDS, hours="24")
    lost = max_.submit(pages[1], "/suspend", **WORDS, hours="24", follow=False)
    assert lost.status == 409
    assert "Mona Mild" in lost
    assert standing.of(cast.alice) == "silenced"


def test_a_long_suspension_waits_in_the_queue_for_another(cast, visit):
    assert cast.alice
    mona, max_ = visit(cast.mona), visit(cast.max)
    mona.submit(mona.get(page_of(cast.alice)), "/suspend", **WORDS, hours="0")
    assert standing.of(cast.alice) == "free"
    case = queries.open_case_on(cast.alice)
    assert f"/moderation/cases/{case.id}" in max_.get("/moderation").html
    mine = mona.get(f"/moderation/cases/{case.id}")
    assert "You proposed it, so another moderator agrees or declines." in mine
    assert "Agree and suspend" not in mine
    theirs = max_.get(f"/moderation/cases/{case.id}")
    assert "Mona Mild proposes to suspend Alice Archer until it is lifted." in theirs
    max_.submit(theirs, "/agree")
    assert standing.of(cast.alice) == "suspended"
    number = standing.in_force_on(cast.alice)[0].id
    forced = mona.post(f"/moderation/sanctions/{number}/agree", {"version": "1"})
    assert forced.status in (403, 409)


def test_a_proposal_is_declined_from_the_persons_page(cast, visit):
    assert cast.alice
    mona, max_ = visit(cast.mona), visit(cast.max)
    mona.submit(mona.get(page_of(cast.alice)), "/suspend", **WORDS, hours="720")
    max_.submit(max_.get(page_of(cast.alice)), "/decline")
    assert queries.open_case_on(cast.alice) is None
    assert "Declined by a second moderator." in mona.get(page_of(cast.alice))


def test_lifting(cast, visit):
    sanctions.silence(cast.alice, cast.mona, "unkind", "Words.", None)
    db.session.commit()
    max_ = visit(cast.max)
    max_.submit(max_.get(page_of(cast.alice)), "/lift", message="Thank you for explaining.")
    assert standing.of(cast.alice) == "free"
    assert "Lifted" in max_.get(page_of(cast.alice))


def test_cleaning_up_shows_what_it_takes_and_is_undone(post, cast, visit):
    for _number in range(3):
        makers.make_comment(cast.mallory, post, "Cheap watches.")
    mona = visit(cast.mona)
    before = mona.get(f"{page_of(cast.mallory)}/clean-up")
    assert "3 public comments are removed." in before
    assert "They stand in 1 discussion." in before
    assert "Only a digest of the address is kept." in before
    done = mona.submit(before, "/clean-up")
    assert standing.of(cast.mallory) == "suspended"
    assert "Cheap watches." not in visit().get(f"/posts/{post.slug}")
    mona.submit(done, "/undo")
    assert standing.of(cast.mallory) == "free"
    assert "Cheap watches." in visit().get(f"/posts/{post.slug}")


def test_colleagues_have_a_page_without_forms(cast, visit):
    page = visit(cast.mona).get(page_of(cast.max))
    assert "They moderate here too." in page
    assert "Silence and send message" not in page
    assert visit(cast.mona).get(f"{page_of(cast.max)}/clean-up").status == 403
    assert visit(cast.mona).post(f"{page_of(cast.max)}/silence", WORDS | {"hours": "24"}).status == 403


def test_what_is_not_there(cast, visit):
    mona = visit(cast.mona)
    assert mona.get("/moderation/people/999").status == 404
    assert mona.post("/moderation/sanctions/999/lift").status == 404
