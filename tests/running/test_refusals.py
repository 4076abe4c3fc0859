"""What stops a start, and the one sentence that says so."""

import socket
from contextlib import closing

import pytest


def test_a_taken_port(new_site):
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        new_site.settings["PORT"] = str(port)

        assert new_site.refuse() == (1, f"Port {port} is taken. Choose another: PORT={port + 1} make run")


def test_a_data_folder_that_cannot_be_written(new_site, tmp_path):
    # A folder cannot be made inside a file, not even by root, who runs the tests in CI.
    (tmp_path / "file").touch()
    new_site.settings["FORUM_DATA"] = str(tmp_path / "file" / "site")

    code, words = new_site.refuse()

    assert code != 0
    assert f"{tmp_path}/file/site cannot be written" in words
    assert len(words.splitlines()) == 1


@pytest.mark.parametrize(("name", "value"), [("PORT", "eighty"), ("FORUM_WEB_WORKERS", "-1"), ("FORUM_COLOUR", "red")])
def test_a_setting_that_cannot_be_used(new_site, name, value):
    new_site.settings[name] = value

    code, words = new_site.refuse()

    assert code == 2
    assert name in words
    assert len(words.splitlines()) == 1
