"""The site that is measured: people, posts and discussions, the same at every run.

`python -m benchmarks.content` fills the new database that the environment names, and writes to standard output
as JSON the cookies of the members who read and write, and how many documents the search index holds.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import flask_migrate
from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import delete, func, insert, select, update

import config
from benchmarks.discussions import (
    HUGE,
    PEOPLE,
    RARE,
    SIZES,
    TEXTS,
    THOUSANDS,
    WITH_COMMON,
    WITH_RARE,
    WRITERS,
    shape,
    source,
)
from forum.accounts import sessions, usernames
from forum.accounts.models import KNOWN, User
from forum.app import create_app
from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.events.log import EventRow
from forum.foundation import clock, transaction
from forum.foundation.db import db
from forum.posts.models import Post
from forum.posts.writing import AuthorText, PostText, write
from forum.search import documents, site_index
from forum.search.engine import COMMENT, POST
from forum.text import markdown


def main() -> None:
    """Fill the database that the environment names."""
    app = create_app(config.read())
    with app.test_request_context():
        flask_migrate.upgrade()
        dice = random.Random(7)
        people = _people()
        texts = _texts(dice)
        for slug, size in SIZES.items():
            _discussion(dice, _post(dice, people[0], slug), size, people, texts)
        cookies = [_cookie(app, person) for person in people[:WRITERS]]
        _say_rarely(dice)
        # What publishing the posts tells would have the worker index the longest discussion while others are measured.
        db.session.execute(delete(EventRow))
        transaction.commit()
        print(json.dumps({"cookies": cookies, "documents": _index()}))


def _people() -> list[User]:
    joined = clock.now() - timedelta(days=200)
    people = [
        User(
            username=f"person{number}",
            username_key=usernames.key(f"person{number}"),
            name=f"Person {number}",
            email=f"person{number}@example.org",
            email_key=f"person{number}@example.org",
            confirmed_at=joined,
            created_at=joined,
            trust=KNOWN,
        )
        for number in range(PEOPLE)
    ]
    db.session.add_all(people)
    db.session.flush()  # sessions and posts need their numbers
    return people


def _texts(dice: random.Random) -> list[tuple[str, str]]:
    sources = [source(dice, dice.random() < WITH_COMMON) for _number in range(TEXTS)]
    return [(text, markdown.render_comment(text).html) for text in sources]


def _post(dice: random.Random, owner: User, slug: str) -> Post:
    body = "\n\n".join(source(dice, False) for _paragraph in range(10))
    authors = [AuthorText(owner.name, user_id=owner.id)]
    text = PostText(slug, body, "What we heard.", "What would you say?", slug=slug, authors=authors, is_published=True)
    return write(owner, text)


def _discussion(
    dice: random.Random, post: Post, size: int, people: Sequence[User], texts: Sequence[tuple[str, str]]
) -> None:
    """A discussion stored past the acts, as posting would have left it: 53,100 acts take an hour."""
    rows: list[dict] = []
    children: Counter[int | None] = Counter()
    first, moment = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1, clock.now() - timedelta(days=60)
    for place, answered in enumerate(shape(dice, size)):
        children[answered] += 1
        above = rows[answered] if answered is not None else None
        body, html = dice.choice(texts)
        rows.append(
            {
                "id": first + place,
                "post_id": post.id,
                "parent_id": above["id"] if above else None,
                "root_id": (above["root_id"] or above["id"]) if above else None,
                "path": (above["path"] if above else "") + tree.segment(children[answered]),
                "depth": above["depth"] + 1 if above else 0,
                "rank": children[answered] if above else 0,
                "author_id": dice.choice(people).id,
                "body": body,
                "body_html": html,
                "renderer": markdown.RENDERER,
                "lang": "en",
                "state": PUBLISHED,
                "version": 1,
                "held_for": [],
                "created_at": moment + timedelta(seconds=place),
                "published_at": moment + timedelta(seconds=place),
            }
        )
    below = Counter(path for row in rows for path in tree.ancestors(row["path"]))
    for place, row in enumerate(rows):
        row |= {"next_child": children[place] + 1, "next_rank": children[place] + 1}
        row["descendant_count"] = below[row["path"]]
    for start in range(0, size, 1000):
        db.session.execute(insert(Comment), rows[start : start + 1000])
    counters = {
        "comment_count": size,
        "people_count": len({row["author_id"] for row in rows}),
        "next_root": children[None] + 1,
        "last_comment_at": rows[-1]["created_at"],
        "last_comment_by_id": rows[-1]["author_id"],
    }
    db.session.execute(update(Post).where(Post.id == post.id).values(counters))


def _say_rarely(dice: random.Random) -> None:
    chosen = select(Comment.id).join(Post, Post.id == Comment.post_id).where(Post.slug == THOUSANDS)
    ids = dice.sample(db.session.scalars(chosen.order_by(Comment.id)).all(), WITH_RARE)
    added = {"body": Comment.body + f" {RARE}", "body_html": Comment.body_html + f"<p>{RARE}</p>"}
    db.session.execute(update(Comment).where(Comment.id.in_(ids)).values(added))


def _cookie(app: Flask, person: User) -> str:
    """The cookie of a browser in which this person is signed in."""
    _row, secret = sessions.open_for(person, kept=True, user_agent="benchmark")
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer, "the site has no secret key"
    return f"{current_app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': secret, '_fresh': True})}"


def _index() -> int:
    """Fill the search index with all but the longest discussion, which would take minutes; how many documents."""
    huge = select(Post.id).where(Post.slug == HUGE).scalar_subquery()
    posts = db.session.scalars(select(Post.id)).all()
    comments = db.session.scalars(select(Comment.id).where(Comment.post_id != huge)).all()
    session = db.session()
    found = documents.public(session, POST, posts) + documents.public(session, COMMENT, comments)
    engine = site_index.engine()
    with engine.writing(patiently=True):
        return engine.replace(found)


if __name__ == "__main__":
    main()
