"""What every search engine of ours must do."""

from __future__ import annotations

import pytest

from tests.search.shelf import MOST, answer, change, comment, found, keep, post, query


def test_a_new_index_finds_nothing(engine):
    assert found(engine, "anything") == []


def test_a_document_is_found_by_a_word_of_its_title_and_of_its_text(engine):
    keep(engine, post(1, "Buses at night", "They run every hour."), comment(7, "Mine was late."))
    assert found(engine, "buses") == ["post:1"]
    assert found(engine, "hour") == ["post:1"]
    assert found(engine, "late") == ["comment:7"]


def test_a_forgotten_document_is_not_found(engine):
    keep(engine, comment(1, "quokka"), comment(2, "quokka"))
    change(engine, ["comment:1"])
    assert found(engine, "quokka") == ["comment:2"]


def test_a_document_written_twice_in_a_batch_and_again_later_is_held_once(engine):
    keep(engine, comment(1, "quokka one"))
    keep(engine, comment(1, "quokka two"), comment(2, "other"))
    keep(engine, comment(1, "quokka three"))
    assert found(engine, "quokka") == ["comment:1"]
    assert found(engine, "two") == []
    assert len(engine.entries()) == 2


def test_forgetting_what_is_not_there_does_no_harm(engine):
    keep(engine, comment(1, "quokka"))
    change(engine, ["comment:99", "post:1"])
    assert found(engine, "quokka") == ["comment:1"]


def test_many_small_writes_leave_one_entry_each(engine):
    for number in range(60):
        keep(engine, comment(number, f"quokka number{number}"))
    for number in range(0, 60, 2):
        change(engine, [f"comment:{number}"])
    assert sorted(engine.entries()) == sorted(f"comment:{n}" for n in range(1, 60, 2))
    assert len(engine.find(query("quokka"), MOST).tally) == 30


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("run", "She was running for the bus."),
        ("running", "They run every hour."),
        ("libraries", "The library is closed."),
        ("councils", "It is the council's own rule."),
        ("don't agree", "I don’t agree."),
        ("cafe", "A café on the corner."),
        ("café", "A cafe on the corner."),
        ("CAFÉ", "A café with a combined accent."),
        ("Łódź", "We went to Lodz."),
        ("strasse", "Die Straße ist laut."),
        ("smorgasbord", "A smørgåsbord of ideas."),
        ("e-mail", "Send an e-mail."),
        ("max_len", "Set max_len to five."),
        ("example.org", "See https://www.example.org/path?q=1"),
        ("北京", "我们去北京了"),
        ("हिन्दी", "यह हिन्दी है"),
        ("سلام", "سَلَام"),
        ("شــلام", "شلام"),
        ("42", "Bus 42 is late."),
    ],
)
def test_words_are_found_in_their_other_forms(engine, typed, written):
    keep(engine, comment(1, written), comment(2, "Something else altogether."))
    assert found(engine, typed)[:1] == ["comment:1"]


def test_only_english_texts_lose_their_endings(engine):
    keep(engine, comment(1, "Mae'r wales yma", lang="cy"), comment(2, "The wales are here", lang="en-GB"))
    assert set(found(engine, "wales")) == {"comment:1", "comment:2"}
    assert found(engine, "wale") == ["comment:2"]


def test_any_word_is_enough_and_more_are_better(engine):
    keep(
        engine,
        comment(1, "A quokka on the road."),
        comment(2, "A bicycle on the road."),
        comment(3, "A quokka on a bicycle."),
        comment(4, "Nothing of the sort."),
    )
    keys = found(engine, "quokka bicycle")
    assert keys[0] == "comment:3"
    assert sorted(keys) == ["comment:1", "comment:2", "comment:3"]


def test_a_rare_word_counts_for_more_than_a_common_one(engine):
    keep(engine, *(comment(n, "The bus is late.") for n in range(2, 30)), comment(1, "The quokka is late."))
    assert found(engine, "bus quokka")[0] == "comment:1"


def test_a_title_counts_for_more_than_a_text(engine):
    keep(engine, post(1, "Something", "About buses and roads."), post(2, "Buses", "And other things."))
    assert found(engine, "buses") == ["post:2", "post:1"]


def test_a_comment_profits_from_the_title_above_it_but_is_not_found_by_it(engine):
    keep(
        engine,
        post(1, "Gardening"),
        post(2, "Roads"),
        comment(1, "Slugs again.", on=1),
        comment(2, "Slugs again.", on=2),
    )
    assert found(engine, "gardening") == ["post:1"]
    keys = found(engine, "gardening slugs")
    assert keys.index("comment:1") < keys.index("comment:2")


def test_among_equals_the_newest_is_first(engine):
    keep(engine, comment(3, "quokka"), comment(1, "quokka"), comment(2, "quokka"))
    assert found(engine, "quokka") == ["comment:3", "comment:2", "comment:1"]


def test_a_phrase_is_found_as_it_stands(engine):
    keep(engine, comment(1, "You can say yes to that."), comment(2, "Yes, I say."), comment(3, "Say it: yes."))
    assert found(engine, '"say yes"') == ["comment:1"]
    assert found(engine, "“say yes”") == ["comment:1"]
    assert found(engine, '"to be or not"') == []


def test_a_phrase_may_hold_small_words_and_stand_in_a_title(engine):
    keep(engine, post(1, "To be or not to be"), post(2, "Not to be missed, or so they say"))
    assert found(engine, '"to be or not to be"') == ["post:1"]


