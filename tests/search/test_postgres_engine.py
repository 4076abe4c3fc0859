"""What is particular about the index in PostgreSQL: quoting, counted words, the swap, the lock, too many results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from forum.search import postgres_candidates, postgres_entries, postgres_tables, postgres_vocabulary, postgres_weighing
from forum.search import postgres_engine as postgres_engine_module
from forum.search.engine import COMMENT, LIKED, NEWEST, POST, Document, NotReady, Query, Term, Wish
from forum.search.postgres_engine import PostgresEngine
from forum.search.postgres_lock import LOCK

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOST = 100


@pytest.fixture
def postgres_engine(search_database):
    engine = PostgresEngine(search_database)
    with engine.writing():
        engine.replace([])
    return engine


@pytest.fixture
def few(monkeypatch):
    """Three comments and two posts are as many as are compared."""
    few = {frozenset({COMMENT}): 3, frozenset({POST, "person"}): 2}
    monkeypatch.setattr(postgres_candidates, "MOST", few)


def comment(number: int, body: str, **more) -> Document:
    return Document(COMMENT, number, 1, "", body, (), "en", BEGIN + timedelta(hours=number), **more)


def post(number: int, title: str, body: str = "", **more) -> Document:
    return Document(POST, number, number, title, body, (), "en", BEGIN + timedelta(hours=number), **more)


def looking_for(*words: str, **more) -> Query:
    return Query(tuple(Wish((Term((word,)),)) for word in words), **more)


def phrase(*words: str) -> Query:
    return Query((Wish((Term(words),), is_needed=True),))


def found(engine, query: Query) -> list[str]:
    return [hit.key for hit in engine.find(query, MOST).hits]


def counted(database) -> dict[str, int]:
    with database.connect() as connection:
        return dict(connection.execute(text("SELECT word, documents FROM search_v1.words")).tuples().all())


@pytest.mark.parametrize(
    "nasty", ["'", "''", "\\", "\\'", "a'b", "a\\", "& | ! ( ) <-> :*", "'; DROP SCHEMA public; --"]
)
def test_a_lexeme_means_itself_whatever_is_in_it(search_database, nasty):
    quoted = postgres_entries.quoted(nasty)
    with search_database.connect() as connection:
        asked = text("SELECT CAST(:v AS tsvector) @@ CAST(:q AS tsquery), CAST(CAST(:v AS tsvector) AS text)")
        is_there, written = connection.execute(asked, {"v": f"{quoted}:3C,5C", "q": quoted}).one()
    assert is_there
    assert postgres_weighing.read_places(written) == {nasty: [3, 5]}


@pytest.mark.parametrize(
    "nasty", ["'", "\\", "it's", "=bus", "#comment", "@alice", "bus | tram", "!bus", "bus:*", "%", ""]
)
def test_a_searched_word_is_no_operator(postgres_engine, nasty):
    postgres_engine.write([], [comment(1, "bus and tram")])
    prefix = Query((Wish((Term((nasty or "zz",), is_prefix=True),)),))
    for query in (looking_for(nasty or "zz"), phrase("bus", nasty or "zz"), prefix):
        assert found(postgres_engine, query) == []
    assert found(postgres_engine, looking_for("bus", without=(Term((nasty or "zz",)),))) == ["comment:1"]
    assert found(postgres_engine, Query(authors=((nasty or "zz",),))) == []
    assert postgres_engine.known([nasty]) == {}


def test_words_are_counted_as_documents_come_change_and_go(postgres_engine, search_database):
    postgres_engine.write([], [comment(1, "Buses run and run"), comment(2, "running")])
    assert counted(search_database)["run"] == 2
    assert postgres_engine.known(["run", "running", "runs"]) == {"run": 1, "running": 1}
    postgres_engine.write(["comment:1"], [comment(1, "Trams run"), comment(3, "a tram")])
    assert postgres_engine.known(["buses", "trams", "tram", "run"]) == {"trams": 1, "tram": 1, "run": 1}
    assert counted(search_database)["tram"] == 2
    postgres_engine.write(["comment:1", "comment:2", "comment:3", "comment:4"], [])
    assert counted(search_database) == {}


def test_words_are_counted_alike_whether_written_or_rebuilt(postgres_engine, search_database):
    documents = [post(1, "Buses at night", "They run"), comment(1, "Mine ran"), comment(2, "They run, they run")]
    for document in documents:
        postgres_engine.write([document.key], [document])
        postgres_engine.write([document.key], [document])
    written = counted(search_database)
    postgres_engine.replace(documents)
    assert counted(search_database) == written
    assert postgres_engine.is_sound()


def test_names_and_kinds_are_no_words(postgres_engine, search_database):
    person = Document("person", 7, 0, "Zoë", "", ("Zoë", "zoe7"), "en", BEGIN, 7, ("link",))
    postgres_engine.write([], [person])
    assert set(counted(search_database)) == {"zoe", "=zoe"}


def test_a_document_without_any_words_is_held(postgres_engine):
    postgres_engine.write([], [comment(1, "…"), post(1, "", "")])
    assert set(postgres_engine.entries()) == {"comment:1", "post:1"}
    assert found(postgres_engine, Query(kinds=frozenset({POST}))) == ["post:1"]


def test_what_a_killed_build_left_is_swept_away(postgres_engine, search_database):
    postgres_engine.write([], [comment(1, "bus")])
    postgres_tables.begin_next(search_database)
    assert found(postgres_engine, looking_for("bus")) == ["comment:1"]
    assert postgres_engine.replace([comment(2, "bus")]) == 1
    assert found(postgres_engine, looking_for("bus")) == ["comment:2"]
    with search_database.connect() as connection:
        schemas = connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'search%'")).all()
    assert schemas == ["search_v1"]


def test_readers_see_the_old_index_until_the_new_one_is_whole(postgres_engine):
    postgres_engine.write([], [comment(1, "bus")])
    seen = []

    def documents():
        for number in range(2, 4):
            seen.append(found(postgres_engine, looking_for("bus")))
            yield comment(number, "bus")

    postgres_engine.replace(documents())
    assert seen == [["comment:1"], ["comment:1"]]
    assert found(postgres_engine, looking_for("bus")) == ["comment:3", "comment:2"]


def test_who_still_reads_the_old_index_keeps_nobody_from_the_new_one(postgres_engine, search_database, monkeypatch):
    monkeypatch.setattr(postgres_tables, "PATIENCE", "10ms")
    with search_database.connect() as reader:
        reader.execute(text("SELECT key FROM search_v1.documents"))
        postgres_engine.replace([comment(2, "bus")])
        assert found(postgres_engine, looking_for("bus")) == ["comment:2"]
    assert postgres_engine.replace([comment(3, "bus")]) == 1


def test_without_tables_it_says_so(postgres_engine, search_database):
    with search_database.begin() as connection:
        connection.execute(text("DROP SCHEMA search_v1 CASCADE"))
    asked = (
        lambda: found(postgres_engine, looking_for("bus")),
        postgres_engine.entries,
        lambda: postgres_engine.known(["a"]),
    )
    for ask in (*asked, lambda: postgres_engine.write([], [comment(1, "bus")])):
        with pytest.raises(NotReady):
            ask()
    assert not postgres_engine.is_sound()


def test_an_index_that_lost_rows_is_not_sound(postgres_engine, search_database):
    postgres_engine.write([], [comment(1, "bus"), comment(2, "bus")])
    assert postgres_engine.is_sound()
    with search_database.begin() as connection:
        connection.execute(text("DELETE FROM search_v1.documents WHERE key = 'comment:1'"))
    assert not postgres_engine.is_sound()


def test_one_process_writes_at_a_time(postgres_engine, search_database):
    other = PostgresEngine(create_engine(search_database.url))
    with postgres_engine.writing() as first:
        with other.writing() as second:
            assert (first, second) == (True, False)
        with other.writing() as again:
            assert not again, "who did not get it must not give it back"
    with other.writing(patiently=True) as later:
        assert later


def test_the_right_to_write_comes_back_from_a_process_that_is_killed(postgres_engine, search_database):
    holder = create_engine(search_database.url).connect()
    assert holder.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK})
    pid = holder.connection.driver_connection.info.backend_pid
    with postgres_engine.writing() as is_mine:
        assert not is_mine
    with search_database.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with postgres_engine.writing() as is_mine:
        assert is_mine


def test_of_too_many_the_newest_are_compared_and_it_says_so(postgres_engine, few):
    postgres_engine.write([], [comment(n, "bus") for n in range(1, 6)])
    answer = postgres_engine.find(looking_for("bus"), MOST)
    assert [hit.key for hit in answer.hits] == ["comment:5", "comment:4", "comment:3"]
    assert len(answer.tally) == 3
    assert answer.is_cut
    assert not postgres_engine.find(looking_for("bus", since=BEGIN + timedelta(hours=3)), MOST).is_cut


def test_rare_words_and_all_words_together_are_not_crowded_out(postgres_engine, few):
    old = [comment(1, "quokka"), comment(2, "bus and tram"), comment(3, "bus and tram")]
    postgres_engine.write([], [*old, *(comment(n, "bus" if n % 2 else "tram") for n in range(4, 30))])
    answer = postgres_engine.find(looking_for("bus", "tram", "quokka"), MOST)
    assert {"comment:1"} <= {hit.key for hit in answer.hits}
    assert answer.is_cut
    both = postgres_engine.find(looking_for("bus", "tram"), MOST)
    assert [hit.key for hit in both.hits][:2] == ["comment:3", "comment:2"]
    assert both.is_whole


def test_newer_comments_do_not_crowd_out_posts(postgres_engine, few):
    postgres_engine.write([], [post(1, "Buses"), *(comment(n, "buses") for n in range(2, 20))])
    assert found(postgres_engine, looking_for("buses"))[0] == "post:1"
    assert "post:1" in found(postgres_engine, looking_for("buses", order=NEWEST))


def test_the_liked_are_found_however_old(postgres_engine, few):
    postgres_engine.write([], [comment(n, "bus") for n in range(1, 20)])
    keys = found(postgres_engine, looking_for("bus", order=LIKED, favourites=("comment:2", "comment:1")))
    assert keys[:3] == ["comment:2", "comment:1", "comment:19"]


def test_of_a_common_word_the_newest_are_found_without_looking_at_all_of_them(postgres_engine, few, monkeypatch):
    monkeypatch.setattr(postgres_candidates, "MOST_READ", 40)
    postgres_engine.replace(
        [*(comment(n, "bus tram") for n in range(1, 300)), comment(300, "bus car"), comment(0, "x")]
    )
    assert found(postgres_engine, looking_for("bus")) == ["comment:300", "comment:299", "comment:298"]
    only_old = looking_for("bus", until=BEGIN + timedelta(hours=100))
    assert found(postgres_engine, only_old) == ["comment:99", "comment:98", "comment:97"]
    # The phrase is nowhere: after a bounded look it says that it did not look at everything.
    answer = postgres_engine.find(phrase("tram", "bus"), MOST)
    assert (answer.hits, answer.is_cut) == ([], True)


def test_a_search_that_takes_too_long_answers_with_what_it_has(postgres_engine, search_database, monkeypatch):
    postgres_engine.write([], [comment(1, "bus"), post(1, "bus")])
    lock = search_database.connect()
    with lock.begin():
        lock.execute(text("LOCK TABLE search_v1.documents IN ACCESS EXCLUSIVE MODE"))
        monkeypatch.setattr(postgres_engine_module, "LONGEST_SEARCH", "100ms")
        answer = postgres_engine.find(looking_for("bus"), MOST)
    assert (answer.hits, answer.is_cut) == ([], True)
    lock.close()
    monkeypatch.undo()
    assert len(found(postgres_engine, looking_for("bus"))) == 2


def test_very_long_texts_are_held_and_found(postgres_engine):
    words = [f"word{number}" for number in range(20_000)]
    postgres_engine.write([], [comment(1, " ".join(words)), comment(2, "bus " * 5_000 + "tram")])
    assert found(postgres_engine, looking_for("word19999")) == ["comment:1"]
    assert found(postgres_engine, phrase("word100", "word101")) == ["comment:1"]
    # Beyond 16,383 words PostgreSQL does not know what stands beside what, and must not make it up.
    assert found(postgres_engine, phrase("word19998", "word17000")) == []
    assert found(postgres_engine, looking_for("tram")) == ["comment:2"]


def test_what_is_too_large_for_postgresql_is_cut_and_not_refused(postgres_engine):
    vast = " ".join(f"{number}{'ﷺ' * 30}" for number in range(5_000))
    postgres_engine.write([], [post(1, "Vast", vast), comment(1, "ﷺ" * 64)])
    assert found(postgres_engine, looking_for("vast")) == ["post:1"]
    assert len(postgres_engine.entries()) == 2


def test_a_word_counts_as_often_as_postgresql_can_say():
    row, _lexemes = postgres_entries.entry(comment(1, "bus " * 400))
    places = row.vector.partition(" 'bus':")[2].partition(" ")[0].split(",")
    assert places == [str(place) for place in range(2, 257)]


def test_a_prefix_stands_for_frequent_words_only_while_there_is_not_too_much_to_read(postgres_engine, monkeypatch):
    monkeypatch.setattr(postgres_vocabulary, "MOST_WITH_PREFIX", 5)
    texts = ["busy"] * 3 + ["buses"] * 2 + ["bust"]
    postgres_engine.write([], [comment(number, text) for number, text in enumerate(texts, 1)])
    query = Query((Wish((Term(("bu",), is_prefix=True),)),))
    answer = postgres_engine.find(query, MOST)
    assert sorted(hit.id for hit in answer.hits) == [1, 2, 3, 4, 5]
    assert answer.is_shortened
    monkeypatch.setattr(postgres_vocabulary, "MOST_WITH_PREFIX", 2)
    assert sorted(hit.id for hit in postgres_engine.find(query, MOST).hits) == [1, 2, 3], (
        "one word is always looked for"
    )
    monkeypatch.setattr(postgres_vocabulary, "MOST_WITH_PREFIX", 6)
    assert not postgres_engine.find(query, MOST).is_shortened
