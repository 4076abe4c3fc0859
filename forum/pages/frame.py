"""What every page's frame shows: the site, the person, how much waits for a moderator."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf

from forum.moderation import queries as moderation_queries
from forum.reading import cards, overlay
from forum.web.language import interface_direction, interface_language
from forum.web.sign_in import viewer


@dataclass(frozen=True)
class Site:
    name: str
    strapline: str
    keeper: str
    base_url: str


@dataclass(frozen=True)
class Viewer:
    """The signed-in person, as the frame shows them."""

    id: int
    name: str
    username: str
    initials: str
    avatar_pair: int
    is_author: bool
    is_moderator: bool
    is_admin: bool


def install(app: Flask) -> None:
    app.context_processor(_frame)
    app.after_request(_keep_private)
    app.jinja_env.globals["csrf_token"] = generate_csrf


def _frame() -> dict[str, object]:
    settings = current_app.config["FORUM"]
    member = viewer() if not g.get("without_viewer") else None
    return {
        "site": Site(settings.site_name, settings.strapline, settings.keeper, settings.base_url),
        "viewer": _card(member) if member else None,
        "waiting_count": sum(moderation_queries.open_counts().values()) if member and member.is_staff else None,
        "page_lang": interface_language(),
        "page_dir": interface_direction(),
        "overlay_css": overlay.rules(member),
        "is_development": settings.is_development,
    }


def _card(member) -> Viewer:
    person = cards.person_card(member)
    return Viewer(
        member.id, member.name, member.username, person.initials, person.avatar_pair,
        member.is_author or member.is_admin, member.is_staff, member.is_admin,
    )  # fmt: skip


def _keep_private(response):
    """What was made for one person is kept by nobody else."""
    if "Cache-Control" not in response.headers and (response.headers.get("Set-Cookie") or request.cookies):
        response.headers["Cache-Control"] = "private, no-store"
    return response
