"""Where files are kept: the same promises by a folder and by storage that speaks S3."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import config
from forum.media import s3
from forum.media.names import Missing
from forum.media.s3 import Bucket
from forum.media.storage import Folder, site_storage
from tests.media import buckets
from tests.sites import own_site

NAME, OTHER = "abcdefghijkmnpqrstuvwxyz23-60x40.webp", "bbcdefghijkmnpqrstuvwxyz23-60x40-small.jpg"
NO_NAMES = [
    "../secret", "..", ".", "", "/etc/passwd", "a/b.webp", "a\\b.webp", "a.webp/../../x.webp", "a\0.webp", "a.webp\n",
    "%2e%2e%2fsecret.webp", "A.webp", "é.webp", "a.b.webp", ".webp", "-a.webp", "a", "a.", "a" * 90 + ".webp",
    "a.webp?x=1", "a b.webp", "CON.webp", "a:b.webp",
]  # fmt: skip


@pytest.fixture
def store():
    store = buckets.Store()
    yield store
    store.close()


def settings(folder: Path, store: buckets.Store, **environ: str) -> config.Config:
    keys = {"FORUM_S3_KEY": buckets.KEY, "FORUM_S3_SECRET": buckets.SECRET, "FORUM_MEDIA_URL": store.url}
    return config.read({"FORUM_DATA": str(folder)} | keys | environ)


@pytest.fixture(params=["folder", "bucket"])
def storage(request, tmp_path):
    if request.param == "folder":
        yield Folder(tmp_path / "media")
        return
    store = request.getfixturevalue("store")
    yield Bucket(settings(tmp_path, store).media_bucket)
    assert store.refused == []


# What both promise


def test_what_is_put_is_there_until_it_is_deleted(storage):
    content = bytes(range(256)) * 100
    assert not storage.exists(NAME)
    storage.put(NAME, content, "image/webp")
    storage.put(OTHER, b"", "image/jpeg")
    assert storage.exists(NAME)
    assert storage.get(NAME) == content
    assert storage.get(OTHER) == b""
    storage.delete(NAME)
    assert not storage.exists(NAME)
    assert storage.exists(OTHER)


def test_what_is_not_there_is_missing_and_may_be_deleted(storage):
    with pytest.raises(Missing):
        storage.get(NAME)
    storage.delete(NAME)


def test_putting_again_is_putting(storage):
    storage.put(NAME, b"first", "image/webp")
    storage.put(NAME, b"second", "image/webp")
    assert storage.get(NAME) == b"second"


def test_all_names_each_file_once_and_when_it_came(storage):
    assert list(storage.all()) == []
    made = [f"{letter}{NAME[1:]}" for letter in "abcdeab"]
    for name in made:
        storage.put(name, b"x", "image/webp")
    found = dict(storage.all())
    assert sorted(found) == sorted(set(made))
    assert all(abs(datetime.now(UTC) - when) < timedelta(minutes=1) for when in found.values())


@pytest.mark.parametrize("name", NO_NAMES, ids=repr)
def test_no_name_leads_out_of_its_place(storage, tmp_path, name):
    outside = tmp_path / "secret"
    outside.write_text("the key of the site")
    assert not storage.exists(name)
    for act in (storage.get, storage.delete, lambda name: storage.put(name, b"x", "image/webp")):
        with pytest.raises(Missing):
            act(name)
    assert outside.read_text() == "the key of the site"
    assert list(storage.all()) == []


# The folder


def test_the_folder_is_nobody_elses(tmp_path):
    storage = Folder(tmp_path / "media")
    storage.put(NAME, b"x", "image/webp")
    [file] = (tmp_path / "media" / "ab").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    storage = Folder(tmp_path / "media")
    monkeypatch.setattr(os, "fsync", lambda _file: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="disk is full"):
        storage.put(NAME, b"x", "image/webp")
    assert not storage.exists(NAME)
    assert list(storage.all()) == []


def test_a_half_that_was_left_is_listed_and_can_be_deleted(tmp_path):
    storage = Folder(tmp_path / "media")
    storage.put(NAME, b"x", "image/webp")
    half = tmp_path / "media" / "ha" / "half-0123456789abcdef.part"
    half.write_bytes(b"half")
    assert {name for name, _when in storage.all()} == {NAME, half.name}
    storage.delete(half.name)
    assert not half.exists()


# The bucket


def test_requests_are_signed_as_amazon_publishes_it():
    """The examples of “Signature Calculations for the Authorization Header” in Amazon's documentation."""
    place = config.Bucket(
        "https://examplebucket.s3.amazonaws.com", "examplebucket", "", "us-east-1",
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )  # fmt: skip
    then = datetime(2013, 5, 24, tzinfo=UTC)
    dated = {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}
    for method, path, query, headers, content, signature in (
        ("GET", "/test.txt", {}, {"range": "bytes=0-9"}, b"",
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("PUT", "/test$file.text", {}, dated, b"Welcome to Amazon S3.",
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("GET", "/", {"lifecycle": ""}, {}, b"", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/", {"max-keys": "2", "prefix": "J"}, {}, b"",
         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ):  # fmt: skip
        signed = s3.sign(place, method, path, query, headers, content, then)["authorization"]
        assert signed.endswith(f"Signature={signature}")


def test_files_stand_below_the_folder_with_their_media_type(store, tmp_path):
    Bucket(settings(tmp_path, store).media_bucket).put(NAME, b"x", "image/webp")
    assert {key: kind for key, (_content, kind, _when) in store.files.items()} == {f"forum/{NAME}": "image/webp"}


def test_others_files_in_the_bucket_are_not_ours(store, tmp_path):
    store.files[f"another/{NAME}"] = (b"theirs", "image/webp", datetime.now(UTC))
    storage = Bucket(settings(tmp_path, store).media_bucket)
    assert list(storage.all()) == []
    assert not storage.exists(NAME)


@pytest.mark.parametrize("wrong", [{"key": "SOMEBODY"}, {"secret": "guessed"}, {"region": "us-east-1"}])
def test_a_wrong_key_is_told_and_is_no_missing_file(store, tmp_path, wrong):
    storage = Bucket(replace(settings(tmp_path, store).media_bucket, **wrong))
    for act in (lambda: storage.put(NAME, b"x", "image/webp"), lambda: storage.get(NAME), lambda: list(storage.all())):
        with pytest.raises(OSError, match="403"):
            act()
    assert store.files == {}


@pytest.mark.parametrize("trouble", [500, 503, -1])
def test_passing_trouble_is_passed_over(store, tmp_path, trouble):
    storage = Bucket(settings(tmp_path, store).media_bucket)
    store.trouble = [trouble, trouble]
    storage.put(NAME, b"x", "image/webp")
    store.trouble = [trouble]
    assert storage.get(NAME) == b"x"


@pytest.mark.parametrize("trouble", [500, -1])
def test_lasting_trouble_is_told(store, tmp_path, trouble):
    storage = Bucket(settings(tmp_path, store).media_bucket)
    store.trouble = [trouble] * 10
    with pytest.raises(OSError, match="storage of pictures"):
        storage.get(NAME)


# Which of them


def test_a_site_keeps_pictures_in_its_data_folder_unless_told(store, tmp_path):
    with own_site(tmp_path / "one").app_context():
        site_storage().put(NAME, b"x", "image/webp")
    assert (tmp_path / "one" / "media" / "ab" / NAME).read_bytes() == b"x"
    keys = {"FORUM_S3_KEY": buckets.KEY, "FORUM_S3_SECRET": buckets.SECRET, "FORUM_MEDIA_URL": store.url}
    with own_site(tmp_path / "two", **keys).app_context():
        site_storage().put(NAME, b"x", "image/webp")
    assert list(store.files) == [f"forum/{NAME}"]
    assert not (tmp_path / "two" / "media").exists()


@pytest.mark.parametrize(
    ("url", "endpoint", "name", "folder", "region"),
    [
        ("s3://b-1", "https://s3.us-east-1.amazonaws.com", "b-1", "", "us-east-1"),
        ("s3://bucket/?region=eu-west-2", "https://s3.eu-west-2.amazonaws.com", "bucket", "", "eu-west-2"),
        ("s3://bucket/a/b/?endpoint=http://localhost:9000", "http://localhost:9000", "bucket", "a/b/", "us-east-1"),
    ],
)
def test_an_address_names_place_and_folder(tmp_path, url, endpoint, name, folder, region):
    given = {"FORUM_MEDIA_URL": url, "FORUM_S3_KEY": "key", "FORUM_S3_SECRET": "secret"}
    found = config.read({"FORUM_DATA": str(tmp_path)} | given)
    assert found.media_bucket == config.Bucket(endpoint, name, folder, region, "key", "secret")
    assert "secret" not in repr(found).replace("secret_key", "")


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "https://bucket"}),
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "s3://"}),
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "s3://Bucket!"}),
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "s3://bucket/../other"}),
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "s3://bucket?color=red"}),
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "s3://bucket?endpoint=ftp://x"}),
        ("FORUM_MEDIA_URL", {"FORUM_MEDIA_URL": "s3://bucket?endpoint=https://x/path"}),
        ("FORUM_S3_KEY", {"FORUM_MEDIA_URL": "s3://bucket", "FORUM_S3_SECRET": "x"}),
        ("FORUM_S3_SECRET", {"FORUM_MEDIA_URL": "s3://bucket", "FORUM_S3_KEY": "x"}),
    ],
    ids=str,
)
def test_an_address_that_cannot_be_stops_the_start(tmp_path, setting, given):
    keys = {} if len(given) > 1 else {"FORUM_S3_KEY": "x", "FORUM_S3_SECRET": "x"}
    with pytest.raises(config.BadSetting, match=setting):
        config.read({"FORUM_DATA": str(tmp_path)} | keys | given)
