"""Settings, read once from the environment; what each means is in docs/configuration.md."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

ROOT = Path(__file__).resolve().parent

# 256 bits in the usual spellings; a shorter key can be guessed, and with it every cookie forged.
SHORTEST_SECRET = 32

# The interface languages, the one to fall back on first.
LANGUAGES = ("en", "cy")
# Reasons that the code itself gives or asks for.
NEEDED_RULES = ("spam", "illegal", "other")


class BadSetting(ValueError):
    """A setting that cannot be used; the text is one sentence that names it."""


@dataclass(frozen=True)
class Bucket:
    """Storage that speaks S3; `folder` begins the name of every file, and is empty or ends in a slash."""

    endpoint: str
    name: str
    folder: str
    region: str
    key: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class HouseRule:
    """A reason that decisions and flags may give: in each language its title, what a removed comment did, and what the
    page of house rules says of it, if anything."""

    code: str
    title: Mapping[str, str]
    deed: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True)
class Config:
    """Everything a site may choose. Paths are absolute; web_workers is a count of processes."""

    data_dir: Path
    environment: str
    host: str
    port: int
    base_url: str
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    site_name: str
    strapline: str
    keeper: str
    language: str
    smtp_url: str | None = field(repr=False)
    mail_from: str
    web_workers: int
    trusted_proxies: int
    rate_limits: bool
    promised_hours: int
    second_moderator: bool
    conflict_own_posts: bool
    house_rules: tuple[HouseRule, ...]
    flags_hide: int
    log_names: bool
    edit_hours: int
    edit_hours_trusted: int
    search_engine: str
    media_bucket: Bucket | None

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def shows_mail(self) -> bool:
        """Whether letters may be read at /dev/mail: on this machine, by whoever tries the site on it."""
        return self.is_development and not self.is_secure and self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"

    @property
    def outbox_dir(self) -> Path:
        return self.data_dir / "outbox"

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"


def _text(name: str, default: str = "", *, longest: int = 200):
    def read(environ: Mapping[str, str]) -> str:
        value = environ.get(name, default).strip()
        if len(value) > longest or any(ord(c) < 32 for c in value):
            raise BadSetting(f"{name} must be one line of at most {longest} characters.")
        return value

    return read


def _one_of(name: str, *choices: str):
    def read(environ: Mapping[str, str]) -> str:
        value = environ.get(name, choices[0]).strip()
        if value not in choices:
            raise BadSetting(f"{name} must be one of {', '.join(choices)}, not “{value}”.")
        return value

    return read


def _number(name: str, default: int, low: int, high: int):
    def read(environ: Mapping[str, str]) -> int:
        value = environ.get(name, str(default)).strip()
        if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
            raise BadSetting(f"{name} must be a whole number from {low} to {high}, not “{value}”.")
        return int(value)

    return read


def _url(name: str, *schemes: str):
    def read(environ: Mapping[str, str]) -> str | None:
        value = environ.get(name, "").strip()
        if value and urlsplit(value).scheme not in schemes:
            raise BadSetting(f"{name} must start with {' or '.join(s + '://' for s in schemes)}.")
        return value or None

    return read


_READERS = {
    "FORUM_DATA": _text("FORUM_DATA", str(ROOT / "data"), longest=4000),
    "FORUM_ENV": _one_of("FORUM_ENV", "development", "production"),
    "FORUM_HOST": _text("FORUM_HOST", "127.0.0.1"),
    "FORUM_BASE_URL": _url("FORUM_BASE_URL", "http", "https"),
    "FORUM_DATABASE_URL": _url("FORUM_DATABASE_URL", "sqlite", "postgres", "postgresql", "postgresql+psycopg"),
    "FORUM_REDIS_URL": _url("FORUM_REDIS_URL", "redis", "rediss", "unix"),
    "FORUM_SECRET_KEY": _text("FORUM_SECRET_KEY"),
    "FORUM_SITE_NAME": _text("FORUM_SITE_NAME", "Have Your Say", longest=60),
    "FORUM_STRAPLINE": _text("FORUM_STRAPLINE", longest=300),
    "FORUM_KEEPER": _text("FORUM_KEEPER", longest=120),
    "FORUM_LANGUAGE": _one_of("FORUM_LANGUAGE", *LANGUAGES),
    "FORUM_SMTP_URL": _url("FORUM_SMTP_URL", "smtp", "smtps"),
    "FORUM_MAIL_FROM": _text("FORUM_MAIL_FROM", "Have Your Say <forum@localhost>"),
    "FORUM_WEB_WORKERS": _number("FORUM_WEB_WORKERS", min(2, os.cpu_count() or 1), 1, 64),
    "FORUM_TRUSTED_PROXIES": _number("FORUM_TRUSTED_PROXIES", 0, 0, 8),
    "FORUM_RATE_LIMITS": _one_of("FORUM_RATE_LIMITS", "on", "off"),
    "FORUM_SECOND_MODERATOR": _one_of("FORUM_SECOND_MODERATOR", "on", "off"),
    "FORUM_PROMISED_HOURS": _number("FORUM_PROMISED_HOURS", 4, 1, 720),
    "FORUM_FLAGS_HIDE": _number("FORUM_FLAGS_HIDE", 4, 0, 1_000),
    "FORUM_LOG_NAMES": _one_of("FORUM_LOG_NAMES", "off", "on"),
    "FORUM_CONFLICT_OWN_POSTS": _one_of("FORUM_CONFLICT_OWN_POSTS", "off", "on"),
    "FORUM_HOUSE_RULES": _text("FORUM_HOUSE_RULES", longest=4000),
    "FORUM_EDIT_HOURS": _number("FORUM_EDIT_HOURS", 24, 0, 87_600),
    "FORUM_EDIT_HOURS_TRUSTED": _number("FORUM_EDIT_HOURS_TRUSTED", 720, 0, 87_600),
    "FORUM_SEARCH": _one_of("FORUM_SEARCH", "whoosh", "postgresql"),
    "FORUM_MEDIA_URL": _url("FORUM_MEDIA_URL", "s3"),
    "FORUM_S3_KEY": _text("FORUM_S3_KEY"),
    "FORUM_S3_SECRET": _text("FORUM_S3_SECRET"),
}
_PORT = _number("PORT", 8000, 1, 65535)


def settings() -> list[str]:
    """The names this version understands."""
    return [*_READERS, "PORT"]


def read(environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration these variables describe. Raises BadSetting on a malformed or unknown one."""
    for name in environ:
        if name.startswith("FORUM_") and name not in _READERS:
            raise BadSetting(f"{name} is not a setting of this version; docs/configuration.md lists them all.")
    value = {name: reader(environ) for name, reader in _READERS.items()}
    port = _PORT(environ)
    data_dir = Path(str(value["FORUM_DATA"])).expanduser().resolve()
    return Config(
        data_dir=data_dir,
        environment=str(value["FORUM_ENV"]),
        host=str(value["FORUM_HOST"]),
        port=port,
        base_url=_base_url(value, port),
        database_url=_database_url(value["FORUM_DATABASE_URL"], data_dir),
        redis_url=value["FORUM_REDIS_URL"],
        secret_key=_given_secret(str(value["FORUM_SECRET_KEY"])) or _kept_secret(data_dir),
        site_name=str(value["FORUM_SITE_NAME"]),
        strapline=str(value["FORUM_STRAPLINE"]),
        keeper=str(value["FORUM_KEEPER"]),
        language=str(value["FORUM_LANGUAGE"]),
        smtp_url=value["FORUM_SMTP_URL"],
        mail_from=str(value["FORUM_MAIL_FROM"]),
        web_workers=int(value["FORUM_WEB_WORKERS"]),
        trusted_proxies=int(value["FORUM_TRUSTED_PROXIES"]),
        rate_limits=value["FORUM_RATE_LIMITS"] == "on",
        promised_hours=int(value["FORUM_PROMISED_HOURS"]),
        second_moderator=value["FORUM_SECOND_MODERATOR"] == "on",
        flags_hide=int(value["FORUM_FLAGS_HIDE"]),
        log_names=value["FORUM_LOG_NAMES"] == "on",
        conflict_own_posts=value["FORUM_CONFLICT_OWN_POSTS"] == "on",
        house_rules=_house_rules(str(value["FORUM_HOUSE_RULES"])),
        edit_hours=int(value["FORUM_EDIT_HOURS"]),
        edit_hours_trusted=int(value["FORUM_EDIT_HOURS_TRUSTED"]),
        search_engine=_search_engine(value),
        media_bucket=_bucket(value),
    )


