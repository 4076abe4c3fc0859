"""Every attack we know, rendered and put before a real browser: nothing runs, is asked for, or breaks out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Route

from forum.text import references, sanitise
from forum.text.markdown import render_comment, render_post
from tests.text.attacks import ATTACKS

ADDRESS = "https://forum.example/posts/one"
FROM_ELSEWHERE = sanitise.Rules(prefix="note-", links_trusted=False, images=False)

# Before anything else runs: whoever calls one of these has got a script in.
CANARY = """
window.caught = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...given) => { window.caught.push(name + "(" + given + ")"); };
"""

# What a page may have where a text is shown. Read from the elements themselves, not from their source.
LOOK = """() => {
  const TAGS = new Set((
    "A ABBR B BLOCKQUOTE BR CODE DD DEL DETAILS DL DT EM H2 H3 H4 H5 H6 HR I IMG INPUT INS KBD LABEL LI MARK OL P " +
    "PRE S SECTION SPAN STRONG SUB SUMMARY SUP TABLE TBODY TD TH THEAD TR UL"
  ).split(" "));
  const ATTRIBUTES = new Set((
    "align alt checked class disabled height href id loading rel src start title type width"
  ).split(" "));
  const CLASSES =
    /^(mention|comment-number|spoiler|contains-task-list|task-list-item(-checkbox)?|footnote-(item|ref|backref)|footnotes|language-[\\w+#.-]+|[a-z][a-z0-9]{0,2})$/;
  const found = [];
  const boxes = document.querySelectorAll("main > .box");
  for (const box of boxes) {
    const text = box.firstElementChild;
    const say = (what) => found.push(`${what} in no. ${box.dataset.number}`);
    if (box.children.length !== 2 || box.lastElementChild.className !== "end") say("a broken box");
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.COMMENT_NODE) { say("a comment"); continue; }
      if (!TAGS.has(node.tagName)) say(`<${node.tagName}>`);
      if (node.namespaceURI !== "http://www.w3.org/1999/xhtml") say(`the namespace of <${node.tagName}>`);
      for (const {name} of node.attributes) if (!ATTRIBUTES.has(name)) say(`the attribute ${name}`);
      for (const name of node.classList) if (!CLASSES.test(name)) say(`the class ${name}`);
      if (node.id && !/^(note|post)-fn/.test(node.id)) say(`the id ${node.id}`);
      if (node.hasAttribute("href") && !["https:", "http:", "mailto:"].includes(node.protocol)) say(node.href);
      if (node.hasAttribute("href") && (node.username || node.password)) say(`a name in ${node.href}`);
      if (node.hasAttribute("src") && new URL(node.src).protocol !== "https:") say(node.src);
      if (node.tagName === "INPUT" && !(node.type === "checkbox" && node.disabled)) say("an open field");
      if (getComputedStyle(node).position !== "static") say(`a position of <${node.tagName}>`);
    }
  }
  if (document.scripts.length || document.forms.length || document.styleSheets.length) found.push("what rules a page");
  if (document.querySelectorAll("base, meta:not([charset]), link, iframe, object, embed, frame").length)
    found.push("what rules a page");
  return [boxes.length, found];
}"""

# All that people do with a page, so that any handler there is has its moment; only no link is followed.
TOUCH = """() => {
  addEventListener("click", (event) => event.preventDefault(), true);
  const EVENTS = ["click", "mouseover", "pointerenter", "focus", "error", "load", "toggle", "animationstart", "wheel"];
  for (const node of document.querySelectorAll("main *"))
    for (const name of EVENTS) node.dispatchEvent(new Event(name, {bubbles: name === "click", cancelable: true}));
}"""

# As a fragment is put into a page, and read back: what changes in between is how attacks pass a sanitiser.
READ_AGAIN = """() => {
  for (const text of document.querySelectorAll(".box > article"))
    for (let time = 0; time < 3; time++) text.innerHTML = text.innerHTML;
}"""


@dataclass
class Opened:
    """A page, what its scripts called, what it asked of others, and what its policy had to stop."""

    page: Page
    asked: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def look(self, count: int) -> list[str]:
        boxes, found = self.page.evaluate(LOOK)
        return found if boxes == count else [f"{boxes} boxes of {count}", *found]

    def touch(self) -> list[str]:
        """What ran, of all that could have been waiting for somebody to come near."""
        self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(50)
        return self.page.evaluate("window.caught")


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Opened]]:
    context = browser.new_context()
    context.add_init_script(CANARY)

    def open_page(texts: list[str], policy: str = "") -> Opened:
        opened = Opened(context.new_page())

        def answer(route: Route) -> None:
            if route.request.url == ADDRESS:
                headers = {"Content-Security-Policy": policy} if policy else {}
                route.fulfill(body=_document(texts), content_type="text/html; charset=utf-8", headers=headers)
            else:
                opened.asked.append(f"{route.request.resource_type} {route.request.url}")
                route.abort()

        opened.page.route("**/*", answer)
        opened.page.on("console", lambda said: opened.stopped.append(said.text) if "Policy" in said.text else None)
        opened.page.goto(ADDRESS)
        return opened

    yield open_page
    context.close()


def _document(texts: list[str]) -> str:
    boxes = (
        f'<div class="box" data-number="{number}"><article>{text}</article><p class="end"></p></div>'
        for number, text in enumerate(texts)
    )
    return f"<!doctype html><html><head><meta charset=utf-8><title>x</title></head><main>{''.join(boxes)}</main></html>"


@pytest.fixture(scope="module")
def policy(sites) -> str:
    """What the site's own pages forbid."""
    return sites.fresh("sqlite").test_client().get("/healthz").headers["Content-Security-Policy"]


