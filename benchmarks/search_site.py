"""A site with made comments: `python -m benchmarks.search_site COMMENTS`.

Fills the new database that the environment names, and the search index from it, and writes to standard output as JSON
the cookies of the members who write, the discussion that they write to, and how many documents the index holds.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Sequence

import flask_migrate
from sqlalchemy import delete, insert, text, update

import config
from benchmarks.content import cookie
from benchmarks.discussions import WRITERS
from benchmarks.search_texts import BEGAN, Texts
from forum.accounts import usernames
from forum.accounts.models import KNOWN, User
from forum.cli import create_app
from forum.comments import tree
from forum.comments.models import PUBLISHED, Comment
from forum.events.log import EventRow
from forum.foundation import transaction
from forum.foundation.db import db
from forum.posts.models import Post
from forum.posts.writing import AuthorText, PostText, write
from forum.search import rebuild
from forum.search.engine import COMMENT, PERSON, POST, Document
from forum.search.models import Pending


def main() -> None:
    app = create_app(config.read())
    with app.test_request_context():
        flask_migrate.upgrade()
        made: dict[str, list[Document]] = defaultdict(list)
        for document in Texts(int(sys.argv[1])).documents():
            made[document.kind].append(document)
        people = _people(made[PERSON])
        posts = [_post(document, people) for document in made[POST]]
        _write(made[COMMENT], posts, people)
        cookies = [cookie(app, person) for person in people[:WRITERS]]
        # All of it is in the index before the worker starts.
        db.session.execute(delete(EventRow))
        db.session.execute(delete(Pending))
        transaction.commit()
        print(json.dumps({"cookies": cookies, "slug": posts[0].slug, "documents": rebuild.run()}))


def _people(made: Sequence[Document]) -> list[User]:
    people = []
    for document in made:
        name, username = document.authors
        address = f"{username}@example.org"
        people.append(
            User(
                username=username,
                username_key=usernames.key(username),
                name=name,
                email=address,
                email_key=address,
                bio=document.body,
                confirmed_at=BEGAN,
                created_at=BEGAN,
                trust=KNOWN,
            )
        )
    db.session.add_all(people)
    db.session.flush()  # posts and comments need their numbers
    return people


def _post(document: Document, people: Sequence[User]) -> Post:
    writer = people[document.writer_id - 1]
    authors = [AuthorText(writer.name, user_id=writer.id)]
    return write(
        writer,
        PostText(document.title, document.body, slug=f"made-{document.id}", authors=authors, is_published=True),
    )


def _write(made: Sequence[Document], posts: Sequence[Post], people: Sequence[User]) -> None:
    """Stored past the acts, which would take minutes; nobody answers anybody."""
    rows: dict[int, list[dict]] = defaultdict(list)
    for document in made:
        post, writer = posts[document.post_id - 1], people[document.writer_id - 1]
        place = len(rows[post.id]) + 1
        row = {
            "id": document.id,
            "post_id": post.id,
            "path": tree.segment(place),
            "depth": 0,
            "rank": 0,
            "author_id": writer.id,
            "body": document.body,
            "body_html": f"<p>{document.body}</p>",
            "renderer": "benchmark",
            "lang": document.lang,
            "state": PUBLISHED,
            "version": 1,
            "held_for": [],
            "created_at": document.created_at,
            "published_at": document.created_at,
        }
        rows[post.id].append(row)
    for post_id, below in rows.items():
        db.session.execute(insert(Comment), below)
        counters = {
            "comment_count": len(below),
            "people_count": len({row["author_id"] for row in below}),
            "next_root": len(below) + 1,
            "last_comment_at": below[-1]["created_at"],
            "last_comment_by_id": below[-1]["author_id"],
        }
        db.session.execute(update(Post).where(Post.id == post_id).values(counters))
    if db.engine.dialect.name == "postgresql":
        # The rows brought their own numbers.
        db.session.execute(text("SELECT setval('comments_id_seq', (SELECT max(id) FROM comments))"))


if __name__ == "__main__":
    main()
