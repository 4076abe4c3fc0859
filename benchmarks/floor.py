"""The floor: a bare Flask view that answers with the bytes of one page from memory, and with a 304."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, make_response, request
from werkzeug import Response

PAGE = Path(os.environ["FLOOR_PAGE"]).read_bytes()
ENCODING = os.environ["FLOOR_ENCODING"]

app = Flask(__name__)


@app.get("/")
def page() -> Response:
    response = make_response(PAGE)
    if ENCODING:
        response.headers["Content-Encoding"] = ENCODING
    response.set_etag("the-floor")
    return response.make_conditional(request)
