"""Pictures in storage that speaks S3: Amazon's, MinIO, Garage, Ceph, R2 and their like.

Five requests are all that is needed, so no client library: the usual one would double the memory of a web process.
Requests are signed as Amazon describes in "Authenticating Requests (AWS Signature Version 4)",
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import config
from forum.foundation import clock
from forum.media.bounds import MOST_KEPT_BYTES
from forum.media.names import Missing, checked

TIMEOUT_SECONDS: Final = 20
# A busy storage asks to come again, and a connection may break: every request may be made twice.
TRIES: Final = 3

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


class Bucket:
    """Files in a bucket, which nobody but this site needs to read."""

    def __init__(self, place: config.Bucket) -> None:
        self._place = place

    def put(self, name: str, content: bytes, kind: str) -> None:
        self._ask("PUT", self._key(name), content=content, headers={"content-type": kind})

    def get(self, name: str) -> bytes:
        return self._ask("GET", self._key(name))

    def delete(self, name: str) -> None:
        key = self._key(name)
        # Most storage answers a deletion of what is not there as any other.
        with suppress(Missing):
            self._ask("DELETE", key)

    def exists(self, name: str) -> bool:
        try:
            self._ask("HEAD", self._key(name))
        except Missing:
            return False
        return True

    def all(self) -> Iterator[tuple[str, datetime]]:
        asked = {"list-type": "2", "prefix": self._place.folder}
        while True:
            page = ElementTree.fromstring(self._ask("GET", "", asked))  # noqa: S314 (the site's own storage)
            for file in page.findall("{*}Contents"):
                key, moment = file.findtext("{*}Key", ""), file.findtext("{*}LastModified", "")
                yield key.removeprefix(self._place.folder), datetime.fromisoformat(moment)
            rest = page.findtext("{*}NextContinuationToken")
            if not rest:
                return
            asked |= {"continuation-token": rest}

    def _key(self, name: str) -> str:
        return self._place.folder + checked(name)

    def _ask(
        self,
        method: str,
        key: str,
        query: Mapping[str, str] | None = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of the answer. Raises Missing, or OSError when the storage does not do it."""
        path = f"/{self._place.name}/{key}"
        for left in reversed(range(TRIES)):
            try:
                status, body = self._send(method, path, query or {}, content, headers or {})
            except (OSError, http.client.HTTPException) as error:
                if not left:
                    raise OSError(f"the storage of pictures cannot be reached: {error}") from error
                continue
            if status < 300:
                return body
            if status == 404:
                raise Missing(key)
            if status < 500 or not left:
                raise OSError(f"the storage of pictures answers {method} with {status}: {body[:500]!r}")
        raise AssertionError("the last try answers or raises")

    def _send(
        self, method: str, path: str, query: Mapping[str, str], content: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        parts = urlsplit(self._place.endpoint)
        signed = sign(self._place, method, path, query, dict(headers), content, clock.now())
        address = quote(path) + (f"?{_written(query)}" if query else "")
        with closing(_connection(parts.scheme, parts.netloc)) as connection:
            connection.request(method, address, body=content if method == "PUT" else None, headers=signed)
            answer = connection.getresponse()
            return answer.status, answer.read(2 * MOST_KEPT_BYTES)


def _connection(scheme: str, host: str) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, timeout=TIMEOUT_SECONDS)
    return http.client.HTTPSConnection(host, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())


def sign(
    place: config.Bucket,
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: dict[str, str],
    content: bytes,
    when: datetime,
) -> dict[str, str]:
    """The headers of a request, those of the signature among them. Names in `headers` are in small letters."""
    digest = hashlib.sha256(content).hexdigest()
    stamp, day = when.strftime("%Y%m%dT%H%M%SZ"), when.strftime("%Y%m%d")
    headers = {"host": urlsplit(place.endpoint).netloc, "x-amz-content-sha256": digest, "x-amz-date": stamp} | headers
    names = ";".join(sorted(headers))
    listed = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    request = "\n".join((method, quote(path), _written(query), listed, names, digest))
    scope = f"{day}/{place.region}/s3/aws4_request"
    to_sign = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{place.secret}".encode()
    for part in (day, place.region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
    credential = f"Credential={place.key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return headers | {"authorization": f"{_ALGORITHM} {credential}"}


def _written(query: Mapping[str, str]) -> str:
    """A query as it is signed and as it is sent: in order, and every sign but letters, digits and -_.~ encoded."""
    return "&".join(f"{quote(name, safe='')}={quote(query[name], safe='')}" for name in sorted(query))
