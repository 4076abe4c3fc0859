"""What a browser fetches for a page at a first visit."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin

from benchmarks.driver import fetch
from benchmarks.servers import Server

# Of a page: what the browser fetches unasked. Of a script: the modules it imports.
_PARTS = re.compile(r'<(?:link rel="(?:stylesheet|icon)"[^>]*|script[^>]*|img[^>]*|use[^>]*) (?:href|src)="([^"#]+)')
_IMPORTS = re.compile(r'^import\b.*?"([^"]+)"', re.MULTILINE)


def of(server: Server, path: str) -> dict[str, float]:
    """Requests and KB of this page and all it needs: plain, at gzip -6, and as the server sends it today."""
    plain = packed = sent = 0
    waiting, seen = [path], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        body, headers = fetch(server, address)
        plain += len(body)
        packed += len(gzip.compress(body, 6))
        sent += len(fetch(server, address, **{"Accept-Encoding": "gzip"})[0])
        pattern = _IMPORTS if address.endswith(".js") else _PARTS if "html" in headers["Content-Type"] else None
        waiting += [urljoin(address, found) for found in pattern.findall(body.decode())] if pattern else []
    sizes = {"weight_plain_kb": plain, "weight_gzip_kb": packed, "weight_sent_kb": sent}
    return {"weight_requests": len(seen), **{name: size / 1024 for name, size in sizes.items()}}