def _base_url(value: Mapping[str, object], port: int) -> str:
    given = value["FORUM_BASE_URL"]
    if given is None and value["FORUM_ENV"] == "production":
        raise BadSetting("FORUM_BASE_URL must give the public address when FORUM_ENV is production.")
    return str(given or f"http://localhost:{port}").rstrip("/")


def _database_url(given: object, data_dir: Path) -> str:
    if given is None:
        return f"sqlite:///{data_dir / 'forum.db'}"
    # One driver serves all the spellings hosting companies hand out.
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", str(given))


def _search_engine(value: Mapping[str, object]) -> str:
    engine = str(value["FORUM_SEARCH"])
    if engine == "postgresql" and not str(value["FORUM_DATABASE_URL"] or "").startswith("postgres"):
        raise BadSetting("FORUM_SEARCH can be postgresql only where FORUM_DATABASE_URL names a PostgreSQL database.")
    return engine


def _bucket(value: Mapping[str, object]) -> Bucket | None:
    """The storage for pictures, when one is named; see docs/pictures.md."""
    if value["FORUM_MEDIA_URL"] is None:
        return None
    parts = urlsplit(str(value["FORUM_MEDIA_URL"]))
    options = dict(parse_qsl(parts.query))
    region = options.pop("region", "us-east-1")
    endpoint = urlsplit(options.pop("endpoint", f"https://s3.{region}.amazonaws.com"))
    folder = parts.path.strip("/")
    is_written_well = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,62}", parts.netloc) and re.fullmatch(r"[\w/-]*", folder)
    if not is_written_well or not re.fullmatch(r"[a-z0-9-]+", region) or options or parts.fragment:
        raise BadSetting("FORUM_MEDIA_URL must be like s3://bucket/folder?endpoint=https://s3.example.org&region=eu.")
    if endpoint.scheme not in ("http", "https") or not endpoint.netloc or endpoint.path.strip("/"):
        raise BadSetting("FORUM_MEDIA_URL: its endpoint must be an address like https://s3.example.org.")
    key, secret = str(value["FORUM_S3_KEY"]), str(value["FORUM_S3_SECRET"])
    if not key or not secret:
        raise BadSetting("FORUM_S3_KEY and FORUM_S3_SECRET must be set for the storage that FORUM_MEDIA_URL names.")
    origin = f"{endpoint.scheme}://{endpoint.netloc}"
    return Bucket(origin, parts.netloc, f"{folder}/" if folder else "", region, key, secret)


