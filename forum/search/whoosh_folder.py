"""Where an index lies: its builds, a pointer to the one in use, and the writer's lock."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forum.search.engine import NotReady


class IndexFolder:
    """Nobody else may look into it: what lies there is unpickled, so whoever can write it can run code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = folder / "current"

    def build_in_use(self) -> Path:
        """Raises NotReady when there is none."""
        try:
            return self.folder / os.readlink(self._pointer)
        except OSError as error:
            raise NotReady("there is no index") from error

    def new_build(self) -> Path:
        """An empty folder for the writer. What killed builds left behind is swept away first."""
        self._sweep()
        build = self.folder / f"build-{secrets.token_hex(6)}"
        build.mkdir(mode=0o700)
        return build

    def use(self, build: Path) -> None:
        """From now on readers open this build."""
        make_lasting(build)
        fresh = self.folder / "next"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(build.name)
        fresh.replace(self._pointer)
        _sync(self.folder)
        self._sweep()

    def _sweep(self) -> None:
        # A reader that has the old build open keeps its files until it closes them.
        kept = os.readlink(self._pointer) if self._pointer.is_symlink() else ""
        for build in self.folder.glob("build-*"):
            if build.name != kept:
                shutil.rmtree(build, ignore_errors=True)

    @contextmanager
    def lock(self, *, patiently: bool = False) -> Iterator[bool]:
        """The right to write. The kernel takes it back from a process that dies, however it dies."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if patiently else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(handle)


def make_lasting(build: Path) -> None:
    """Wait until the disk holds it all: Whoosh does not, and a power cut would leave empty files."""
    for file in build.iterdir():
        if file.is_file():
            _sync(file)
    _sync(build)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
