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
    # The language they asked in.
    language: str = ""


@dataclass(frozen=True)
class KnownAddressJoined(Event):
    """Somebody tried to join with an address that already has an account."""

    user_id: int
    # The language they asked in.
    language: str = ""


@dataclass(frozen=True)
class ResetAsked(Event):
    """Somebody forgot the password of an account that exists."""

    token_id: int
    # The language they asked in.
    language: str = ""


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
class CommentSuspected(Event):
    """A check noticed something about a comment that everybody reads."""

    comment_id: int


@dataclass(frozen=True)
class EditHeld(Event):
    """New words for a public comment wait for a moderator."""

    comment_id: int


@dataclass(frozen=True)
class EditDropped(Event):
    """New words that waited for a moderator will not be read: their writer or a moderator dropped them."""

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
class CommentReported(Event):
    """Somebody, with or without an account, says that a comment is illegal."""

    report_id: int


@dataclass(frozen=True)
class LikesChanged(Event):
    """Somebody liked a comment of this post, or took a like back."""

    post_id: int


@dataclass(frozen=True)
class CaseChanged(Event):
    """A case was opened, taken, released, decided or opened again: whoever has it on the screen looks anew."""

    case_id: int


@dataclass(frozen=True)
class CommentDecided(Event):
    """A moderator decided on a comment or a person. It can be undone for some minutes; nobody is told yet."""

    decision_id: int


@dataclass(frozen=True)
class DecisionUndone(Event):
    """A moderator took a decision back, in time."""

    decision_id: int


@dataclass(frozen=True)
class DecisionFinal(Event):
    """A decision can no longer be undone: people are told of it."""

    decision_id: int


@dataclass(frozen=True)
class AppealMade(Event):
    """Somebody asks for another moderator to look at a decision that concerns them."""

    appeal_id: int


@dataclass(frozen=True)
class QueueDigestDue(Event):
    """It is time for the letter about the queue that a moderator wants every hour or day."""

    user_id: int


@dataclass(frozen=True)
class CasesOverdue(Event):
    """Cases have waited longer than was promised, and this moderator is to hear of it."""

    user_id: int


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
