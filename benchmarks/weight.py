"""What a browser fetches for a page at a first visit, told by Chromium itself."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, sync_playwright

from benchmarks.servers import Missing, Served

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Seconds in which whatever the page asks for later has been asked for.
LATER = 1


def chromium() -> str:
    """Where it is. Raises Missing."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise Missing("Chromium was not found")
    return found


def of(server: Served, path: str, shown: str) -> dict[str, float]:
    """Requests and KB over the wire of a first visit; how many elements like `shown` stand there without JavaScript."""
    address = f"http://127.0.0.1:{server.port}{path}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        try:
            return _first_visit(browser, address) | {"shown_without_js": _without_javascript(browser, address, shown)}
        finally:
            browser.close()


def _first_visit(browser: Browser, address: str) -> dict[str, float]:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sizes: dict[str, float] = {}
    inside: set[str] = set()
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda told: _note_what_is_inside(told, inside))
    wire.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    wire.send("Network.enable")
    page.goto(address, wait_until="load")
    page.wait_for_timeout(LATER * 1000)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0] ?? 0")
    return {
        "weight_kb": sum(sizes.values()) / 1024,
        "weight_requests": len(sizes.keys() - inside),
        "first_paint_ms": paint,
    }


def _note_what_is_inside(told: dict, inside: set[str]) -> None:
    """Chromium tells of a drawing that stands inside a style sheet as of something fetched. Nobody is asked for it."""
    if told["request"]["url"].startswith("data:"):
        inside.add(told["requestId"])


def _without_javascript(browser: Browser, address: str, shown: str) -> int:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address, wait_until="load")
    return page.locator(f"{shown}:visible").count()
