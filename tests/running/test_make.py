"""What `make` does before the site or the tests start; stand-ins for Python and npm note how they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["sh", "make", "cksum", "cut", "mkdir", "cp", "rm", "touch", "dirname"]
NEEDED = ["Makefile", "requirements.lock", "requirements-dev.lock", "package.json", "package-lock.json"]

# `python -m venv .venv` makes a copy of the stand-in.
PYTHON = """#!/bin/sh
echo "python $*" >> "$NOTES"
[ "$2" = venv ] && mkdir -p .venv/bin && cp "$0" .venv/bin/python
exit 0
"""
NPM = """#!/bin/sh
echo "npm $*" >> "$NOTES"
mkdir -p node_modules/commonmark-spec && touch node_modules/commonmark-spec/spec.txt
"""
FOR_THE_TESTS = {"chromium": "#!/bin/sh\n", "npm": NPM, "redis-server": "#!/bin/sh\n"}


class Newcomer:
    """A copy of the project on a machine that has little else than make."""

    def __init__(self, folder: Path) -> None:
        self.project, self.path, self.notes = folder / "project", folder / "bin", folder / "notes"
        self.project.mkdir()
        self.path.mkdir()
        self.notes.touch()
        for name in NEEDED:
            shutil.copy(ROOT / name, self.project)
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool))

    def has(self, program: str, script: str) -> None:
        (self.path / program).write_text(script)
        (self.path / program).chmod(0o755)

    def has_all_for_the_tests_but(self, absent: str) -> None:
        for program in FOR_THE_TESTS.keys() - {absent}:
            self.has(program, FOR_THE_TESTS[program])

    def make(self, command: str) -> tuple[int, str, list[str]]:
        """Its exit code, what it printed, and the calls of the stand-ins."""
        self.notes.write_text("")
        done = subprocess.run(
            ["make", command],
            cwd=self.project,
            env={"PATH": str(self.path), "NOTES": str(self.notes)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, self.notes.read_text().splitlines()


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def test_without_a_python_it_says_so(newcomer):
    code, printed, _ = newcomer.make("run")

    assert code != 0
    assert "Python 3.11 or newer is needed, and none was found on the PATH.\n" in printed


def test_an_old_python_is_passed_over_for_a_newer_one(newcomer):
    newcomer.has("python3.11", "#!/bin/sh\nexit 1\n")
    newcomer.has("python3", PYTHON)

    code, printed, _ = newcomer.make("run")

    assert code == 0, printed


def test_only_an_old_python_is_none(newcomer):
    newcomer.has("python3", "#!/bin/sh\nexit 1\n")

    code, printed, _ = newcomer.make("run")

    assert code != 0
    assert "Python 3.11 or newer is needed" in printed


def test_a_python_without_venv_names_the_package_to_install(newcomer):
    newcomer.has(
        "python3",
        """#!/bin/sh
        case "$2" in *ensurepip*) exit 1 ;; *print*) echo python3.12-venv ;; esac
        """,
    )

    code, printed, _ = newcomer.make("run")

    assert code != 0
    assert "install its venv package (python3.12-venv on Debian and Ubuntu)" in printed


def test_the_first_run_installs_and_the_second_only_starts(newcomer):
    newcomer.has("python3", PYTHON)

    _, _, first = newcomer.make("run")
    _, printed, second = newcomer.make("run")

    assert any("pip install" in call and "--require-hashes" in call for call in first)
    assert second == ["python -m forum.serve"]
    assert printed == ""


def test_a_changed_lock_file_is_installed_and_a_touched_one_is_not(newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.make("run")
    lock = newcomer.project / "requirements.lock"

    os.utime(lock)
    _, _, after_touch = newcomer.make("run")
    lock.write_text("flask==99\n")
    _, _, after_change = newcomer.make("run")

    assert not any("pip install" in call for call in after_touch)
    assert any("pip install" in call for call in after_change)


def test_an_environment_whose_python_is_gone_is_made_anew(newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.make("run")
    python = newcomer.project / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")

    code, _, calls = newcomer.make("run")

    assert code == 0
    assert any("pip install" in call for call in calls)


@pytest.mark.parametrize(
    ("program", "left_out"),
    [
        ("chromium", "the tests in a browser (Chromium was not found; install it to run them)."),
        ("npm", "CommonMark's own examples (npm was not found; install it to run them)."),
        ("redis-server", "the tests with Redis (redis-server was not found; install it to run them)."),
    ],
)
def test_where_something_is_not_there_it_says_which_tests_are_left_out(program, left_out, newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.has("id", "#!/bin/sh\necho 1000\n")
    newcomer.has_all_for_the_tests_but(program)

    code, printed, calls = newcomer.make("test")

    assert code == 0
    assert f"Left out: {left_out}" in printed
    assert printed.count("Left out") == 1
    assert calls[-1].startswith("python -m pytest")


@pytest.mark.parametrize("program", ["chromium", "redis-server"])
def test_root_gets_it_from_apt(program, newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.has("id", "#!/bin/sh\necho 0\n")
    newcomer.has("apt-get", '#!/bin/sh\necho "apt-get $*" >> "$NOTES"\n')
    newcomer.has_all_for_the_tests_but(program)

    _, printed, calls = newcomer.make("test")

    assert any(call.startswith("apt-get install") and program in call for call in calls)
    assert "Left out" not in printed


@pytest.mark.parametrize("is_there", [True, False], ids=["chromium is there", "nothing is there"])
def test_where_apt_has_no_chromium_without_a_window_the_usual_one_is_taken(is_there, newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.has("id", "#!/bin/sh\necho 0\n")
    newcomer.has("apt-get", '#!/bin/sh\necho "apt-get $*" >> "$NOTES"\ncase "$*" in *headless*) exit 100 ;; esac\n')
    newcomer.has_all_for_the_tests_but("" if is_there else "chromium")

    _, printed, calls = newcomer.make("test")

    assert any(call.endswith(" chromium fonts-liberation") for call in calls) is not is_there
    assert "Left out" not in printed


def test_only_the_tests_fetch_what_only_they_need_and_only_once(newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.has("npm", NPM)
    newcomer.has("chromium", "#!/bin/sh\n")
    newcomer.has("redis-server", "#!/bin/sh\n")
    examples = newcomer.project / "node_modules/commonmark-spec/spec.txt"

    newcomer.make("run")
    is_there_after_a_run = examples.exists()
    _, printed, first = newcomer.make("test")
    _, _, second = newcomer.make("test")

    assert not is_there_after_a_run
    assert examples.exists()
    assert "Left out" not in printed
    assert sum(call.startswith("npm") for call in first) == 1
    assert not any(call.startswith("npm") for call in second)


def test_where_npm_fails_the_tests_run_without_what_it_fetches(newcomer):
    newcomer.has("python3", PYTHON)
    newcomer.has_all_for_the_tests_but("npm")
    newcomer.has("npm", "#!/bin/sh\nexit 1\n")

    code, printed, calls = newcomer.make("test")

    assert code == 0
    assert "Left out: CommonMark's own examples (npm could not fetch them)." in printed
    assert calls[-1].startswith("python -m pytest")
