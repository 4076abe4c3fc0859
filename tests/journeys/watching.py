"""An eye on a page: what it says to assistive technology, what it asks of others, what it complains of."""

from __future__ import annotations

from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Request, Response

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "selectors": False,
}
COLOURLESS = RULES | {"rules": {"color-contrast": {"enabled": False}}}
# All that another colour scheme can change.
COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOOK = "rules => axe.run(document, rules)"
# The narrowest screen that has to do without scrolling sideways: 400% zoom of 1280 px (WCAG 1.4.10).
NARROWEST = {"width": 320, "height": 640}


class Watched:
    """A page whose requests, cookies and complaints are written down."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.cookies: list[str] = []
        self._host = urlsplit(address).netloc
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see_request)
        page.on("response", self._see_response)

    def violations_of_colours(self) -> list[str]:
        """What it finds wrong with the colours alone: the rest is the same in the dark."""
        return self._found(COLOURS)

    def violations(self, *, in_colour: bool = True) -> list[str]:
        """What axe-core finds wrong with the page as it stands: the rule, and where.

        Without `in_colour` contrast is left out, which takes longer than all else together.
        """
        return self._found(RULES if in_colour else COLOURLESS)

    def _found(self, rules: dict) -> list[str]:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(LOOK, rules)["violations"]
        return [f"{one['id']}: {one['help']}, {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found]

    def is_wider_than_its_window(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def _hear(self, message: ConsoleMessage) -> None:
        # The page itself may be a refusal, and Chromium says so.
        is_own_status = message.text.startswith("Failed to load resource") and self._is_page(message.location["url"])
        if message.type in ("error", "warning") and not is_own_status:
            self.complaints.append(message.text)

    def _is_page(self, url: str) -> bool:
        return url.partition("#")[0] == self.page.url.partition("#")[0]

    def _see_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self._host:
            self.strangers.append(request.url)

    def _see_response(self, response: Response) -> None:
        if "set-cookie" in response.headers:
            self.cookies.append(response.url)
