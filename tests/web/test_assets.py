"""Static files: few, kept for ever under their digest, packed before anybody asks."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import time
from pathlib import Path

import brotli
import pytest
from flask import Flask

import config
from forum.web import assets, bundling
from tests import makers
from tests.apart import apart
from tests.sites import own_site

STATIC = Path(__file__).resolve().parents[2] / "static"


def asked_for(html: str) -> set[str]:
    """The files that a browser fetches for this page."""
    return {address.partition("#")[0] for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html)}


@pytest.fixture
def site(tmp_path):
    """`site(folder)`: an application that serves this folder, with the data folder of this test."""

    def make(folder: Path) -> Flask:
        app = Flask("forum", template_folder=str(config.ROOT / "templates"), static_folder=None)
        app.config["FORUM"] = config.read({"FORUM_DATA": str(tmp_path / "data")})
        assets.install(app, folder)
        return app

    return make


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of our static files, to be changed."""
    return Path(shutil.copytree(STATIC, tmp_path / "static"))


def get(app: Flask, address: str, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return apart(app.test_client(use_cookies=False).get, address, headers=named)


def address(app: Flask, name: str) -> str:
    return app.jinja_env.globals["asset"](name)


def test_a_page_asks_for_one_sheet_and_one_script(cast, visit):
    post = makers.make_post(cast.arthur)
    for url in ("/", f"/posts/{post.slug}", "/search", "/sign-in"):
        html = visit().get(url).html
        assert len(re.findall(r'<link rel="stylesheet"', html)) == 1, url
        assert len(re.findall(r"<script", html)) == 1, url
        assert len(asked_for(html)) <= 6, url


def test_every_file_that_a_page_names_is_there_for_ever_and_packed(app, cast, visit):
    for name in asked_for(visit().get("/").html):
        answers = {form: get(app, name, Accept_Encoding=form) for form in ("br", "gzip", "")}
        plain = answers[""].data
        assert brotli.decompress(answers["br"].data) == gzip.decompress(answers["gzip"].data) == plain
        for form, answer in answers.items():
            assert answer.status_code == 200
            assert answer.headers.get("Content-Encoding", "") == form
            assert "immutable" in answer.headers["Cache-Control"]
            assert "max-age=31536" in answer.headers["Cache-Control"]
            assert answer.headers["Vary"] == "Accept-Encoding"
        assert len(answers["br"].data) < len(plain)


def test_what_is_served_is_what_the_folder_says(app):
    assert get(app, address(app, "css/site.css")).get_data(as_text=True) == bundling.styles(STATIC / "css" / "site.css")
    assert get(app, address(app, "js/site.js")).get_data(as_text=True) == bundling.modules(STATIC / "js" / "site.js")
    assert get(app, address(app, "icons/sprite.svg")).data == (STATIC / "icons" / "sprite.svg").read_bytes()


def test_a_changed_file_has_another_address_and_the_others_keep_theirs(site, folder):
    before = site(folder)
    (folder / "css" / "base.css").write_text("@layer base { a { color: red } }")
    after = site(folder)
    assert address(after, "css/site.css") != address(before, "css/site.css")
    for name in ("js/site.js", "icons/sprite.svg"):
        assert address(after, name) == address(before, name)
    assert after.config["BUILD"] != before.config["BUILD"]


def test_pages_of_before_an_update_still_get_their_files(site, folder):
    before = site(folder)
    css = get(before, address(before, "css/site.css")).data
    (folder / "css" / "base.css").write_text("@layer base { a { color: red } }")
    assert get(site(folder), address(before, "css/site.css")).data == css


def test_files_that_nobody_used_for_a_month_go(site, folder, tmp_path):
    before = site(folder)
    old = address(before, "css/site.css").removeprefix("/static/")
    (folder / "css" / "base.css").write_text("@layer base { a { color: red } }")
    made = tmp_path / "data" / "static"
    long_ago = time.time() - (assets.KEPT_DAYS + 1) * 24 * 60 * 60
    for path in made.rglob("*.*"):
        os.utime(path, (long_ago, long_ago))
    after = site(folder)
    assert sorted(made.glob(f"{old}*")) == []
    assert get(after, f"/static/{old}").status_code == 404
    assert get(after, address(after, "icons/sprite.svg"), Accept_Encoding="br").headers["Content-Encoding"] == "br"


def test_a_second_start_writes_nothing(site, folder, tmp_path):
    site(folder)
    made = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    inodes = {path: path.stat().st_ino for path in made}
    site(folder)
    assert {path: path.stat().st_ino for path in (tmp_path / "data").rglob("*") if path.is_file()} == inodes


def test_a_start_that_was_cut_off_is_made_good_by_the_next(site, folder, tmp_path):
    app = site(folder)
    made = tmp_path / "data" / "static"
    css = made / address(app, "css/site.css").removeprefix("/static/")
    # The packed ones come first, the file itself last.
    css.unlink()
    Path(f"{css}.gz").unlink()
    again = site(folder)
    assert get(again, address(again, "css/site.css"), Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    ["/static/../secret", "/static/%2e%2e/secret", "/static/..%2fsecret", "/static//secret", "/static/", "/static",
     "/static/css/../../secret", "/static/css/site.css", "/static/css/site.css.br", "/static/css/base.css",
     "/static/%00", "/static/....//secret", "/static/css%5c..%5c..%5csecret"],
)  # fmt: skip
def test_nothing_else_of_the_data_folder_is_served(path, tmp_path):
    app = own_site(tmp_path)
    assert (tmp_path / "secret").exists()
    answer = get(app, path)
    assert answer.status_code in (301, 308, 400, 404)
    assert (tmp_path / "secret").read_bytes() not in answer.data


def test_a_packed_form_has_no_address_of_its_own(app):
    name = address(app, "css/site.css")
    for end in (".br", ".gz"):
        assert get(app, name + end).status_code == 404


def test_an_unknown_name_in_a_template_is_an_error_and_no_broken_link(app):
    with pytest.raises(KeyError):
        address(app, "css/nothing.css")
