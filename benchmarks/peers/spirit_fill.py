"""Runs inside Spirit: two topics, one with the comments that come as JSON; writes addresses and cookies.

Run with -P: the module beside it has the name of the package.
"""

import json
import sys
from importlib import import_module

import django
from django.conf import settings

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from spirit.category.models import Category  # noqa: E402
from spirit.comment.forms import CommentForm  # noqa: E402
from spirit.comment.utils import comment_posted  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402

PEOPLE = 50
WRITERS = 8


def _say(topic, person, text):
    form = CommentForm(user=person, topic=topic, data={"comment": text})
    assert form.is_valid(), form.errors
    comment_posted(comment=form.save(), mentions=form.mentions)


def _cookie(person):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


people = []
for number in range(PEOPLE):
    person = get_user_model().objects.create_user(f"person{number}", f"person{number}@example.org", "a pass phrase")
    person.st.is_verified = True
    person.st.save()
    people.append(person)
category = Category.objects.create(title="Posts")
thread, written = (Topic.objects.create(user=people[0], category=category, title=word) for word in ("One", "Two"))
for one in json.load(sys.stdin):
    _say(thread, people[one["person"]], one["text"])
_say(written, people[0], "The first.")
print(
    json.dumps(
        {
            "thread": thread.get_absolute_url(),
            "publish": f"/comment/{written.pk}/publish/",
            "cookies": [_cookie(person) for person in people[:WRITERS]],
        }
    )
)
