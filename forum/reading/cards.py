"""What pages show of people, posts and comments, ready for a template that decides nothing."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments.models import HELD, PUBLISHED, REJECTED, REMOVED, WITHDRAWN, Comment
from forum.comments.queries import FIRST_REPLIES
from forum.comments.stretches import Seen, Writer
from forum.moderation import rules
from forum.moderation.models import Decision
from forum.posts.models import Post, PostAuthor
from forum.reading import quoted
from forum.text import pictures, safe

AVATAR_PAIRS = 8


@dataclass(frozen=True)
class PersonCard:
    id: int
    name: str
    username: str | None
    initials: str
    avatar_pair: int
    role_line: str = ""
    # The address of their picture; none shows the initials.
    avatar: str = ""


@dataclass(frozen=True)
class AuthorLine:
    name: str
    role: str
    organisation: str
    is_guest: bool
    initials: str
    avatar_pair: int
    avatar: str = ""


@dataclass(frozen=True)
class Answered:
    """The comment that another one answers, where it does not stand right above it; without a name when it is gone."""

    url: str
    name: str


@dataclass
class CommentCard:
    """A comment and the replies shown below it; the same for every viewer."""

    id: int
    author: PersonCard
    created_at: datetime
    # When readers first saw it; none where nobody reads it now.
    published_at: datetime | None
    edited_at: datetime | None
    body_html: Markup
    lang: str | None
    state: str
    parent_id: int | None
    parent_name: str | None
    is_post_author: bool
    is_moderator: bool
    may_reply: bool
    reply_url: str
    quote_url: str
    tombstone: str | None = None
    tombstone_at: datetime | None = None
    notes: list[str] = field(default_factory=list)
    # Where its writer reads why it is kept from readers, and how to appeal.
    statement_url: str = ""
    depth: int = 0
    replies: list[CommentCard] = field(default_factory=list)
    hidden_replies: int = 0
    is_continue: bool = False
    more_url: str = ""
    # The way to replies that come before the first one here.
    earlier_url: str = ""
    path: str = ""
    rank: int = 0
    descendant_count: int = 0
    like_count: int = 0
    answers: Answered | None = None
    # Of a removed comment: the entry of the public log that says why.
    log_url: str = ""

    @property
    def reply_total(self) -> int:
        """How many replies hang on it, on this page and not."""
        return self.hidden_replies + sum(1 + reply.reply_total for reply in self.replies)

    def point_at_more(self, branch: str, level: int) -> None:
        """Link to the replies that do not stand below it here.

        `branch` is the address of its own page, `level` how deep it stands on this one.
        """
        shown = sum(reply.descendant_count + (reply.state == PUBLISHED) for reply in self.replies)
        self.hidden_replies = max(0, self.descendant_count - shown)
        if self.hidden_replies:
            self.is_continue = not self.replies
            # Below a comment all of its first replies are shown, or none.
            asked = [f"skip={FIRST_REPLIES}"] if self.replies else []
            asked += [f"level={level}"] if level else []
            self.more_url = f"{branch}{'?' if asked else ''}{'&'.join(asked)}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"comment-{self.id}"

    @property
    def permalink(self) -> str:
        return f"/comments/{self.id}"

    @property
    def edit_url(self) -> str:
        return f"/comments/{self.id}/edit"

    @property
    def withdraw_url(self) -> str:
        return f"/comments/{self.id}/withdraw"

    @property
    def flag_url(self) -> str:
        return f"/comments/{self.id}/flag"

    @property
    def remove_url(self) -> str:
        return f"/comments/{self.id}/remove"


@lru_cache(maxsize=2_000)
def initials(name: str) -> str:
    """First letters of the first and last words; one letter where a script has no case."""
    words = re.findall(r"[^\W\d_][\w'’-]*", name) or [name or "?"]
    first, last = words[0][0], words[-1][0]
    if len(words) == 1 or first.upper() == first.lower():
        return first.upper()
    return (first + last).upper()


@lru_cache(maxsize=2_000)
def avatar_pair(key: object) -> int:
    return hashlib.sha1(str(key).encode(), usedforsecurity=False).digest()[0] % AVATAR_PAIRS


def avatar(user: User | Writer | None) -> str:
    """The address of a person's picture; empty where there is none."""
    return pictures.FOLDER + user.avatar if user is not None and user.avatar else ""


