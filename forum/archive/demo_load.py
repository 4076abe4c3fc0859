"""The demo: a small site as it might look after some months, loaded once into an empty database."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, insert, literal, select

from forum.accounts import passwords, queries, usernames
from forum.accounts.models import NEWCOMER, User
from forum.comments import publication, references, tree, withdrawing
from forum.comments.models import HELD, REMOVED, WITHDRAWN, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation import clock, transaction
from forum.foundation.db import UtcDateTime, db
from forum.moderation import appeals, cases, decisions, flagging, notes, reactions, replies, sanctions, standing
from forum.moderation import queries as queries_of_moderation
from forum.moderation.actions import FLAGGED as FLAGGED_CASE
from forum.moderation.actions import HELD as HELD_CASE
from forum.moderation.models import Decision, Notice
from forum.moderation.permissions import may_decide
from forum.posts.models import PUBLISHED, Post, PostAuthor, Series
from forum.posts.writing import render, tag_named
from forum.screening import checks, watching
from forum.screening.subject import Subject
from forum.text import markdown

FOLDER = Path(__file__).parent / "demo"
SIGN_INS = "demo-sign-ins.json"

SignIn = tuple[str, str, str]

# How long the queue has known of a flag, and how long after a comment its writer or a moderator took it away.
FLAGGED_AGO = timedelta(hours=2)
APPEALED_AGO = timedelta(hours=3)
TAKEN_AWAY_AFTER = timedelta(hours=5)

# Two letters and two letters make a word that is easy to type; eight such syllables are 50 random bits.
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"


def load_once() -> list[SignIn]:
    """Fill an empty database and commit; role, address and password of those who may sign in.

    Called again it changes nothing and gives the same answer; none for a database with people of its own.
    """
    place = current_app.config["FORUM"].data_dir / SIGN_INS
    if db.session.scalar(select(func.count(User.id))):
        return _kept(place)
    now = clock.now()
    people = _people(now)
    # Before anything is written: see accounts/passwords.
    sign_ins = _open_doors(people)
    db.session.add_all(people.values())
    db.session.flush()  # posts and comments need their numbers
    _load_comments(people, _load_posts(people, now), now)
    _load_desk(people)
    _load_sanctions(people, now)
    _load_words(people)
    _have_told(now)
    # Kept first: a database whose passwords nobody knows would be of no use.
    _keep(place, sign_ins)
    transaction.commit()
    return sign_ins


def _kept(place: Path) -> list[SignIn]:
    """The sign-ins kept earlier, if this is the database they belong to."""
    if not place.exists():
        return []
    rows = [tuple(row) for row in json.loads(place.read_text(encoding="utf-8"))]
    return rows if all(queries.by_email(address) for _role, address, _password in rows) else []


def _keep(place: Path, sign_ins: list[SignIn]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(sign_ins, file, indent=1)


def _people(now: datetime) -> dict[str, User]:
    return {row["username"]: _person(row, now) for row in json.loads(_read("people.json"))}


def _person(row: dict[str, Any], now: datetime) -> User:
    joined = now - timedelta(days=row["days_ago"])
    address = f"{row['username']}@demo.example"
    return User(
        username=row["username"],
        username_key=usernames.key(row["username"]),
        name=row["name"],
        email=address,
        email_key=queries.email_key(address),
        confirmed_at=joined,
        created_at=joined,
        is_author=row["is_author"],
        is_moderator=row["is_moderator"],
        is_admin=row["is_admin"],
        trust=row["trust"],
        bio=row["bio"],
        role=row["role"],
        organisation=row["organisation"],
    )


def _open_doors(people: dict[str, User]) -> list[SignIn]:
    """Passwords for one reader, the newcomer, one author, two moderators and the administrator."""
    chosen = [
        ("reader", _first(people, lambda p: not (p.is_newcomer or p.is_staff or p.is_author))),
        ("newcomer", _first(people, lambda p: p.trust == NEWCOMER)),
        ("author", _first(people, lambda p: p.is_author)),
        *(("moderator", p) for p in [p for p in people.values() if p.is_moderator][:2]),
        ("admin", _first(people, lambda p: p.is_admin)),
    ]
    return [(role, person.email or "", _give_password(person)) for role, person in chosen]


def _first(people: dict[str, User], fits: Callable[[User], bool]) -> User:
    return next(person for person in people.values() if fits(person))


def _give_password(person: User) -> str:
    password = _passphrase()
    person.password_hash = passwords.hashed(password)
    return password


def _passphrase() -> str:
    syllables = [secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _number in range(8)]
    return "-".join(first + second for first, second in zip(syllables[::2], syllables[1::2], strict=True))


def _load_posts(people: dict[str, User], now: datetime) -> dict[str, Post]:
    series = {row["slug"]: _series(row) for row in json.loads(_read("series.json"))}
    posts = {row["slug"]: _post(row, series, people, now) for row in _lines("posts.jsonl")}
    for post in posts.values():
        publish(catalog.PostPublished(post.id))
    return posts


def _series(row: dict[str, Any]) -> Series:
    return Series(slug=row["slug"], name=row["name"], description=row["standfirst"], total=row["total"])


def _post(row: dict[str, Any], series: dict[str, Series], people: dict[str, User], now: datetime) -> Post:
    written = now - timedelta(days=row["days_ago"])
    authors = [_author(place, author, people) for place, author in enumerate(row["authors"])]
    post = Post(
        slug=row["slug"],
        title=row["title"],
        standfirst=row["standfirst"],
        question=row["question"],
        lang=row["lang"],
        state=PUBLISHED,
        policy=row["policy"],
        authors_moderate=row.get("authors_moderate", False),
        series=series.get(row["series"]),
        part=row["part"],
        owner_id=authors[0].user_id,
        created_at=written,
        updated_at=written,
        published_at=written,
        authors=authors,
        tags=[tag_named(name) for name in row["tags"]],
    )
    render(post, row["markdown"])
    db.session.add(post)
    db.session.flush()  # comments and events need its number
    return post


def _author(place: int, row: dict[str, Any], people: dict[str, User]) -> PostAuthor:
    person = people.get(row.get("username", ""))
    return PostAuthor(
        position=place,
        user_id=person.id if person else None,
        name=row["name"],
        role=row["role"],
        organisation=row["organisation"],
        is_guest=row["guest"],
    )


def _load_comments(people: dict[str, User], posts: dict[str, Post], now: datetime) -> None:
    """Everybody writes in the order of time; then some is taken back, removed and flagged."""
    rows = sorted(_lines("comments.jsonl"), key=lambda row: -row["days_ago"])
    comments: dict[int, Comment] = {}
    for row in rows:
        post, parent = posts[row["post"]], comments.get(row["parent"])
        comments[row["id"]] = _comment(row, people[row["author"]], post, parent, now)
    for row in rows:
        comment = comments[row["id"]]
        if row["state"] == WITHDRAWN:
            _withdraw(comment)
        elif row["state"] == REMOVED:
            _remove(comment, people.values(), row["reason"])
        if "appeal" in row:
            _appeal(comment, row["appeal"], now)
        for flag in row.get("flags", ()):
            _flag(comment, people[flag["by"]], flag, now)


def _comment(row: dict[str, Any], author: User, post: Post, parent: Comment | None, now: datetime) -> Comment:
    written = now - timedelta(days=row["days_ago"])
    rendered = markdown.render_comment(row["text"], prefix=f"n{secrets.token_hex(4)}-")
    comment = Comment(
        post_id=post.id,
        author_id=author.id,
        body=row["text"],
        body_html=references.linked(rendered, post),
        renderer=markdown.RENDERER,
        lang=row["lang"],
        state=HELD,
        held_for=_held_for(row, author, post, rendered) if row["state"] == HELD else [],
        created_at=written,
        published_at=None if row["state"] == HELD else written,
    )
    tree.place(comment, post, parent)
    db.session.add(comment)
    db.session.flush()  # its replies and its case need its number
    if row["state"] == HELD:
        cases.open_for(comment, HELD_CASE).opened_at = written
        reactions.open_case(catalog.CommentHeld(comment.id))
    else:
        publication.show(comment)
    return comment


def _load_words(people: dict[str, User]) -> None:
    moderator = next(person for person in people.values() if person.is_moderator)
    for row in _lines("words.jsonl"):
        watching.add(row["word"], row["lang"], row["action"], row["note"], moderator)


def _held_for(row: dict[str, Any], author: User, post: Post, rendered: markdown.Rendered) -> list[dict[str, Any]]:
    subject = Subject(author, post, None, row["text"], str(rendered.html), rendered.links, row["lang"])
    return checks.look(checks.ALONE, subject).rows()


def _withdraw(comment: Comment) -> None:
    withdrawing.withdraw(comment)
    comment.hidden_at = comment.created_at + TAKEN_AWAY_AFTER


def _remove(comment: Comment, people: Iterable[User], reason: str) -> None:
    moderator = next(person for person in people if person.is_moderator and may_decide(person, comment, comment.parent))
    decision = decisions.remove_public(comment, moderator, reason, "")
    moment = comment.created_at + TAKEN_AWAY_AFTER
    comment.hidden_at = decision.created_at = moment
    decision.case.opened_at = decision.case.closed_at = moment


def _appeal(comment: Comment, words: str, now: datetime) -> None:
    decision = queries_of_moderation.decisions_on([comment.id])[comment.id][-1]
    appeal = appeals.make(decision, comment.author, words)
    appeal.created_at = appeal.case.opened_at = now - APPEALED_AGO


def _load_sanctions(people: dict[str, User], now: datetime) -> None:
    """What is over by now."""
    by = _first(people, lambda person: person.is_moderator)
    for row in _lines("sanctions.jsonl"):
        person = people[row["about"]]
        sanction = sanctions.silence(person, by, row["reason"], row["message"], row["hours"])
        moment = now - timedelta(days=row["days_ago"])
        decision = sanction.decision
        sanction.created_at = sanction.begins_at = decision.created_at = moment
        sanction.ends_at = moment + timedelta(hours=row["hours"])
        decision.case.opened_at = decision.case.closed_at = moment
        standing.settle(person)


def _have_told(now: datetime) -> None:
    """What was decided is over; nobody gets a letter about it now."""
    db.session.flush()  # decisions need their numbers
    over = select(Decision.id, literal(now, UtcDateTime()))
    db.session.execute(insert(Notice).from_select(["decision_id", "told_at"], over))


def _flag(comment: Comment, by: User, flag: dict[str, str], now: datetime) -> None:
    signal = flagging.flag(comment, by, flag["reason"], flag["details"])
    signal.created_at = now - FLAGGED_AGO
    cases.open_for(comment, FLAGGED_CASE).opened_at = now - FLAGGED_AGO


def _load_desk(people: dict[str, User]) -> None:
    """What moderators have told each other, and often write to people."""
    by = _first(people, lambda person: person.is_moderator)
    for row in _lines("notes.jsonl"):
        notes.about_person(people[row["about"]], by, row["words"])
    for row in _lines("replies.jsonl"):
        replies.save(row["title"], row["words"], row["lang"], by)


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _read(name).splitlines()]


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
