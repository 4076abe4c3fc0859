"""The site that is measured: people, posts and discussions, the same at every run.

`python -m benchmarks.content PLAN` fills the new database that the environment names as a plan of
benchmarks/discussions says, and writes to standard output as JSON the cookies of the members who read and write, how
many documents the search index holds, and by discussion the addresses that are worth measuring.
"""

from __future__ import annotations

import json
import random
import secrets
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import flask_migrate
from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import delete, func, insert, select, text, update

import config
from benchmarks.discussions import (
    HUNDRED,
    PEOPLE,
    PLANS,
    RARE,
    TEXTS,
    THOUSANDS,
    WITH_COMMON,
    WITH_RARE,
    WRITERS,
    Shape,
    hundred,
    source,
)
from forum.accounts import sessions, usernames
from forum.accounts.models import KNOWN, User
from forum.cli import create_app
from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.events.log import EventRow
from forum.foundation import clock, paging, transaction
from forum.foundation.db import db
from forum.marks import scoring
from forum.marks.models import ReadingPosition
from forum.posts.models import Post
from forum.posts.writing import AuthorText, PostText, write
from forum.search import documents, site_index
from forum.search.engine import COMMENT, PERSON, POST
from forum.search.models import Pending
from forum.text import markdown

# Comments that a member who reads comes back to find.
NEW = 20


def main() -> None:
    """Fill the database that the environment names."""
    plan = PLANS[sys.argv[1]]
    app = create_app(config.read())
    with app.test_request_context():
        flask_migrate.upgrade()
        dice = random.Random(7)
        people = _people()
        texts = _texts(dice)
        addresses = {}
        for slug, shape in plan.shapes.items():
            post = _post(dice, people[0], slug)
            rows = _discussion(dice, post, shape(dice), people, texts)
            _was_read(post, rows, people[:WRITERS])
            addresses[slug] = _addresses(slug, rows)
        cookies = [cookie(app, person) for person in people[:WRITERS]]
        _say_rarely(dice)
        # What publishing tells would have the worker index the longest discussion while others are measured.
        db.session.execute(delete(EventRow))
        db.session.execute(delete(Pending))
        if db.engine.dialect.name == "postgresql":
            # The rows brought their own numbers.
            db.session.execute(text("SELECT setval('comments_id_seq', (SELECT max(id) FROM comments))"))
        transaction.commit()
        print(json.dumps({"cookies": cookies, "documents": _index(plan.not_indexed), "addresses": addresses}))


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
    return [_rendered(source(dice, dice.random() < WITH_COMMON)) for _number in range(TEXTS)]


def _rendered(body: str) -> tuple[str, str]:
    return body, markdown.render_comment(body).html


def _post(dice: random.Random, owner: User, slug: str) -> Post:
    body = "\n\n".join(source(dice) for _paragraph in range(10))
    authors = [AuthorText(owner.name, user_id=owner.id)]
    text = PostText(slug, body, "What we heard.", "What would you say?", slug=slug, authors=authors, is_published=True)
    return write(owner, text)


def _discussion(
    dice: random.Random, post: Post, shape: Shape, people: Sequence[User], texts: Sequence[tuple[str, str]]
) -> list[dict]:
    """A discussion stored past the acts, as posting would have left it: 50,000 acts take an hour."""
    rows: list[dict] = []
    children: Counter[int | None] = Counter()
    written = hundred() if post.slug == HUNDRED else None
    first, moment = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1, clock.now() - timedelta(days=60)
    for place, answered in enumerate(shape):
        children[answered] += 1
        above = rows[answered] if answered is not None else None
        body, html = _rendered(written[place].text) if written else dice.choice(texts)
        author = people[written[place].person] if written else dice.choice(people)
        likes = int(dice.expovariate(0.5))
        rows.append(
            {
                "id": first + place,
                "post_id": post.id,
                "parent_id": above["id"] if above else None,
                "root_id": (above["root_id"] or above["id"]) if above else None,
                "path": (above["path"] if above else "") + tree.segment(children[answered]),
                "depth": above["depth"] + 1 if above else 0,
                "rank": children[answered] if above else 0,
                "author_id": author.id,
                "body": body,
                "body_html": html,
                "renderer": markdown.RENDERER,
                "lang": "en",
                "state": PUBLISHED,
                "version": 1,
                "held_for": [],
                "created_at": moment + timedelta(seconds=place),
                "published_at": moment + timedelta(seconds=place),
                "like_count": likes,
                "like_score": scoring.lower_bound(likes, PEOPLE),
            }
        )
    below = Counter(path for row in rows for path in tree.ancestors(row["path"]))
    for place, row in enumerate(rows):
        row |= {"next_child": children[place] + 1, "next_rank": children[place] + 1}
        row["descendant_count"] = below[row["path"]]
    for start in range(0, len(rows), 1000):
        db.session.execute(insert(Comment), rows[start : start + 1000])
    counters = {
        "comment_count": len(rows),
        "people_count": len({row["author_id"] for row in rows}),
        "next_root": children[None] + 1,
        "last_comment_at": rows[-1]["created_at"],
        "last_comment_by_id": rows[-1]["author_id"],
    }
    db.session.execute(update(Post).where(Post.id == post.id).values(counters))
    return rows