def person_card(user: User | Writer) -> PersonCard:
    role_line = ", ".join(part for part in (user.role, user.organisation) if part)
    return PersonCard(
        user.id, user.name, user.username, initials(user.name), avatar_pair(user.id), role_line, avatar(user)
    )  # fmt: skip


def author_line(author: PostAuthor) -> AuthorLine:
    return AuthorLine(
        author.name, author.role, author.organisation, author.is_guest,
        initials(author.name), avatar_pair(author.user_id or author.name), avatar(author.user),
    )  # fmt: skip


def reading_minutes(text: str) -> int:
    """At 220 words a minute, about the mean for reading English silently (Brysbaert 2019 gives 238)."""
    return max(1, math.ceil(len(text.split()) / 220))


@dataclass(frozen=True)
class Setting:
    """What a comment's card depends on besides the comment: its page."""

    post: Post
    author_ids: frozenset[int]
    page_lang: str
    is_open: bool
    # The page a reply is written on: the one its comment stands on.
    address: str
    # Which comments quoted here are no longer public; None: each card asks for itself.
    gone: frozenset[int] | None = None

    def quoting(self, comments: Iterable[Comment | Seen]) -> Setting:
        """The same for these comments, whose quotations are looked up together. One query where there are any."""
        return replace(self, gone=quoted.gone_from(comments))

    @classmethod
    def of(cls, post: Post, address: str = "") -> Setting:
        """`address` is that of the page, where it is not the first page of the discussion."""
        return cls(post, authors_of(post), post.lang, post.is_open, address or f"/posts/{post.slug}")


def authors_of(post: Post) -> frozenset[int]:
    """The accounts of those who wrote the post."""
    writers = {author.user_id for author in post.authors} | {post.owner_id}
    return frozenset(number for number in writers if number)


def comment_card(comment: Comment | Seen, place: Setting, removal: Decision | None = None) -> CommentCard:
    """One comment as readers see it; its words only when it is public."""
    is_public = comment.state == PUBLISHED
    asked = f"{place.address}{'&' if '?' in place.address else '?'}reply={comment.id}"
    return CommentCard(
        id=comment.id,
        author=person_card(comment.author),
        created_at=comment.created_at,
        published_at=comment.published_at if is_public else None,
        edited_at=comment.edited_at,
        body_html=quoted.words(comment.body_html, place.gone) if is_public else Markup(""),
        lang=comment.lang if comment.lang != place.page_lang else None,
        state=comment.state,
        parent_id=comment.parent_id,
        parent_name=None,
        is_post_author=comment.author_id in place.author_ids,
        is_moderator=comment.author.is_moderator,
        may_reply=is_public and place.is_open,
        reply_url=f"{asked}#reply",
        quote_url=f"{asked}&quote=1#reply",
        tombstone=_tombstone(comment, removal),
        tombstone_at=comment.hidden_at,
        log_url=f"/moderation-log/{removal.id}" if removal is not None and comment.state == REMOVED else "",
        path=comment.path,
        rank=comment.rank or 0,
        descendant_count=comment.descendant_count,
        like_count=comment.like_count,
    )


def private_card(comment: Comment, place: Setting, decision: Decision | None) -> CommentCard:
    """A held or rejected comment as its writer and moderators see it, with every reason."""
    card = comment_card(comment, place)
    card.body_html = safe.stored(comment.body_html)
    card.tombstone = None
    card.may_reply = False
    if comment.state == HELD:
        card.notes = [rules.held_sentence(finding["reason"]) for finding in comment.held_for]
    elif comment.state == REJECTED:
        card.notes = [_("Reason: %(reason)s.", reason=rules.reason_words(decision.reason if decision else None))]
        if decision is not None and decision.message:
            card.notes.append(_("The moderator writes: %(message)s", message=decision.message))
        if decision is not None:
            card.statement_url = f"/decisions/{decision.id}"
    if comment.parent is not None:
        card.parent_name = comment.parent.author.name
    return card


def _tombstone(comment: Comment | Seen, removal: Decision | None) -> str | None:
    if comment.state == REMOVED:
        deed = rules.deed_words(removal.reason if removal else None)
        return _("A moderator removed this comment: %(deed)s.", deed=deed)
    if comment.state == WITHDRAWN:
        return _("The writer withdrew this comment.")
    # Readers are told nothing about a comment that waits again after it was public.
    return None if comment.state == PUBLISHED else _("This comment is being checked by a moderator.")
