"""Who may come in, for every route and every kind of person."""

from __future__ import annotations

import pytest

from forum.foundation.db import db
from forum.web.guard import entry_of
from tests.makers import make_comment, make_held, make_post

# Written out, so that a decorator changed by mistake is seen here.
ROUTES = {
    "anybody": {
        "home.index", "home.series_list", "home.series", "home.tag", "posts.show", "posts.branch",
        "composing.create", "composing.quote",
        "comments.show", "comments.history", "accounts.join", "accounts.check_mail", "accounts.confirm_code",
        "accounts.resend", "accounts.confirm", "accounts.sign_in", "accounts.sign_out", "passwords.forgot",
        "passwords.reset", "search.index", "search_suggest.show", "search_suggest.as_json", "search_feed.feed",
        "opensearch.show", "search_help.show", "about.house_rules", "about.markdown", "about.privacy",
        "about.accessibility", "about.health",
        "flags.show", "reports.report", "reports.show", "moderation_log.index", "moderation_log.entry",
        "moderation_log.feed", "transparency.index", "transparency.as_csv", "transparency.as_json",
        "marks.likes", "people.show", "people.feed", "news.first", "reading_settings.keyboard", "languages.choose",
        "media.show", "media.show_small", "live.stream", "live.since", "live.comments",
    },
    "members": {
        "appeals.statement", "appeals.make", "appeals.acknowledge",
        "comments.edit", "comments.withdraw", "flags.flag", "flags.mine", "flags.switch_mail",
        "passwords.change", "marks.like", "marks.unlike",
        "marks.bookmark", "marks.unbookmark", "composing.save_draft", "composing.suggest", "drafts.index",
        "drafts.delete", "mine.comments", "mine.bookmarks", "mine.edit_profile",
        "folding.fold", "folding.unfold", "muting.mute", "muting.unmute", "reading_settings.show",
        "reading_settings.switch_keys", "media.send", "mine.change_picture",
    },
    "authors": {
        "writing.desk", "writing.new", "writing.edit", "waiting.index", "waiting.show", "waiting.approve",
        "waiting.reject", "waiting.undo",
    },
    "moderators": {
        "appeals.answer", "sanctions.index", "sanctions.person", "sanctions.warn", "sanctions.silence",
        "sanctions.suspend", "sanctions.lift", "sanctions.agree", "sanctions.decline", "sanctions.clean_up",
        "screening.words", "screening.word", "screening.remove_word", "screening.all_checks", "screening.check",
        "comments.remove", "queue.index", "queue.case", "queue_mail.show", "queue_news.since", "workload.index",
        "moderation_search.index", "moderation_search.send",
        "deciding.approve", "deciding.reject", "deciding.remove", "deciding.restore", "deciding.mark_spam",
        "deciding.dismiss", "deciding.undo", "deciding.reopen", "claims.claim", "claims.release", "claims.take_over",
        "claims.assign", "bulk.preview", "bulk.decide", "notes.add_about_case", "notes.add_about_person",
        "notes.delete", "replies.index", "replies.new", "replies.edit", "replies.delete",
    },
    "developers": {"dev.mail", "dev.message"},
}  # fmt: skip

ALLOWED = {
    "guest": {"anybody", "developers"},
    "alice": {"anybody", "developers", "members"},
    "arthur": {"anybody", "developers", "members", "authors"},
    "mona": {"anybody", "developers", "members", "moderators"},
    "ada": {"anybody", "developers", "members", "authors", "moderators"},
}


@pytest.fixture
def places(cast):
    """Something at every address: a post of Arthur's, in a series, with a comment on it and one that waits."""
    post = make_post(cast.arthur, series="Buses", tags=["tides"])
    comment = make_comment(cast.bob, post)
    _held, case = make_held(cast.nora, post)
    names = {"series": post.series.slug, "tag": post.tags[0].slug}

    def values(endpoint: str) -> dict[str, object]:
        slug = names.get(endpoint.partition(".")[2], post.slug)
        return {"slug": slug, "comment_id": comment.id, "case_id": case.id, "post_id": post.id,
                "username": "bob", "token": "1.x", "draft_id": 1, "user_id": comment.author_id, "sanction_id": 1,
                "appeal_id": 1, "name": "0" * 20,
                "decision_id": 1, "reference": "0", "word_id": 1, "note_id": 1, "reply_id": 1}  # fmt: skip

    return values


def requests(app, values):
    """Every method of every route, with an address where there is something."""
    for rule in app.url_map.iter_rules():
        known = values(rule.endpoint)
        with app.test_request_context(base_url="http://localhost"):
            url = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule.endpoint, method, url


def test_every_route_is_in_the_table_with_who_may_enter(app):
    declared = {}
    for rule in app.url_map.iter_rules():
        declared.setdefault(entry_of(app.view_functions[rule.endpoint]), set()).add(rule.endpoint)
    assert declared == ROUTES


@pytest.mark.parametrize("role", ALLOWED)
def test_each_person_comes_in_where_they_may_and_nowhere_else(app, cast, visit, places, role):
    entry = {endpoint: who for who, endpoints in ROUTES.items() for endpoint in endpoints}
    for endpoint, method, url in list(requests(app, places)):
        visitor = visit() if role == "guest" else visit(getattr(cast, role))
        page = visitor.get(url) if method == "GET" else visitor.send(url, {"csrf_token": visitor.token()})
        what = f"{role}: {method} {url} answers {page.status} {page.location}"
        assert page.status < 500, what
        if entry[endpoint] in ALLOWED[role]:
            assert "/sign-in" not in page.location or endpoint == "accounts.sign_in", what
            assert "This page is for" not in page, what
            assert "does not declare" not in page, what
        elif role == "guest":
            assert page.status == 303, what
            assert page.location.startswith("/sign-in"), what
        else:
            assert page.status == 403, what
            assert "This page is for" in page, what


def test_a_route_that_says_nothing_is_closed(app, cast, visit):
    view = app.view_functions["about.privacy"]
    app.view_functions["about.privacy"] = lambda: "open by mistake"
    try:
        for visitor in (visit(), visit(cast.ada)):
            page = visitor.get("/privacy")
            assert page.status == 500
            assert "open by mistake" not in page.html
    finally:
        app.view_functions["about.privacy"] = view


def test_a_role_taken_away_closes_the_door_at_once(cast, visit):
    mona = visit(cast.mona)
    assert mona.get("/moderation").status == 200
    cast.mona.is_moderator = False
    db.session.commit()
    assert mona.get("/moderation").status == 403


def test_an_author_does_not_change_anothers_post(cast, visit):
    post = make_post(cast.arthur)
    cast.bob.is_author = True
    db.session.commit()
    bob = visit(cast.bob)
    assert bob.get(f"/desk/posts/{post.id}").status == 403
    assert bob.post(f"/desk/posts/{post.id}", {"title": "Mine now"}).status == 403
    assert post.title != "Mine now"


def test_nobody_edits_or_withdraws_anothers_comment(cast, visit):
    comment = make_comment(cast.bob, make_post(cast.arthur), "Bob’s own words.")
    for person in (cast.alice, cast.arthur, cast.mona, cast.ada):
        visitor = visit(person)
        for act in ("edit", "withdraw"):
            assert visitor.get(f"/comments/{comment.id}/{act}").status == 403
            assert visitor.post(f"/comments/{comment.id}/{act}", {"body": "x", "version": "1"}).status == 403
    assert comment.is_public
    assert comment.body == "Bob’s own words."
