"""Runs inside FlaskBB: two topics, one with the comments that come as JSON; writes addresses and cookies.

Run with -P: the module beside it has the name of the package.
"""

import contextlib
import json
import sys

from flask import session
from flask_wtf.csrf import generate_csrf
from flaskbb import create_app
from flaskbb.extensions import db
from flaskbb.forum.models import Category, Forum, Post, Topic
from flaskbb.utils import populate
from sqlalchemy import text

PEOPLE = 50
WRITERS = 8


def _member(app, number):
    with app.test_request_context():
        token = generate_csrf()
        kept = dict(session) | {"_user_id": str(number), "_fresh": True}
        signed = app.session_interface.get_signing_serializer(app).dumps(kept)
    return {"cookie": f"{app.config['SESSION_COOKIE_NAME']}={signed}", "token": token}


def _fill():
    populate.create_latest_db()
    # A digest of today's length does not fit.
    db.session.execute(text("ALTER TABLE users ALTER COLUMN password TYPE varchar(255)"))
    db.session.commit()
    populate.create_default_groups()
    populate.create_default_settings()
    populate.create_user("owner", "a pass phrase", "owner@example.org", "admin")
    populate.run_plugin_migrations()
    people = [
        populate.create_user(f"person{number}", "a pass phrase", f"person{number}@example.org", "member")
        for number in range(PEOPLE)
    ]
    category = Category(title="All", position=1)
    category.save()
    forum = Forum(title="Posts", description="", category_id=category.id)
    forum.save()
    comments = json.load(sys.stdin)
    topics = []
    for title, first in (("One", comments[0]), ("Two", {"person": 0, "text": "The first."})):
        topic = Topic(title=title)
        topic.save(user=people[first["person"]], forum=forum, post=Post(content=first["text"]))
        topics.append(topic)
    for one in comments[1:]:
        Post(content=one["text"]).save(user=people[one["person"]], topic=topics[0])
    return [topic.id for topic in topics], [person.id for person in people[:WRITERS]]


with contextlib.redirect_stdout(sys.stderr):
    app = create_app(config=sys.argv[1])
    with app.test_request_context():
        (thread, written), writers = _fill()
    # Outside of it: a token is made once a context.
    members = [_member(app, number) for number in writers]
print(json.dumps({"thread": f"/topic/{thread}", "reply": f"/topic/{written}/post/new", "members": members}))
