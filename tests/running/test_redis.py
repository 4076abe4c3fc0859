"""Live updates where Redis carries the bell between worker and web processes."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import closing

import redis

from forum.events.bell import CHANNEL
from tests.redis_server import redis_url
from tests.running.test_gevent import Line
from tests.running.test_kill import SLUG, Browser

__all__ = ["redis_url"]


def test_the_worker_rings_and_the_open_page_is_told(site, redis_url):
    site.settings |= {"FORUM_REDIS_URL": redis_url, "FORUM_RATE_LIMITS": "off"}
    site.start_and_wait()
    reader = Browser(site)
    with closing(redis.Redis.from_url(redis_url)) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(CHANNEL)
        made_after = re.search(r'data-after="(\d+)"', reader.get(f"/posts/{SLUG}")[1])[1]
        with closing(Line(int(site.settings["PORT"]), made_after)) as line:
            site.wait_until(lambda: client.pubsub_numsub(CHANNEL)[0][1] >= 2, "the web process listens too")

            assert reader.post_comment("Drill with a bell.", secrets.token_hex(8)) == 303

            site.wait_until(lambda: heard.get_message(timeout=0.1) is not None, "the worker rings")
            told = re.search(rb'data: ({"event".*?})', line.next_event())
            assert json.loads(told[1])["kind"] == "published"
