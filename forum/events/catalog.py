"""Every event, each a frozen dataclass of ids, with one sentence that says when it happens."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened, told after the change is lasting."""


@dataclass(frozen=True)
class ConfirmationAsked(Event):
    """Somebody joined, or asked for the letter again: the address must be confirmed."""

    token_id: int


@dataclass(frozen=True)
class KnownAddressJoined(Event):
    """Somebody tried to join with an address that already has an account."""

    user_id: int


@dataclass(frozen=True)
class ResetAsked(Event):
    """Somebody forgot the password of an account that exists."""

    token_id: int


@dataclass(frozen=True)
class PasswordChanged(Event):
    """An account has a new password."""

    user_id: int


@dataclass(frozen=True)
class PostPublished(Event):
    """A post became public."""

    post_id: int


@dataclass(frozen=True)
class PostChanged(Event):
    """A public post reads differently."""

    post_id: int


@dataclass(frozen=True)
class PostUnpublished(Event):
    """A post ceased to be public, and its discussion with it."""

    post_id: int


@dataclass(frozen=True)
class CommentPublished(Event):
    """A comment became public, by posting or by approval."""

    comment_id: int


@dataclass(frozen=True)
class CommentEdited(Event):
    """A public comment reads differently."""

    comment_id: int


@dataclass(frozen=True)
class CommentHidden(Event):
    """A public comment ceased to be public, by removal or by its writer."""

    comment_id: int


@dataclass(frozen=True)
class CommentHeld(Event):
    """A comment waits for a moderator."""

    comment_id: int


@dataclass(frozen=True)
class CommentWithdrawn(Event):
    """A writer took a comment back, whether it was public or waiting."""

    comment_id: int


@dataclass(frozen=True)
class CommentFlagged(Event):
    """A reader says a comment breaks a house rule."""

    comment_id: int
    signal_id: int


@dataclass(frozen=True)
class LikesChanged(Event):
    """Somebody liked a comment of this post, or took a like back."""

    post_id: int


@dataclass(frozen=True)
class CommentDecided(Event):
    """A moderator approved, rejected or removed a comment, or dismissed its flags."""

    decision_id: int


_BY_NAME: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


def all_events() -> list[type[Event]]:
    return list(_BY_NAME.values())


def name_of(event: Event) -> str:
    return type(event).__name__


def payload_of(event: Event) -> dict[str, Any]:
    return asdict(event)


def read(name: str, payload: dict[str, Any]) -> Event:
    """The event a stored row tells. Raises KeyError for a name this version does not know."""
    kind = _BY_NAME[name]
    known = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in payload.items() if key in known})
