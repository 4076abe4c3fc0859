"""A site as `make run` starts it, a real browser, and people who use the one with the other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.journeys import steps
from tests.journeys.senders import Sender
from tests.journeys.watching import Watched
from tests.running.conftest import Site

# The names the Makefile looks for. The first is the second without a window, and asks half as much of the machine.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
# Milliseconds that anything may take on a busy machine.
PATIENCE = 15_000
DESKTOP = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(CHROMIUMS)} is installed")
    browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with its demo, its web server and its worker; one for all journeys of this process."""
    site = Site(tmp_path_factory.mktemp("journeys"))
    site.settings["FORUM_RATE_LIMITS"] = "off"
    site.start_and_wait()
    yield site
    site.end()


@pytest.fixture(scope="session")
def address(running: Site) -> str:
    # The name that its letters use: cookies of 127.0.0.1 are not those of localhost.
    return f"http://localhost:{running.settings['PORT']}"


@pytest.fixture(scope="session")
def sign_ins(running: Site) -> dict[str, steps.SignIn]:
    """E-mail and password of the demo's people, as the site printed them; the second moderator is “colleague”."""
    found: dict[str, steps.SignIn] = {}
    for role, email, password in re.findall(r"^ +(\w+) +(\S+@\S+) +(\S+)$", running.printed(), re.M):
        found["colleague" if role in found else role] = steps.SignIn(email, password)
    assert found.keys() >= {"reader", "newcomer", "author", "moderator", "colleague", "admin"}
    return found


@pytest.fixture(scope="session")
def sender(playwright: Playwright, address: str, sign_ins: dict[str, steps.SignIn]) -> Callable[[str], Sender]:
    """Somebody signed in whose window nobody looks at."""

    @cache
    def of(who: str) -> Sender:
        return Sender(playwright.request.new_context(base_url=address), sign_ins[who])

    # Whose comments one journey has rejected writes in the next one what all are to read.
    of("admin").switch_off("rejected_lately")
    return of


@pytest.fixture(scope="session")
def cookies(sender: Callable[[str], Sender]) -> Callable[[str], dict]:
    """The cookies of somebody who signed in once: passwords are slow to check, on purpose."""
    return lambda who: sender(who).cookies()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browsers of this journey run JavaScript."""
    return request.param


@pytest.fixture
def visit(browser: Browser, address: str, cookies: Callable[[str], dict], has_scripts: bool) -> Iterator[Callable]:
    """Open a new browser: `visit()` a guest's, `visit("moderator")` that of somebody signed in. Answers its page."""
    opened: list[BrowserContext] = []

    def arrive(who: str | None = None) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport=DESKTOP,
            locale="en-GB",
            # Colours change at once, so that what is looked at is the colour that stays.
            reduced_motion="reduce",
            java_script_enabled=has_scripts,
            storage_state=cookies(who) if who else None,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield arrive
    for context in opened:
        context.close()


@pytest.fixture
def watched(visit: Callable[..., Page], address: str) -> Callable[..., Watched]:
    """The same, with an eye on all that the page asks for and complains of."""
    return lambda who=None: Watched(visit(who), address)


@pytest.fixture
def post(sender: Callable[[str], Sender]) -> steps.Post:
    """A post of this journey's own."""
    return sender("author").publish()
