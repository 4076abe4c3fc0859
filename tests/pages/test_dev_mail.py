"""Mail that was not sent, on a developer's own machine only."""

from __future__ import annotations

import pytest

from forum.foundation import mail
from tests.letters import letters
from tests.sites import own_site


def send(app, *letter: str) -> str:
    """Put a letter in the outbox; its address at /dev/mail."""
    with app.app_context():
        mail.send(*letter)
    return "/dev/mail/" + max(app.config["FORUM"].outbox_dir.glob("*.eml")).stem


def test_a_letter_can_be_read_and_its_link_followed(app, cast, visit):
    assert cast.alice
    alice = visit()
    alice.submit(alice.get("/password/forgot"), "/password/forgot", email="alice@example.org")
    page = alice.get("/dev/mail")
    assert "Choose a new password" in page
    assert "alice@example.org" in page
    name = max(app.config["FORUM"].outbox_dir.glob("*.eml")).stem
    letter = alice.get(f"/dev/mail/{name}")
    assert f'href="http://localhost:8000{letters(app)[0].path}"' in letter.html
    assert "no-store" in letter.response.headers["Cache-Control"]


def test_the_newest_letter_is_first(app, visit):
    send(app, "a@example.org", "The first", "x")
    send(app, "a@example.org", "The second", "x")
    words = visit().get("/dev/mail").text
    assert words.index("The second") < words.index("The first")


def test_an_empty_outbox_says_so(visit):
    assert "No letters yet." in visit().get("/dev/mail")


def test_letters_are_shown_escaped(app, visit):
    attack = '<script>alert(1)</script><img src=x onerror=alert(2)> http://x/"onmouseover="alert(3) javascript:alert(4)'
    url = send(app, "x@example.org", "<b>Bold</b> &amp;", attack, f"<p>{attack}</p>")
    for page in (visit().get("/dev/mail"), visit().get(url)):
        assert "<script>alert" not in page.html
        assert "<img src=x" not in page.html
        assert "<b>Bold</b>" not in page.html
        assert 'onmouseover="alert' not in page.html.replace("&#34;", "")
        assert 'href="javascript:' not in page.html


@pytest.mark.parametrize(
    "name", ["0" * 20, "1", "x", "..%2F..%2Fsecret", "../secret", "%00", "9" * 300, "0" * 19 + "é"]
)
def test_no_other_file_can_be_read(app, visit, name):
    outbox = app.config["FORUM"].outbox_dir
    outbox.mkdir(parents=True, exist_ok=True)
    (outbox.parent / "secret.eml").write_text("Subject: A secret\n\nsecret words")
    (outbox / "x.eml").write_text("Subject: A secret\n\nsecret words")
    page = visit().get(f"/dev/mail/{name}")
    assert page.status in (400, 404)
    assert "secret words" not in page


def test_a_foreign_file_in_the_folder_does_not_break_the_list(app, visit):
    send(app, "a@example.org", "A letter", "x")
    (app.config["FORUM"].outbox_dir / "saved-by-hand.eml").write_text("Subject: x\n\nx")
    page = visit().get("/dev/mail")
    assert page.status == 200
    assert "A letter" in page


@pytest.mark.parametrize(
    "settings",
    [
        {"FORUM_ENV": "production", "FORUM_BASE_URL": "https://forum.example"},
        {"FORUM_ENV": "production", "FORUM_BASE_URL": "http://localhost:8000"},
        {"FORUM_BASE_URL": "https://forum.example"},
    ],
    ids=["production", "production at home", "a public address by mistake in development"],
)
def test_a_real_site_shows_nobody_its_mail(tmp_path, settings):
    app = own_site(tmp_path, **settings)
    url = send(app, "alice@example.org", "Choose a new password", "http://x/password/reset/1.secret")
    client = app.test_client()
    for page in ("/dev/mail", url):
        answer = client.get(page)
        assert answer.status_code == 404
        assert "secret" not in answer.get_data(as_text=True)
    assert "/dev/mail" not in client.get("/sign-in").get_data(as_text=True)
