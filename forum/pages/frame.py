"""What every page's frame shows: the site, the person, how much waits for a moderator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from forum.moderation import queries as moderation_queries
from forum.pages.drawn import hole
from forum.reading import cards, explained, overlay
from forum.reading.parts import Parts
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
    # The address of their profile.
    profile: str
    initials: str
    avatar_pair: int
    is_author: bool
    is_moderator: bool
    is_admin: bool
    uses_keys: bool
    # Light or dark where they chose one.
    theme: str
    avatar: str


def install(app: Flask) -> None:
    app.context_processor(values)
    app.after_request(_keep_private)
    app.jinja_env.globals["card_parts"] = Parts


def values() -> dict[str, Any]:
    """What the frame of this answer is drawn of.

    Pages are kept under it as they were drawn (pages/drawn): whatever is here says all of itself in its `repr`.
    """
    settings = current_app.config["FORUM"]
    member = viewer()
    return {
        "site": Site(
            settings.site_name,
            settings.strapline or _("Every post ends with a question. What would you say?"),
            settings.keeper,
            settings.base_url,
        ),
        "viewer": _card(member) if member else None,
        "warning": explained.warned(member),
        "waiting_count": sum(moderation_queries.open_counts().values()) if member and member.is_staff else None,
        "page_lang": interface_language(),
        "page_dir": interface_direction(),
        # Made of class names and one number: nothing in it to escape, and a style takes no escapes.
        "overlay_css": Markup(overlay.rules(member)),  # noqa: S704
    }


def with_holes(frame: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, object]]:
    """The same frame for anybody of the same kind, and what fills its holes for this reader."""
    card: Viewer | None = frame["viewer"]
    if card is None:
        return dict(frame), {}
    filling: dict[str, object] = {name: getattr(card, name) for name in _PERSONAL} | {
        "rules": frame["overlay_css"],
        "profile": card.profile,
    }
    holes: dict[str, Any] = {name: hole(name) for name in _PERSONAL if filling[name] != ""}
    anybody = replace(card, id=0, profile=hole("profile"), **holes)
    return dict(frame) | {"viewer": anybody, "overlay_css": hole("rules")}, filling


# What tells a person from another one in the frame; everything else there is their kind.
_PERSONAL = ("name", "username", "initials", "avatar_pair", "avatar")


def _card(member) -> Viewer:
    person = cards.person_card(member)
    return Viewer(
        member.id, member.name, member.username, url_for("people.show", username=member.username), person.initials,
        person.avatar_pair, member.is_author or member.is_admin, member.is_staff, member.is_admin, member.uses_keys,
        member.theme, person.avatar,
    )  # fmt: skip


def _keep_private(response):
    """What was made for one person is kept by nobody else, and what is kept is kept for each language."""
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
    if "Cache-Control" not in response.headers and (response.headers.get("Set-Cookie") or request.cookies):
        response.headers["Cache-Control"] = "private, no-store"
    return response
