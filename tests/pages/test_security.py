"""What people type is shown as typed, wherever it is shown, and never run."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from forum.accounts.models import User
from forum.foundation.db import db
from tests.letters import letters
from tests.makers import end_undoing, make_comment, make_held, make_post

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}<svg/onload=alert(3)>"
HANDLERS = re.compile(r"^on[a-z]+$")


class _Active(HTMLParser):
    """What a browser would run of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        got = dict(attrs)
        if tag == "script" and not (got.get("src") or "").startswith("/static/"):
            self.found.append(f"<script {got}>")
        if tag in ("iframe", "object", "embed", "base", "meta") and "http-equiv" in got:
            self.found.append(f"<{tag} {got}>")
        if tag == "img" and got.get("src") == "x":
            self.found.append("<img src=x>")
        self.found += [f"<{tag} {name}>" for name in got if HANDLERS.match(name)]
        self.found += [
            f"<{tag} {name}={value}>"
            for name, value in got.items()
            if name in ("href", "src", "action", "formaction")
            and re.match(r"\s*(javascript|data|vbscript):", value or "", re.I)
        ]


class _Values(HTMLParser):
    """What stands in the fields of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag, attrs):
        if tag == "input":
            self.found.append(dict(attrs).get("value"))

    @classmethod
    def of(cls, html: str) -> list[str | None]:
        reader = cls()
        reader.feed(html)
        return reader.found


def assert_harmless(html: str, what: str = "") -> None:
    reader = _Active()
    reader.feed(html)
    assert reader.found == [], what
    assert "49<svg" not in html, f"{what}: a template ran"


def test_the_check_itself_finds_an_attack():
    for attack in (ATTACK, '<a href=" javascript:alert(1)">x</a>', "<b onclick=x>", "<svg/onload=alert(3)>"):
        with pytest.raises(AssertionError):
            assert_harmless(attack)


@pytest.fixture
def attacked(cast):
    """A site where every word people may write is an attack."""
    for person in (cast.arthur, cast.alice, cast.nora, cast.mona):
        person.name = ATTACK[:80]
        person.role = person.organisation = ATTACK
    db.session.commit()
    post = make_post(
        cast.arthur, ATTACK, body=ATTACK + "\n\n[x](javascript:alert(4))", standfirst=ATTACK, question=ATTACK,
        series=ATTACK, part=1, tags=["tides", "<b>x"],
    )  # fmt: skip
    comment = make_comment(cast.alice, post, f"{ATTACK} [x](javascript:alert(5)) [y](data:text/html,x)")
    make_comment(cast.bob, post, "An answer.", comment)
    return post, comment


def test_public_pages_run_nothing(attacked, visit):
    post, comment = attacked
    for url in ("/", "/series", f"/series/{post.series.slug}", *(f"/tags/{tag.slug}" for tag in post.tags),
                f"/posts/{post.slug}", f"/posts/{post.slug}?reply={comment.id}",
                f"/posts/{post.slug}/branch/{comment.id}",
                f"/comments/{comment.id}/history"):  # fmt: skip
        page = visit().get(url)
        assert page.status == 200, url
        assert_harmless(page.html, url)
    assert "<script>alert(1)</script>" in visit().get(f"/posts/{post.slug}")


def test_members_and_moderators_pages_run_nothing(attacked, cast, visit):
    post, comment = attacked
    pages = {
        "arthur": ["/desk", "/desk/posts/new", f"/desk/posts/{post.id}"],
        "alice": ["/account/password", f"/comments/{comment.id}/edit", f"/comments/{comment.id}/withdraw",
                  f"/posts/{post.slug}"],
        "bob": [f"/comments/{comment.id}/flag", f"/posts/{post.slug}?reply={comment.id}"],
        "mona": [f"/comments/{comment.id}/remove", f"/posts/{post.slug}"],
    }  # fmt: skip
    for name, urls in pages.items():
        visitor = visit(getattr(cast, name))
        for url in urls:
            page = visitor.get(url)
            assert page.status == 200, url
            assert_harmless(page.html, f"{name} at {url}")


def test_what_a_flag_says_runs_nothing_in_the_queue(attacked, cast, visit):
    _post, comment = attacked
    visit(cast.bob).post(f"/comments/{comment.id}/flag", {"reason": "unkind", "details": ATTACK})
    mona = visit(cast.max)
    queue = mona.get("/moderation?tab=flagged")
    assert_harmless(queue.html)
    case = mona.get(re.search(r"/moderation/cases/\d+", queue.html).group())
    assert "<script>alert(1)</script>" in case
    assert_harmless(case.html)


def test_what_a_moderator_writes_runs_nothing_for_the_writer_nor_in_the_log(attacked, app, cast, visit, work):
    post, _comment = attacked
    held, case = make_held(cast.nora, post, ATTACK)
    mona = visit(cast.max)
    page = mona.get(f"/moderation/cases/{case.id}")
    refused = mona.submit(page, "/reject", message=ATTACK, reason="")
    assert refused.status == 422
    assert_harmless(refused.html)
    assert mona.submit(page, "/reject", follow=False, message=ATTACK, reason="unkind").status == 303
    seen = {
        "her comment": visit(cast.nora).get(f"/posts/{post.slug}"),
        "the log": mona.get("/moderation?tab=decisions"),
        "too late": mona.submit(page, "/reject", message=ATTACK, reason="unkind"),
    }
    assert held.state == "rejected"
    for what, page in seen.items():
        assert "<script>alert(1)</script>" in page, what
        assert_harmless(page.html, what)
    end_undoing()
    work()
    work()
    [letter] = letters(app, "nora@example.org")
    assert_harmless(letter.html)


def test_a_search_shows_its_words_and_runs_nothing(attacked, visit, work):
    work()
    for query in (ATTACK, '"><script>alert(1)</script>', "alert", "script", "{{7*7}}", "javascript:alert(1)"):
        page = visit().get("/search", query_string={"q": query, "type": query, "page": query})
        assert page.status == 200
        assert_harmless(page.html, query)
        found = visit().get("/search", query_string={"q": query})
        assert query in _Values.of(found.html)
        assert_harmless(found.html, query)


def test_refused_forms_show_what_was_typed_and_run_nothing(cast, visit):
    guest = visit()
    for url in ("/join", "/sign-in", "/password/forgot"):
        fields = dict.fromkeys(("name", "username", "email", "password", "kept", "next"), ATTACK)
        page = guest.post(url, fields)
        assert page.status in (200, 422)
        assert_harmless(page.html, url)
    guest.post(
        "/join", {"name": "Al Al", "username": "alal", "email": "al'o@example.org", "password": "velvet anchor tundra"}
    )
    waiting = guest.get("/join/check")
    assert "al'o@example.org" in waiting
    assert_harmless(guest.post("/join/check", {"code": ATTACK}).html)


def test_a_preview_runs_nothing(cast, visit):
    post = make_post(cast.arthur)
    for visitor in (visit(), visit(cast.alice)):
        fields = {"body": ATTACK, "lang": ATTACK, "token": ATTACK, "intent": "preview", "csrf_token": visitor.token()}
        page = visitor.send(f"/posts/{post.slug}/comments", fields)
        assert page.status == 200
        assert_harmless(page.html)


def test_addresses_that_do_not_exist_are_not_echoed_into_the_page(visit):
    for url in (f"/{ATTACK}", f"/posts/{ATTACK}", f"/series/{ATTACK}", f"/tags/{ATTACK}", f"/?tag={ATTACK}",
                f"/?series={ATTACK}",
                f"/?before={ATTACK}", f"/join?kept={ATTACK}", f"/sign-in?next={ATTACK}&kept={ATTACK}",
                f"/join/confirm/{ATTACK}", f"/password/reset/{ATTACK}"):  # fmt: skip
        assert_harmless(visit().get(url).html, url)


# Nobody else's secrets


def test_no_page_shows_an_e_mail_address(attacked, cast, visit, work):
    post, comment = attacked
    work()
    emails = [email for email in db.session.scalars(db.select(User.email)) if email]
    for visitor in (visit(), visit(cast.bob), visit(cast.max)):
        for url in (
            "/",
            f"/posts/{post.slug}",
            f"/comments/{comment.id}/history",
            "/search?q=alert",
            "/search?q=example.org",
        ):
            page = visitor.get(url).html
            assert not [email for email in emails if email in page], url


def test_a_letter_takes_no_line_from_what_people_typed(app, cast, visit, work):
    """Names and titles reach letters; none becomes a header or another recipient."""
    cast.nora.name = "Nora\r\nBcc: mallory@example.org"
    db.session.commit()
    post = make_post(cast.arthur, "Title\r\nBcc: mallory@example.org")
    _held, case = make_held(cast.nora, post, "Words\r\nBcc: mallory@example.org")
    mona = visit(cast.mona)
    page = mona.get(f"/moderation/cases/{case.id}")
    mona.submit(page, "/reject", reason="unkind", message="x\r\nBcc: mallory@example.org")
    end_undoing()
    work()
    work()
    [letter] = letters(app)
    headers = letter.raw.partition(b"\n\n")[0]
    assert letter.to == "nora@example.org"
    assert b"mallory" not in headers
