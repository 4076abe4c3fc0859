"""Answers packed for the way, in a form that the browser understands.

What is made for one person is packed too, although a packed page tells by its length whether something in it is there
twice (BREACH, https://www.breachattack.com): an attacker who makes a browser ask for pages with guesses in the address
could read a secret letter by letter. Against that stand three walls: the token of a page's forms is another one on each
page (see web/csrf), cookies do not travel with requests that other sites make in the background (SameSite), and a
private page is sent as it is when another site asks for it with something in the address that it may repeat.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache

import brotli
from flask import Flask, Request, Response, request

BROTLI, GZIP, PLAIN = "br", "gzip", ""
ENCODINGS = (BROTLI, GZIP)

# Measured on a page of 100 comments, 261 KB, in ms and KB. What is sent to one person is packed once for each answer:
# brotli 1 takes 0.3 and makes 34, brotli 2 takes 0.7 and makes 31, brotli 4 takes 1.2 and makes 29; gzip 1 takes 0.9
# and makes 39. All else that such a page costs is about 3 ms.
ONCE = {BROTLI: 1, GZIP: 1}
# What is sent to many: brotli 7 takes 2.3 and makes 19, brotli 9 takes 7.8 for 1 % less; gzip 6 takes 2.2 and makes 26.
MANY_TIMES = {BROTLI: 7, GZIP: 6}
# What is made for a release: brotli 11 takes three times as long as 10, for 2 % less.
FOR_EVER = {BROTLI: 11, GZIP: 9}

# Pictures are packed already. An event stream is sent as it grows, so nothing may hold it back.
PACKED = {
    "text/html", "text/plain", "text/css", "text/javascript", "text/xml", "application/atom+xml", "application/json",
    "application/xml", "image/svg+xml",
}  # fmt: skip
# A network packet takes less anyway.
SHORTEST = 600

_TAG = re.compile(r'-(?:br|gzip)"')


def packed(body: bytes, encoding: str, level: dict[str, int]) -> bytes:
    """These bytes in this encoding."""
    if encoding == BROTLI:
        return brotli.compress(body, quality=level[BROTLI])
    if encoding == GZIP:
        return gzip.compress(body, level[GZIP], mtime=0)
    return body


def unpacked(body: bytes, encoding: str) -> bytes:
    """These bytes as they were before."""
    if encoding == BROTLI:
        return brotli.decompress(body)
    return gzip.decompress(body) if encoding == GZIP else body


@lru_cache(maxsize=256)
def chosen(accepted: str) -> str:
    """The best encoding for an Accept-Encoding header (RFC 9110, 12.5.3); PLAIN where none of ours is welcome."""
    weights = dict(map(_weighed, accepted.lower().split(",")))
    best = max(ENCODINGS, key=lambda name: weights.get(name, weights.get("*", 0.0)))
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else PLAIN


def _weighed(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";")
    found = re.fullmatch(r"\s*q\s*=\s*(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*", weight)
    return name.strip(), float(found[1]) if found else 0.0 if weight.strip() else 1.0


def tag_of(tag: str, encoding: str) -> str:
    """The entity tag of this form of what has this tag: two forms are not the same bytes."""
    return f'{tag[:-1]}-{encoding}"' if encoding else tag


def plain_tags(header: str) -> str:
    """An If-None-Match header as if its pages had been sent unpacked."""
    return _TAG.sub('"', header)


def install(app: Flask) -> None:
    # Registered first, so that it is done last, to the answer as it leaves.
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if response.is_streamed or response.direct_passthrough or response.status_code in (204, 206, 304):
        return response
    if "Content-Encoding" in response.headers or response.cache_control.no_transform or _may_be_listened_to(request):
        return response
    encoding = chosen(request.headers.get("Accept-Encoding", "")[:200])
    body = response.get_data()
    if encoding and len(body) >= SHORTEST:
        response.set_data(packed(body, encoding, ONCE))
        response.headers["Content-Encoding"] = encoding
        if "ETag" in response.headers:
            response.headers["ETag"] = tag_of(response.headers["ETag"], encoding)
    return response


def _may_be_listened_to(asked: Request) -> bool:
    """Whether another site chose what this page may repeat. Browsers say so; a guest has no secret to lose."""
    is_foreign = asked.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    return is_foreign and bool(asked.cookies) and bool(asked.query_string or asked.method not in ("GET", "HEAD"))
