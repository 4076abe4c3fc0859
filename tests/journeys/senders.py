"""People whose windows nobody looks at: their forms are sent as the pages have them, without a browser.

What a journey is about is done in a browser; what has to be there before it, or comes from elsewhere meanwhile, is done
here, and takes a hundredth of the time.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import APIRequestContext, APIResponse

from tests.journeys import steps
from tests.visitor import form_in


class Sender:
    """One signed-in person."""

    def __init__(self, line: APIRequestContext, who: steps.SignIn) -> None:
        self._line = line
        self._send("/sign-in", "/sign-in", email=who.email, password=who.password)
        self._cookies = line.storage_state()

    def cookies(self) -> dict:
        """For browsers that are to be signed in as this person from the beginning."""
        return self._cookies  # type: ignore[return-value]

    def publish(self, title: str = "", text: str = "It was a *long* winter.\n\nAnd then it was not.") -> steps.Post:
        """Write a post and publish it."""
        title = title or f"A post about {steps.rare_word()}"
        editor = self._send("/desk/posts/new", "", title=title, body=text, state="published", intent="save")
        found = re.search(r'href="(/posts/[^"/]+)"', editor.text())
        assert found, "the editor does not lead to the post"
        return steps.Post(title, self._base(editor) + found[1])

    def switch_off(self, check: str) -> None:
        """Let new comments pass this check, as an administrator."""
        self._send(f"/moderation/checks/{check}", "", is_on="")

    def write(self, post: steps.Post, words: str) -> str:
        """Write a comment below a post; its address."""
        return self._write(post.url, words)

    def answer(self, post: steps.Post, words: str, answered: str) -> str:
        """Answer the comment that says this; the address of the reply."""
        number = self._number(self._get(post.url).text(), answered)
        return self._write(f"{post.url}?reply={number}", words, number)

    def _write(self, url: str, words: str, parent: str = "") -> str:
        there = self._send(url, "/comments", body=words, **({"parent": parent} if parent else {}))
        return f"/comments/{self._number(there.text(), words)}"

    def _number(self, page: str, words: str) -> str:
        """Of the comment that says this."""
        cards = re.split(r'id="comment-(?=\d)', page)[1:]
        found = [card.partition('"')[0] for card in cards if words in card]
        assert len(found) == 1, f"{len(found)} comments say “{words}”"
        return found[0]

    def _send(self, url: str, action: str, **values: str) -> APIResponse:
        """Fill the first such form of this page and send it."""
        page = self._get(url)
        form = form_in(page.text(), page.url, action or urlsplit(url).path)
        answer = self._line.post(form["action"], form=form["fields"] | values, headers={"Referer": page.url})
        assert answer.ok, f"{answer.status} at {form['action']}"
        return answer

    def _get(self, url: str) -> APIResponse:
        page = self._line.get(url)
        assert page.ok, f"{page.status} at {url}"
        return page

    def _base(self, page: APIResponse) -> str:
        parts = urlsplit(page.url)
        return f"{parts.scheme}://{parts.netloc}"
