"""The application: Flask on ../templates and ../static, extensions, doors, hooks. No logic."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config as settings
from config import ROOT, Config
from forum import wiring
from forum.events import deliver
from forum.foundation import cache
from forum.foundation.db import db, engine_options
from forum.foundation.limits import limiter
from forum.pages import frame
from forum.web import (
    assets,
    compression,
    errors,
    filters,
    front,
    guard,
    language,
    security,
    settle,
    sign_in,
    timing,
    uploads,
)

# Twice the longest comment in its widest encoding, and the other fields.
LONGEST_FORM = 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """The site described by `config`, or by the environment."""
    config = config or settings.read()
    app = Flask("forum", template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, config)
    db.init_app(app)
    # First of all: limits may look into a form.
    uploads.install(app)
    limiter.init_app(app)
    for part in (timing, compression, language, sign_in, security, guard, settle, filters, errors, frame):
        part.install(app)
    for door in wiring.BLUEPRINTS:
        app.register_blueprint(door)
    deliver.install(app, wiring.REACTIONS, wiring.SCHEDULE)
    front.install(app)
    assets.install(app, ROOT / "static")
    cache.install(app)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.from_mapping(
        FORUM=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        SESSION_COOKIE_NAME="hys",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        # A session ends so long after signing in (accounts/sessions), whether it was used or not.
        SESSION_REFRESH_EACH_REQUEST=False,
        # An open page may wait for days: the session decides, not the age of its form.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        # web/security asks for the token, because guests' forms on shared pages carry none.
        WTF_CSRF_ENABLED=True,
        WTF_CSRF_CHECK_DEFAULT=False,
        MAX_CONTENT_LENGTH=LONGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LONGEST_FORM,
        RATELIMIT_ENABLED=config.rate_limits,
        RATELIMIT_STORAGE_URI=config.redis_url or "memory://",
        BABEL_DEFAULT_LOCALE=config.language,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "forum" / "translations"),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
