"""A site where much waits for moderators: `python -m benchmarks.moderators NUMBER`.

Adds so many open cases, held and flagged by turns, to the database that the environment names, and the moderators when
there are none yet. Writes to standard output as JSON the moderators' cookies and names, and of each new case its number
and the version of it that a moderator saw, by what may be decided on it.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import flask_migrate
from sqlalchemy import delete, func, insert, select, text, update

import config
from benchmarks.content import cookie
from forum.accounts import usernames
from forum.accounts.models import NEWCOMER, TRUSTED, User
from forum.cli import create_app
from forum.comments import counting, tree
from forum.comments.models import HELD, PUBLISHED, Comment
from forum.foundation import clock, transaction
from forum.foundation.db import db
from forum.moderation.actions import FLAGGED
from forum.moderation.actions import HELD as HELD_CASE
from forum.moderation.models import Case, Seen, Signal
from forum.posts.models import Post
from forum.posts.writing import AuthorText, PostText, write
from forum.search.models import Pending

MODERATORS = 8
WRITERS = 50
SLUG = "much-waits"
BODY = "Words that wait for a moderator, as long as people usually write when they have something to say. " * 3


def main() -> None:
    app = create_app(config.read())
    with app.test_request_context():
        flask_migrate.upgrade()
        moderators = [_person(f"moderator{number}", is_moderator=True, trust=TRUSTED) for number in range(MODERATORS)]
        writers = [_person(f"writer{number}", trust=NEWCOMER) for number in range(WRITERS)]
        post = db.session.scalar(select(Post).where(Post.slug == SLUG)) or _post(moderators[0])
        tickets = _cases(post, writers, int(sys.argv[1]))
        _mend_counters(post)
        cookies = [cookie(app, person) for person in moderators]
        transaction.commit()
        names = [person.name for person in moderators]
        print(json.dumps({"cookies": cookies, "names": names, "tickets": tickets}))


def _person(username: str, **values: object) -> User:
    key = usernames.key(username)
    found = db.session.scalar(select(User).where(User.username_key == key))
    if found is None:
        found = User(
            username=username, username_key=key, name=username.capitalize(), confirmed_at=clock.now(), **values
        )
        db.session.add(found)
        db.session.flush()
    return found


def _post(owner: User) -> Post:
    authors = [AuthorText(owner.name, user_id=owner.id)]
    return write(owner, PostText("Much waits", BODY, slug=SLUG, authors=authors, is_published=True))


def _cases(post: Post, writers: list[User], number: int) -> dict[str, list[list]]:
    """Stored past the acts: ten thousand of them would take an hour."""
    first = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1
    first_case = (db.session.scalar(select(func.max(Case.id))) or 0) + 1
    opened = clock.now() - timedelta(hours=20)
    comments, cases, signals = [], [], []
    for place in range(number):
        is_public = place % 2 == 1
        moment = opened + timedelta(seconds=place)
        comments.append(
            {
                "id": first + place,
                "post_id": post.id,
                "path": tree.segment(first + place),
                "depth": 0,
                "rank": 0 if is_public else None,
                "author_id": writers[place % len(writers)].id,
                "body": BODY,
                "body_html": f"<p>{BODY}</p>",
                "renderer": "benchmark",
                "lang": "en",
                "state": PUBLISHED if is_public else HELD,
                "version": 1,
                "held_for": [],
                "created_at": moment,
                "published_at": moment if is_public else None,
            }
        )
        kind, reason = (FLAGGED, "unkind") if is_public else (HELD_CASE, "first_comment")
        cases.append(
            {
                "id": first_case + place,
                "comment_id": first + place,
                "kind": kind,
                "opened_at": moment,
                "version": 1,
                "priority": place % 300,
            }
        )
        by = writers[(place + 1) % len(writers)].id if is_public else None
        signals.append({"case_id": first_case + place, "reason": reason, "detail": {}, "by_id": by, "weight": 100})
    for model, rows in ((Comment, comments), (Case, cases), (Signal, signals)):
        for start in range(0, number, 1000):
            db.session.execute(insert(model), rows[start : start + 1000])
    if db.engine.dialect.name == "postgresql":
        # The rows brought their own numbers.
        for table in ("comments", "cases"):
            db.session.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    # Nobody searches here, and the worker would index thousands while decisions are measured.
    db.session.execute(delete(Pending))
    seen = str(Seen(1, 1))
    return {kind: [[row["id"], seen] for row in cases if row["kind"] == kind] for kind in (HELD_CASE, FLAGGED)}


def _mend_counters(post: Post) -> None:
    highest = db.session.scalar(select(func.max(Comment.id))) or 0
    db.session.execute(update(Post).where(Post.id == post.id).values(next_root=highest + 1))
    counting.mend(counting.differences())


if __name__ == "__main__":
    main()
