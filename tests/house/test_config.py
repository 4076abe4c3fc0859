"""Settings: read once, refused by name when they cannot be used."""

from __future__ import annotations

import stat

import pytest

import config


def read(tmp_path, **given):
    return config.read({"FORUM_DATA": str(tmp_path), **given})


def test_nothing_set_is_a_site_on_this_machine(tmp_path):
    settings = read(tmp_path)
    assert settings.port == 8000
    assert settings.base_url == "http://localhost:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/forum.db"
    assert settings.is_development


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("FORUM_ENV", "staging"),
        ("FORUM_WEB_WORKERS", "0"),
        ("FORUM_DATABASE_URL", "mysql://localhost/forum"),
        ("FORUM_REDIS_URL", "localhost:6379"),
        ("FORUM_SMTP_URL", "mail.example.org"),
        ("FORUM_RATE_LIMITS", "yes"),
        ("FORUM_SITE_NAME", "two\nlines"),
        ("FORUM_SITENAME", "a name we do not know"),
        ("FORUM_PROMISED_HOURS", "-1"),
        ("FORUM_SEARCH", "elastic"),
    ],
)
def test_a_bad_setting_stops_the_start_with_its_name(tmp_path, name, value):
    with pytest.raises(config.BadSetting, match=name):
        read(tmp_path, **{name: value})


def test_production_needs_a_public_address(tmp_path):
    with pytest.raises(config.BadSetting, match="FORUM_BASE_URL"):
        read(tmp_path, FORUM_ENV="production")


def test_the_secret_key_is_made_once_and_kept_from_others(tmp_path):
    first = read(tmp_path).secret_key
    assert len(first) >= 32
    assert read(tmp_path).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_the_usual_spellings_of_a_postgresql_address_are_understood(tmp_path):
    for given in ("postgres://u:p@h/n", "postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"):
        assert read(tmp_path, FORUM_DATABASE_URL=given).database_url == "postgresql+psycopg://u:p@h/n"


def test_cookies_are_for_https_only_where_the_site_is(tmp_path):
    assert read(tmp_path, FORUM_BASE_URL="https://say.example").is_secure
    assert not read(tmp_path).is_secure


def test_the_search_is_in_files_unless_the_database_is_to_have_it(tmp_path):
    assert read(tmp_path).search_engine == "whoosh"
    in_database = {"FORUM_SEARCH": "postgresql", "FORUM_DATABASE_URL": "postgres://u:p@h/n"}
    assert read(tmp_path, **in_database).search_engine == "postgresql"


def test_a_search_in_postgresql_needs_a_postgresql_database(tmp_path):
    with pytest.raises(config.BadSetting, match="FORUM_DATABASE_URL"):
        read(tmp_path, FORUM_SEARCH="postgresql")
