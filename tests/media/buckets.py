"""Storage that speaks S3, on this machine: it believes no request whose signature it cannot make itself."""

from __future__ import annotations

import hashlib
import hmac
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

KEY, SECRET, REGION = "AKIDEXAMPLE", "a/secret+key", "eu-west-2"
# So few that a test of a few files turns a page.
FILES_A_PAGE = 2


class Store:
    """The server and what it holds. `trouble` are the answers it gives before it works again."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, str, datetime]] = {}
        self.trouble: list[int] = []
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": self}))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        return f"s3://pictures/forum?endpoint={quote(endpoint, safe='')}&region={REGION}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    store: Store
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self._answer(self._put)

    def do_GET(self) -> None:
        self._answer(self._get)

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def log_message(self, *_args: object) -> None:
        pass

    def _answer(self, act) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        trouble = self.store.trouble.pop(0) if self.store.trouble else 0
        if trouble == -1:
            self.close_connection = True
            return
        why = _objection(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        if trouble or why:
            self.store.refused.append(why)
            return self._send(trouble or 403, f"<Error><Message>{why}</Message></Error>".encode())
        act(body)

    def _put(self, body: bytes) -> None:
        self.store.files[self._key] = (body, self.headers["Content-Type"], datetime.now(UTC))
        self._send(200)

    def _get(self, _body: bytes) -> None:
        if self._key:
            found = self.store.files.get(self._key)
            return self._send(200, found[0]) if found else self._send(404, b"<Error><Code>NoSuchKey</Code></Error>")
        self._list(dict(parse_qsl(urlsplit(self.path).query)))

    def _list(self, asked: dict[str, str]) -> None:
        assert asked["list-type"] == "2"
        keys = sorted(key for key in self.store.files if key.startswith(asked.get("prefix", "")))
        first = int(asked.get("continuation-token", "token/=0").removeprefix("token/="))
        page, rest = keys[first : first + FILES_A_PAGE], first + FILES_A_PAGE
        listed = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{self.store.files[key][2]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            "</Contents>"
            for key in page
        )
        more = f"<NextContinuationToken>token/={rest}</NextContinuationToken>" if rest < len(keys) else ""
        space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
        self._send(200, f"<ListBucketResult {space}>{listed}{more}</ListBucketResult>".encode())

    def _delete(self, _body: bytes) -> None:
        self.store.files.pop(self._key, None)
        self._send(204)

    @property
    def _key(self) -> str:
        _empty, bucket, key = unquote(urlsplit(self.path).path).split("/", 2)
        assert bucket == "pictures"
        return key

    def _send(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _objection(method: str, target: str, headers: dict[str, str], body: bytes) -> str:
    """Why a request is not believed, by the four tasks of Amazon's description; empty when it is."""
    try:
        algorithm, rest = headers["authorization"].split(" ", 1)
        told = dict(part.split("=", 1) for part in rest.split(", "))
        key, day, region, service, end = told["Credential"].split("/")
        names = told["SignedHeaders"].split(";")
    except (KeyError, ValueError):
        return "no signature"
    if (algorithm, key, region, service, end) != ("AWS4-HMAC-SHA256", KEY, REGION, "s3", "aws4_request"):
        return "signed for another place"
    if {"host", "x-amz-date", "x-amz-content-sha256"} - set(names):
        return "too little is signed"
    if hashlib.sha256(body).hexdigest() != headers["x-amz-content-sha256"]:
        return "another content is signed"
    age = datetime.now(UTC) - datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(age.total_seconds()) > 900 or not headers["x-amz-date"].startswith(day):
        return "signed at another time"
    path, _mark, query = target.partition("?")
    canonical = [method, path, "&".join(sorted(query.split("&"))) if query else ""]
    canonical += [f"{name}:{' '.join(headers[name].split())}" for name in names]
    canonical += ["", told["SignedHeaders"], headers["x-amz-content-sha256"]]
    digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    text = "\n".join([algorithm, headers["x-amz-date"], f"{day}/{region}/s3/aws4_request", digest])
    made = b"AWS4" + SECRET.encode()
    for part in (day, region, service, end, text):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return "" if hmac.compare_digest(made.hex(), told["Signature"]) else "the signature is wrong"