def comments() -> list[str]:
    """As comments are stored, where there is an alice, and comments 1 and 12."""
    return [references.link(render_comment(attack).html, {"alice"}, {1, 12}) for attack in ATTACKS]


def posts() -> list[str]:
    return [references.link(render_post(attack).html, {"alice"}, set()) for attack in ATTACKS]


def html() -> list[str]:
    """The attacks taken for HTML that somebody else's program made."""
    return [sanitise.clean(attack, FROM_ELSEWHERE) for attack in ATTACKS]


@pytest.mark.parametrize("is_guarded", [False, True], ids=["without a policy", "with our policy"])
@pytest.mark.parametrize("made", [comments, posts, html])
def test_no_attack_gets_through(made, is_guarded, show, policy):
    texts = made()
    assert len(texts) >= 200
    if made is posts:
        policy = policy.replace("img-src 'self'", "img-src 'self' https:")
    opened = show(texts, policy if is_guarded else "")

    assert opened.look(len(texts)) == []
    assert opened.touch() == []
    opened.page.evaluate(READ_AGAIN)
    assert opened.look(len(texts)) == []
    assert opened.touch() == []
    if made is posts:
        # An author's post shows pictures from elsewhere, over https.
        assert all(one.startswith("image https://") for one in opened.asked)
    else:
        assert opened.asked == []
    assert opened.stopped == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<script>alert(1)</script>", "SCRIPT"),
        ("<img src=x onerror=alert(1)>", "onerror"),
        ("<p onclick=alert(1)>x</p>", "onclick"),
        ("<p style=position:fixed>x</p>", "style"),
        ("<a href=javascript:alert(1)>x</a>", "javascript:"),
        ("<a href='https://bank.example@evil.example/'>x</a>", "a name in"),
        ("<svg onload=alert(1)></svg>", "svg"),
        ("<iframe></iframe>", "what rules a page"),
        ("</article></div><p>x</p>", "broken box"),
        ("<!-- x -->", "a comment"),
        ("<p id=main>x</p>", "id main"),
        ("<span class=only-moderator>x</span>", "only-moderator"),
        ("<input type=checkbox>", "an open field"),
    ],
)
def test_the_judge_of_these_tests_sees_an_attack_that_gets_through(text, complaint, show):
    opened = show([text])
    assert complaint in " ".join(opened.look(1))
    caught, is_script = opened.touch(), "alert" in text and "href" not in text
    assert bool(caught) == is_script