def _house_rules(place: str) -> tuple[HouseRule, ...]:
    """The site's own rules, where a file has them; none means those of forum/moderation/rules."""
    if not place:
        return ()
    try:
        found = tomllib.loads(Path(place).expanduser().read_text(encoding="utf-8")).get("rule")
    except OSError as error:
        raise BadSetting(f"FORUM_HOUSE_RULES: {place} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"FORUM_HOUSE_RULES: {place} is not TOML ({error}).") from error
    if not isinstance(found, list) or not found:
        raise BadSetting(f"FORUM_HOUSE_RULES: {place} has no [[rule]].")
    rules = tuple(_house_rule(place, number, row) for number, row in enumerate(found, 1))
    codes = [rule.code for rule in rules]
    for code in codes:
        if codes.count(code) > 1:
            raise BadSetting(f"FORUM_HOUSE_RULES: {place} has two rules with the code “{code}”.")
    for code in NEEDED_RULES:
        if code not in codes:
            raise BadSetting(f"FORUM_HOUSE_RULES: {place} lacks a rule with the code “{code}”, which the site needs.")
    return rules


def _house_rule(place: str, number: int, row: Mapping[str, object]) -> HouseRule:
    which = f"FORUM_HOUSE_RULES: rule {number} of {place}"
    unknown = set(row) - {"code", "title", "deed", "text"}
    if unknown:
        raise BadSetting(f"{which} has “{min(unknown)}”; a rule has a code, a title, a deed and a text.")
    code = row.get("code")
    if not isinstance(code, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,19}", code):
        raise BadSetting(f"{which} needs a code of at most 20 small letters, digits and underscores.")
    return HouseRule(
        code,
        _in_languages(which, row, "title", 120),
        _in_languages(which, row, "deed", 120),
        _in_languages(which, row, "text", 1000) if "text" in row else {},
    )


def _in_languages(which: str, row: Mapping[str, object], name: str, longest: int) -> dict[str, str]:
    words = row.get(name)
    if not isinstance(words, dict) or not words.get("en"):
        raise BadSetting(f'{which} needs a {name}, at least in English: {name}.en = "…".')
    for language, sentence in words.items():
        if language not in LANGUAGES:
            raise BadSetting(f"{which} has a {name} in “{language}”; the site speaks {', '.join(LANGUAGES)}.")
        if not isinstance(sentence, str) or not 0 < len(sentence.strip()) <= longest or "\n" in sentence.strip():
            raise BadSetting(f"{which}: its {name} in “{language}” must be one line of at most {longest} characters.")
    return {language: str(sentence).strip() for language, sentence in words.items()}


def _given_secret(key: str) -> str:
    if key and len(key) < SHORTEST_SECRET:
        raise BadSetting(f"FORUM_SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
    return key


def _kept_secret(data_dir: Path) -> str:
    """The key made on the first run. Raises BadSetting where the data folder cannot be written."""
    place = data_dir / "secret"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # O_EXCL: of two processes starting together, one writes and the other reads.
            with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        key = place.read_text().strip()
    except OSError as error:
        raise BadSetting(f"FORUM_DATA: the folder {data_dir} cannot be written ({error.strerror}).") from error
    if len(key) < SHORTEST_SECRET:
        raise BadSetting(f"The file {place} holds no usable secret key; delete it to have a new one made.")
    return key