def test_every_phrase_must_be_there(engine):
    keep(engine, comment(1, "red bus, blue car"), comment(2, "red bus"), comment(3, "blue car"))
    assert found(engine, '"red bus" "blue car"') == ["comment:1"]


def test_words_beside_a_phrase_only_sort(engine):
    keep(engine, comment(1, "red bus and a quokka"), comment(2, "a red bus"), comment(3, "quokka"))
    assert found(engine, '"red bus" quokka') == ["comment:1", "comment:2"]


def test_words_can_be_left_out(engine):
    keep(engine, comment(1, "bus quokka"), comment(2, "bus"), comment(3, "bus running late"))
    assert set(found(engine, "bus -quokka")) == {"comment:2", "comment:3"}
    assert found(engine, 'bus -quokka -"running late"') == ["comment:2"]
    assert found(engine, "bus -quokka -run") == ["comment:2"]


def test_small_words_of_a_question_do_not_find_everything(engine):
    keep(engine, comment(1, "What is the time?"), comment(2, "The bus is late."))
    assert found(engine, "what is the bus") == ["comment:2"]
    assert found(engine, "what is the") == ["comment:1", "comment:2"]


def test_it_says_whether_anything_has_all_words(engine):
    keep(engine, comment(1, "red bus"), comment(2, "blue car"), comment(3, "red roofs"))
    assert answer(engine, "red bus").is_whole
    assert answer(engine, "red bus", order="newest").is_whole
    assert not answer(engine, "red car").is_whole
    assert not answer(engine, "red bus", stale=["comment:1"]).is_whole


def test_replacing_leaves_only_the_new(engine):
    keep(engine, comment(1, "quokka"), comment(2, "quokka"))
    with engine.writing():
        assert engine.replace([comment(2, "quokka"), comment(3, "quokka")]) == 2
    assert sorted(engine.entries()) == ["comment:2", "comment:3"]


def test_a_stamp_tells_equal_documents_from_changed_ones(engine):
    keep(engine, comment(1, "quokka"))
    before = engine.entries()
    keep(engine, comment(1, "quokka"))
    assert engine.entries() == before
    keep(engine, comment(1, "quokka!"))
    assert engine.entries() != before


def test_what_has_every_word_comes_before_what_has_the_rarest_twice(engine):
    keep(
        engine,
        *(comment(number, "Nothing but a bicycle here.") for number in range(10, 40)),
        *(comment(number, "Nothing of the sort here.") for number in range(40, 50)),
        comment(1, "A quokka and a quokka."),
        comment(2, "A quokka on a bicycle."),
    )
    assert found(engine, "quokka bicycle")[:2] == ["comment:2", "comment:1"]


def test_the_form_that_was_typed_comes_first(engine):
    keep(engine, comment(1, "running"), comment(2, "runs"), comment(3, "run"))
    assert found(engine, "running")[0] == "comment:1"
    assert found(engine, "runs")[0] == "comment:2"
    assert sorted(found(engine, "run")) == ["comment:1", "comment:2", "comment:3"]


def test_long_titles_are_weighed_against_titles_and_not_against_texts(engine):
    """Comments have none: they must not make every title a long one."""
    keep(
        engine,
        post(1, "Something", "bus bus bus and some other words"),
        post(2, "The bus", "Some other words of about the same length"),
        *(comment(number, "Nothing of the sort.", on=9) for number in range(50)),
    )
    assert found(engine, "bus") == ["post:2", "post:1"]


def test_one_of_two_words_is_as_good_as_the_other(engine):
    keep(engine, comment(1, "A tram at night"), comment(2, "A bus at night"), comment(3, "A bicycle at night"))
    assert sorted(found(engine, "tram OR bus")) == ["comment:1", "comment:2"]
    assert answer(engine, "tram OR bus").is_whole
    assert not answer(engine, "(tram OR bus) quokka").is_whole


def test_one_of_two_phrases_is_enough_and_one_is_needed(engine):
    keep(engine, comment(1, "red bus"), comment(2, "blue car"), comment(3, "blue bus and a red car"))
    assert sorted(found(engine, '"red bus" OR "blue car"')) == ["comment:1", "comment:2"]


def test_a_word_with_signs_inside_is_looked_for_as_it_is_written(engine):
    keep(engine, comment(1, "Send an e-mail."), comment(2, "Mail me plan E."), comment(3, "Something about buses."))
    assert found(engine, "e-mail") == ["comment:1"]
    assert sorted(found(engine, "e-mail buses")) == ["comment:1", "comment:3"], "it is not needed"


def test_a_phrase_is_found_in_all_its_forms_and_with_a_word_twice(engine):
    keep(engine, comment(1, "She was running late"), comment(2, "late to run"), comment(3, "bora bora is far"))
    assert found(engine, '"runs late"') == ["comment:1"]
    assert found(engine, '"bora bora"') == ["comment:3"]
    assert found(engine, '"bora bora bora"') == []


def test_a_phrase_does_not_go_from_title_to_text(engine):
    keep(engine, post(1, "A red", "bus"))
    assert found(engine, '"red bus"') == []


def test_a_hit_has_its_score(engine):
    keep(engine, comment(1, "quokka"), comment(2, "quokka and some more words"))
    scores = [hit.score for hit in answer(engine, "quokka").hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] > 0


def test_no_more_hits_come_than_are_asked_for_and_all_are_counted(engine):
    keep(engine, *(comment(number, "bus") for number in range(1, 8)))
    few = answer(engine, "bus", most=3)
    assert [hit.key for hit in few.hits] == ["comment:7", "comment:6", "comment:5"]
    assert len(few.tally) == 7
