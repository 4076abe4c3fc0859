"""A browser without JavaScript: it follows links, fills forms as the page has them, and keeps cookies."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flask import Flask
from werkzeug.test import TestResponse

from forum.accounts import sessions
from forum.accounts.models import User
from forum.foundation.db import db
from tests import worker
from tests.apart import apart


class _Forms(HTMLParser):
    """Every form of a page with the values its fields have."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag, attrs):
        got = dict(attrs)
        if tag == "form":
            self.forms.append({"action": got.get("action", ""), "method": got.get("method", "get"), "fields": {}})
        if not self.forms:
            return
        fields = self.forms[-1]["fields"]
        if tag == "input" and got.get("name") and got.get("type") not in ("submit", "button"):
            if got.get("type") in ("checkbox", "radio") and "checked" not in got:
                return
            fields[got["name"]] = got.get("value", "on" if got.get("type") == "checkbox" else "")
        elif tag == "textarea" and got.get("name"):
            self._area = got["name"]
            fields[self._area] = ""
        elif tag == "select" and got.get("name"):
            self._select = got["name"]
        elif tag == "option" and self._select and ("selected" in got or self._select not in fields):
            fields[self._select] = got.get("value", "")

    def handle_data(self, data):
        if self._area and self.forms:
            self.forms[-1]["fields"][self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            if self._area:
                # The first line break of a textarea is not part of its value.
                fields = self.forms[-1]["fields"]
                fields[self._area] = re.sub(r"^\r?\n", "", fields[self._area])
            self._area = None
        elif tag == "select":
            self._select = None


class Page:
    """An answer, as a person would look at it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.url = response.request.path
        self.status = response.status_code
        # A picture is no text, and is looked at as its bytes.
        self.html = response.get_data().decode(errors="replace")
        self.location = response.headers.get("Location", "")

    @property
    def text(self) -> str:
        """The words of the page, without markup."""
        plain = re.sub(r"<(style|script)\b.*?</\1>", " ", self.html, flags=re.S)
        plain = re.sub(r"<[^>]+>", " ", plain)
        for name, sign in (
            ("&amp;", "&"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&#39;", "'"),
            ("&#34;", '"'),
            ("&quot;", '"'),
        ):
            plain = plain.replace(name, sign)
        return re.sub(r"\s+", " ", plain)

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def form(self, action: str = "") -> dict:
        """The first form whose action contains this; without one it goes to its page. Fails when there is none."""
        return form_in(self.html, self.url, action)


def form_in(html: str, url: str, action: str = "") -> dict:
    """A form of the page with this HTML and address, as `Page.form`."""
    reader = _Forms()
    reader.feed(html)
    for form in reader.forms:
        form["action"] = form["action"] or url
        if action in form["action"] and (form["method"].lower() == "post" or not action):
            return form
    raise AssertionError(f"no form to “{action}” on this page")


class Visitor:
    """Somebody at the site's pages."""

    def __init__(self, app: Flask, person: User | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        self.person = person
        if person is not None:
            self._sign_in(person)

    def _sign_in(self, person: User) -> None:
        _row, secret = sessions.open_for(person, kept=False, user_agent="test")
        db.session.commit()
        apart(self._take_cookie, secret)

    def _take_cookie(self, secret: str) -> None:
        with self.client.session_transaction() as session:
            session["_user_id"] = secret
            session["_fresh"] = True

    def get(self, url: str, **kwargs) -> Page:
        return self._page(apart(self.client.get, url, **kwargs))

    def post(self, url: str, data: dict | None = None, **kwargs) -> Page:
        """Send a form the way a page of ours would, with its token."""
        data = dict(data or {})
        if self.person is not None or "csrf_token" not in data:
            data.setdefault("csrf_token", self.token())
        return self._page(apart(self.client.post, url, data=data, **kwargs))

    def send(self, url: str, data: dict | None = None, method: str = "POST", **kwargs) -> Page:
        """Send a request the way a program would: as it is, with this browser's cookies."""
        return self._page(apart(self.client.open, url, method=method, data=data, **kwargs))

    def submit(self, page: Page, action: str, follow: bool = True, **values) -> Page:
        """Fill the page's form to `action` with these values and send it."""
        form = page.form(action)
        answer = self._page(apart(self.client.post, form["action"], data=form["fields"] | values))
        return self.follow(answer) if follow else answer

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads."""
        while page.status in (302, 303):
            page = self.get(page.location.split("#")[0])
        return page

    def token(self) -> str:
        """A CSRF token of this browser's session."""
        page = self.get("/sign-in") if self.person is None else self.get("/account/password")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.html)
        assert found, "no token on the page"
        return found.group(1)

    def _page(self, response: TestResponse) -> Page:
        # The worker has done its part before the person looks again.
        apart(worker.run_waiting, self.app)
        db.session.expire_all()
        return Page(response)