def _was_read(post: Post, rows: Sequence[dict], readers: Sequence[User]) -> None:
    """These people have read all but the last few comments, and come back now."""
    since = rows[-min(NEW, len(rows) // 2)]["published_at"] - timedelta(microseconds=1)
    db.session.add_all(
        ReadingPosition(user_id=reader.id, post_id=post.id, since=since, seen_at=clock.now()) for reader in readers
    )


def _addresses(slug: str, rows: Sequence[dict]) -> dict[str, str]:
    """Of the pages of one discussion, by what they are."""
    here = f"/posts/{slug}"
    roots = [row for row in rows if not row["depth"]]
    deepest = max(rows, key=lambda row: row["depth"])
    above = deepest["path"][: tree.WIDTH * (deepest["depth"] // 2 + 1)]
    widest = max(rows, key=lambda row: row["next_child"])
    numbers = {row["path"]: row["id"] for row in rows}
    return {
        "first page": here,
        "middle page": f"{here}?after={_cursor(roots[len(roots) // 2])}",
        "last page": f"{here}?after={_cursor(roots[-len(roots) // 10 - 1 if len(roots) < 300 else -31])}",
        "permalink": f"/comments/{roots[len(roots) // 2]['id']}",
        "permalink, folded": f"/comments/{numbers[above]}",
        "permalink, deepest": f"/comments/{deepest['id']}",
        "branch": f"{here}/branch/{widest['id']}",
        "continue": f"{here}/branch/{numbers[above]}",
    }


def _cursor(row: dict) -> str:
    return paging.cursor(row["path"][-tree.WIDTH :])


def _say_rarely(dice: random.Random) -> None:
    chosen = select(Comment.id).join(Post, Post.id == Comment.post_id).where(Post.slug == THOUSANDS)
    ids = db.session.scalars(chosen.order_by(Comment.id)).all()
    if ids:
        added = {"body": Comment.body + f" {RARE}", "body_html": Comment.body_html + f"<p>{RARE}</p>"}
        db.session.execute(update(Comment).where(Comment.id.in_(dice.sample(ids, WITH_RARE))).values(added))


def cookie(app: Flask, person: User) -> str:
    """The cookie of a browser in which this person is signed in, and has seen a page since."""
    _row, secret = sessions.open_for(person, kept=True, user_agent="benchmark")
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer, "the site has no secret key"
    kept = {"_user_id": secret, "_fresh": True, "csrf_token": secrets.token_hex(20)}
    return f"{current_app.config['SESSION_COOKIE_NAME']}={signer.dumps(kept)}"


def _index(left_out: Sequence[str]) -> int:
    """Fill the search index with all but the longest discussions, which would take minutes; how many documents."""
    long = select(Post.id).where(Post.slug.in_(left_out)).scalar_subquery()
    posts = db.session.scalars(select(Post.id)).all()
    comments = db.session.scalars(select(Comment.id).where(Comment.post_id.not_in(long))).all()
    session = db.session()
    people = db.session.scalars(select(User.id)).all()
    wanted = {POST: posts, COMMENT: comments, PERSON: people}
    found = [document for kind, ids in wanted.items() for document in documents.public(session, kind, ids)]
    engine = site_index.engine()
    with engine.writing(patiently=True):
        return engine.replace(found)


if __name__ == "__main__":
    main()
