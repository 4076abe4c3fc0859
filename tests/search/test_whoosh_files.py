"""The files of the index: their writer may be killed, they may be damaged or swapped, and readers come through."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forum.search.engine import NotReady, Query
from forum.search.whoosh_engine import VERSION, WhooshEngine
from tests.search.shelf import MOST, change, comment, found, keep, query

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def engine(whoosh: WhooshEngine) -> WhooshEngine:
    return whoosh


# Adds comments one by one until it is killed, and says what lasts.
WRITER = """
import sys
from pathlib import Path
from forum.search.whoosh_engine import WhooshEngine
from tests.search.shelf import comment, keep

engine, first = WhooshEngine(Path(sys.argv[1])), int(sys.argv[2])
for number in range(first, first + 10_000):
    keep(engine, comment(number, f"quokka number{number}"))
    print(number, flush=True)
"""

# Takes the right to write and keeps it until it is killed.
HOLDER = """
import sys, time
from pathlib import Path
from forum.search.whoosh_engine import WhooshEngine

with WhooshEngine(Path(sys.argv[1])).writing() as is_mine:
    print(is_mine, flush=True)
    time.sleep(60)
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> str:
    """Kill it; what it had said."""
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0]


def test_a_killed_writer_loses_nothing_it_had_finished_and_leaves_no_lock(engine, tmp_path):
    done: set[int] = set()
    for turn in range(6):
        process = start(WRITER, tmp_path, turn * 10_000)
        assert process.stdout is not None
        done.add(int(process.stdout.readline()))
        time.sleep(0.03 + turn * 0.017)
        done |= {int(line) for line in kill(process).splitlines()}
        assert engine.is_sound()
    held = {int(key.partition(":")[2]) for key in engine.entries()}
    assert done <= held
    # At most the one in hand when it was killed is there besides.
    assert len(held - done) <= 6
    assert len(found(engine, "quokka")) == len(held)
    keep(engine, comment(70_000, "quokka"))
    assert len(found(engine, "quokka")) == len(held) + 1


def test_one_process_writes_at_a_time_and_a_killed_one_makes_room(engine, tmp_path):
    holder = start(HOLDER, tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with engine.writing() as is_mine:
        assert not is_mine
    assert found(engine, "quokka") == [], "readers do not wait"
    kill(holder)
    with engine.writing() as is_mine:
        assert is_mine


def test_two_threads_of_one_process_do_not_write_at_once(engine, tmp_path):
    with engine.writing() as first, WhooshEngine(tmp_path).writing() as second:
        assert (first, second) == (True, False)


def test_a_patient_writer_waits_for_its_turn(engine, tmp_path):
    order: list[str] = []

    def wait() -> None:
        with WhooshEngine(tmp_path).writing(patiently=True) as is_mine:
            assert is_mine
            order.append("second")

    with engine.writing():
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.1)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


def test_readers_see_whole_states_while_others_write_and_replace(engine, tmp_path):
    """Each state has one quokka; whatever a reader sees, it sees exactly one."""
    keep(engine, comment(1, "quokka"))
    stop = threading.Event()

    def read() -> list[int]:
        seen, reading = [], WhooshEngine(tmp_path)
        while not stop.is_set():
            seen.append(len(reading.find(query("quokka"), MOST).hits))
        return seen

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for turn in range(2, 40):
            change(engine, [f"comment:{turn - 1}"], comment(turn, "quokka"))
            if turn % 4 == 0:
                with engine.writing():
                    engine.replace([comment(turn, "quokka")])
        stop.set()
    for reader in readers:
        assert len(reader.result()) > 20
        assert set(reader.result()) == {1}


def test_a_replacement_that_fails_leaves_the_old_index_in_use(engine, tmp_path):
    keep(engine, comment(1, "quokka"))

    def failing():
        yield comment(2, "bus")
        raise RuntimeError("the database is away")

    with engine.writing(), pytest.raises(RuntimeError):
        engine.replace(failing())
    assert found(engine, "quokka") == ["comment:1"]
    with engine.writing():
        engine.replace([comment(3, "quokka")])
    builds = list((tmp_path / VERSION).glob("build-*"))
    assert len(builds) == 1, "what failed and what was replaced is swept away"


@pytest.mark.parametrize("damage", ["cut", "empty", "gone"])
@pytest.mark.parametrize("kind", [".seg", ".toc"])
def test_a_damaged_file_is_told_and_not_an_error(engine, tmp_path, kind, damage):
    keep(engine, comment(1, "quokka"))
    [file] = (tmp_path / VERSION / "current").resolve().glob(f"*{kind}")
    if damage == "gone":
        file.unlink()
    else:
        os.truncate(file, file.stat().st_size // 2 if damage == "cut" else 0)
    assert not engine.is_sound()
    with pytest.raises(NotReady):
        found(engine, "quokka")
    with engine.writing():
        engine.replace([comment(1, "quokka")])
    assert engine.is_sound()
    assert found(engine, "quokka") == ["comment:1"]


def test_no_text_can_be_read_out_of_the_files(engine, tmp_path):
    keep(engine, comment(1, "Confidential sentences stay in the database."))
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"Confidential sentences" not in stored


def test_without_an_index_it_says_so(tmp_path):
    engine = WhooshEngine(tmp_path / "nowhere")
    with pytest.raises(NotReady):
        engine.find(Query(), MOST)
    with pytest.raises(NotReady):
        engine.known(["bus"])
    with pytest.raises(NotReady):
        engine.beginning("bus", 10)
    with pytest.raises(NotReady):
        engine.entries()
    assert not engine.is_sound()
    assert not (tmp_path / "nowhere").exists(), "a reader must not make anything"


def test_nobody_else_may_look_into_the_index(engine, tmp_path):
    keep(engine, comment(1, "quokka"))
    for folder in (tmp_path / VERSION, (tmp_path / VERSION / "current").resolve()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_search_leaves_no_file_open(engine):
    for number in range(5):
        keep(engine, comment(number, "quokka"))
    before = len(os.listdir("/proc/self/fd")), _maps()
    for _ in range(20):
        found(engine, "quokka")
    assert (len(os.listdir("/proc/self/fd")), _maps()) == before


def _maps() -> int:
    return len(re.findall(r"\.seg", Path("/proc/self/maps").read_text()))


def test_no_reader_is_ever_refreshed_and_no_filter_used():
    """Refreshed readers keep removed texts findable, and an empty filter lets everything through."""
    for path in (ROOT / "forum").rglob("*.py"):
        source = path.read_text()
        assert not re.search(r"(searcher|reader|index)\w*\.refresh\(", source), path
        if "search" in path.parts:
            assert not re.search(r"\.refresh\(|\bfilter=", source), path
