"""Every page of the site, who sees it, and the way there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Response, expect

from tests import files
from tests.journeys import steps

# The demo's longest discussion, and a short one: axe-core takes its time with each comment.
DISCUSSION = "/posts/the-front-door-that-care-leavers-designed"
SHORT = "/posts/the-library-that-stayed-open-by-accident"
CLOSED = "/posts/three-words-we-have-stopped-using"


@dataclass(frozen=True)
class Scenery:
    """Addresses of things that were made for the walk.

    Below one post stands the comment, which the reader wrote and edited, and one of the newcomer's, which is held;
    the other post has none.
    """

    comment: str
    replying: str
    branch: str
    uncommented: str
    confirm: str
    reset: str
    letter: str


@dataclass(frozen=True)
class Place:
    """A page; `way` does what has to be done after the address was opened."""

    name: str
    address: str | Callable[[Scenery], str]
    who: str | None = None
    way: Callable[[Page], None] | None = None
    status: int = 200
    is_dark: bool = False

    def go(self, page: Page, scenery: Scenery) -> int:
        """Open it; the status of the answer that stands in the window at the end."""
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer) if _is_document(answer) else None)
        page.goto(self.address if isinstance(self.address, str) else self.address(scenery))
        if self.way:
            self.way(page)
            page.wait_for_load_state()
        return answers[-1].status


def _is_document(answer: Response) -> bool:
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400


def _press(words: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("main").get_by_role("button", name=words, exact=True).click()


def _fail(words: str) -> Callable[[Page], None]:
    """Press a button of a form that is not filled in."""

    def way(page: Page) -> None:
        _press(words)(page)
        expect(page).to_have_title(re.compile("^Error: "))

    return way


def _preview(words: str, field: str) -> Callable[[Page], None]:
    def way(page: Page) -> None:
        page.get_by_role("textbox", name=field, exact=True).fill(words)
        _press("Preview")(page)
        expect(page.get_by_role("region", name="Preview")).to_be_visible()

    return way


def _type_a_name(page: Page) -> None:
    steps.box(page).press_sequentially("@d")
    expect(page.get_by_role("listbox", name="People")).to_be_visible()


def _go_to_the_toolbar(page: Page) -> None:
    steps.box(page).fill("x" * 31_900)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("toolbar", name="Format").get_by_role("button", name="Bold")).to_be_focused()
    expect(page.locator("[data-left]").first).to_be_visible()


def _preview_in_place(page: Page) -> None:
    steps.box(page).fill("Some **words** and\n\n> a quotation.")
    _press("Preview")(page)
    expect(page.get_by_role("region", name="Preview")).to_be_focused()


def _save_elsewhere_meanwhile(page: Page) -> None:
    page.evaluate(
        """async () => {
          const form = document.querySelector(".composer");
          const data = new URLSearchParams(new FormData(form));
          data.set("token", "elsewhere");
          data.set("body", "Words from elsewhere, " + Math.random());
          const options = { method: "POST", body: data, headers: { "X-Fragment": "draft" } };
          await fetch(form.action.replace(/comments$/, "draft"), options);
          form.querySelector("[value=preview]").dataset.plain = "true";
        }"""
    )
    steps.box(page).fill("Words from here.")
    _press("Preview")(page)
    expect(page.get_by_role("button", name="Keep mine")).to_be_visible()


def _keep_a_draft(page: Page) -> None:
    steps.box(page).fill("Half a *thought*.")
    expect(page.get_by_text(re.compile("Draft saved at"))).to_be_visible()
    page.goto("/account/drafts")
    expect(page.get_by_role("article").filter(has_text="Half a")).to_be_visible()


def _send_nothing(page: Page) -> None:
    # Words that a preview kept come back by themselves.
    steps.box(page).fill("")
    _fail("Post comment")(page)


def _wait_for_mail(page: Page) -> None:
    steps.fill_join(page, "Nora New")


def _type_a_wrong_code(page: Page) -> None:
    _wait_for_mail(page)
    page.get_by_label("Or type the 6-digit code").fill("000000")
    _fail("Continue")(page)


def _type_before_joining(page: Page) -> None:
    steps.box(page).fill("Words that wait.")
    _press("Create an account to post")(page)
    expect(steps.heading(page, "Create an account")).to_be_visible()


def _open_pictures(page: Page) -> None:
    page.locator("summary").filter(has_text="Add a picture").first.click()
    expect(page.get_by_label("What does it show?")).to_be_visible()


def _add_no_picture(page: Page) -> None:
    _open_pictures(page)
    _press("Add to the text")(page)
    expect(page.get_by_text("Choose a picture first")).to_be_visible()


def _look_at_pictures(page: Page) -> None:
    """Preview a picture without a description, behind which there is a larger one."""
    _open_pictures(page)
    picture = {"name": "bus.png", "mimeType": "image/png", "buffer": files.png(1000, 700)}
    page.get_by_label("Picture", exact=True).set_input_files(picture)  # type: ignore[arg-type]
    _press("Add to the text")(page)
    expect(page.get_by_label("Describe “bus.png”")).to_be_visible()
    _press("Preview")(page)
    expect(page.get_by_text("A picture has no description.")).to_be_visible()


def _choose_no_avatar(page: Page) -> None:
    _press("Use this picture")(page)
    expect(page).to_have_title(re.compile("^Error: "))


def _empty_the_name(page: Page) -> None:
    page.get_by_label("Your name").fill("")
    page.get_by_role("button", name="Save").click()


def _ask_for_a_new_password(page: Page) -> None:
    page.get_by_label("E-mail address").fill("nobody@example.org")
    _press("Send the link")(page)
    expect(steps.heading(page, "Check your e-mail")).to_be_visible()


def _list_the_keys(page: Page) -> None:
    page.get_by_role("link", name="Keyboard").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _mute(page: Page) -> None:
    if page.get_by_role("button", name=re.compile("^Mute")).count():
        page.get_by_role("button", name=re.compile("^Mute")).click()
    expect(page.get_by_text("You have muted this person.")).to_be_visible()


def _mute_and_read(page: Page) -> None:
    _mute(page)
    page.goto(DISCUSSION)
    expect(page.get_by_text("You muted the writer.").first).to_be_visible()


def _try_a_word(page: Page) -> None:
    page.get_by_label("Word or phrase", exact=True).fill("key*")
    _press("Try it on past comments")(page)
    expect(page.get_by_role("heading", name="What it would have found")).to_be_visible()


def _ask_about_a_postcode(page: Page) -> None:
    steps.box(page).fill("The family at number 14, NF1 2AB, still wait for their keys.")
    _press("Post comment")(page)
    expect(page.get_by_text("Is that a postcode?")).to_be_visible()


def _open_first_entry(page: Page) -> None:
    page.get_by_role("table").get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(steps.heading(page, re.compile("^Entry"))).to_be_visible()


def _see_the_numbers(page: Page) -> None:
    page.get_by_text("See the numbers").click()


def _report(page: Page) -> None:
    page.get_by_label("Which law does it break").fill("Defamation")
    page.get_by_label("Why is it illegal?").fill("It says that somebody stole, and nobody did.")
    page.get_by_label("I believe in good faith").check()
    _press("Send report")(page)
    expect(steps.heading(page, "Your report")).to_be_visible()


def _open_first_waiting(page: Page) -> None:
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Decide")).to_be_visible()
    page.locator("summary").filter(has_text="Reject…").click()


def _open_first_case(page: Page) -> None:
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").filter(
        has_text=re.compile("wait")
    ).first.click()
    expect(page.get_by_role("region", name="Decide")).to_be_visible()
    page.locator("summary").filter(has_text=re.compile("^Re(ject|move)…")).click()


def _choose_several(page: Page) -> None:
    for tick in page.locator(".queue-row__tick").all():
        tick.check()
    expect(page.locator(".several__bar")).to_be_visible()


def _decide_on_several(page: Page) -> None:
    _choose_several(page)
    page.locator(".several__bar").get_by_role("button", name="Reject…").click()
    expect(steps.heading(page, re.compile("^Reject"))).to_be_visible()


def _take_over(page: Page) -> None:
    page.locator(".queue-row__link").first.click()
    expect(page.get_by_role("region", name="Decide")).to_be_visible()
    over = page.locator("summary").filter(has_text="Take over…")
    if over.count():
        over.click()


def _open_a_closed_case(page: Page) -> None:
    # The oldest: those of journeys may be open again.
    page.get_by_role("link", name="See the case").last.click()
    page.locator("summary").filter(has_text="Open it again…").click()


def _write_no_note(page: Page) -> None:
    page.locator(".queue-row__link").first.click()
    page.locator("summary").filter(has_text="Add a note").first.click()
    page.get_by_role("button", name="Save the note").locator("visible=true").first.click()
    expect(page.get_by_text("Write the note first")).to_be_visible()


def _open_an_appeal(page: Page) -> None:
    page.get_by_role("main").locator("a[href*='/moderation/cases/']").first.click()
    expect(page.get_by_role("region", name="Appeal")).to_be_visible()


def _open_a_person(page: Page) -> None:
    page.get_by_role("row").filter(has_text="Hector").get_by_role("link").click()
    page.locator("summary").filter(has_text="Suspend…").click()
    expect(page.get_by_role("form", name="Suspend…")).to_be_visible()


def _look_at_a_clean_up(page: Page) -> None:
    page.get_by_role("row").filter(has_text="Hector").get_by_role("link").click()
    page.get_by_role("link", name="Clean up in one act").click()
    expect(page.get_by_role("button", name="Clean up now")).to_be_visible()


def _begin_a_search(landmark: str) -> Callable[[Page], None]:
    def begin(page: Page) -> None:
        page.get_by_role(landmark).get_by_role("combobox").press_sequentially("librar")
        expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()

    return begin


SHARED = [
    Place("home", "/", is_dark=True),
    Place("home, most discussed", "/?order=discussed"),
    Place("home, filtered to nothing", "/?series=lle-place&tag=energy"),
    Place("series list", "/series"),
    Place("series", "/series/creative-councils"),
    Place("tag", "/tags/service-design"),
    Place("post", DISCUSSION, is_dark=True),
    Place("post, newest first", f"{SHORT}?order=newest"),
    Place("post, most liked first", f"{SHORT}?order=liked"),
    Place("post, flat", f"{SHORT}?view=flat", is_dark=True),
    Place("post, by its authors", f"{DISCUSSION}?view=flat&by=author"),
    Place("post in Welsh", "/posts/lle-i-bawb"),
    Place("post, checked first", "/posts/a-budget-you-can-hold-in-one-hand"),
    Place("post, closed", CLOSED),
    Place("post without comments", lambda scenery: scenery.uncommented),
    Place("post, replying", lambda scenery: scenery.replying),
    Place("branch", lambda scenery: scenery.branch),
    Place("a person", "/people/farida"),
    Place("who likes it", lambda scenery: f"{scenery.comment}/likes"),
    Place("history", lambda scenery: f"{scenery.comment}/history", is_dark=True),
    Place("search", "/search"),
    Place("search, suggestions", "/search", way=_begin_a_search("main"), is_dark=True),
    Place("suggestions at the top", "/privacy", way=_begin_a_search("banner"), is_dark=True),
    Place("search, found", "/search?q=letters", is_dark=True),
    Place("search, narrowed", "/search?q=letters+after:2001-01-31&type=comments&tag=service-design", is_dark=True),
    Place("search, people", "/search?q=adaeze+in:people"),
    Place("search, only some of the words", "/search?q=letters+zqzqzqzq"),
    Place("search, nothing", "/search?q=zqzqzqzq"),
    Place("search, nothing so narrow", "/search?q=lettrs+before:2001-01-31&type=comments", is_dark=True),
    Place("search, refused", "/search?q=-letters"),
    Place("how to search", "/search/help"),
    Place("house rules", "/house-rules"),
    Place("markdown", "/markdown"),
    Place("privacy", "/privacy"),
    Place("moderation log", "/moderation-log", is_dark=True),
    Place("moderation log, filtered to nothing", "/moderation-log?month=2020-01"),
    Place("entry of the moderation log", "/moderation-log", way=_open_first_entry),
    Place("transparency report", "/transparency", way=_see_the_numbers, is_dark=True),
    Place("keyboard", "/keyboard"),
    Place("keyboard, as a window", SHORT, way=_list_the_keys, is_dark=True),
    Place("accessibility", "/accessibility"),
    Place("not found", "/posts/there-is-no-such-post", status=404),
    Place("not understood", "/search?q=%00", status=400),
]

GUESTS = [
    Place("post, preview of a guest", SHORT, way=_preview("Some *words*.", "Your comment")),
    Place("join", "/join"),
    Place("join, with words kept", SHORT, way=_type_before_joining),
    Place("join, with errors", "/join", way=_fail("Create account"), status=422),
    Place("check your e-mail", "/join", way=_wait_for_mail),
    Place("check your e-mail, wrong code", "/join", way=_type_a_wrong_code, status=422),
    Place("confirm", lambda scenery: scenery.confirm),
    Place("confirm, too late", "/join/confirm/nothing", status=410),
    Place("sign in", "/sign-in"),
    Place("sign in, with errors", "/sign-in", way=_fail("Sign in"), status=422),
    Place("flag, as a guest", lambda scenery: f"{scenery.comment}/flag"),
    Place("report", lambda scenery: f"{scenery.comment}/report"),
    Place("report, with errors", lambda scenery: f"{scenery.comment}/report", way=_fail("Send report"), status=422),
    Place("report, sent", lambda scenery: f"{scenery.comment}/report", way=_report),
    Place("forgotten password", "/password/forgot"),
    Place("forgotten password, sent", "/password/forgot", way=_ask_for_a_new_password),
    Place("forgotten password, with errors", "/password/forgot", way=_fail("Send the link"), status=422),
    Place("reset", lambda scenery: scenery.reset),
    Place("reset, with errors", lambda scenery: scenery.reset, way=_fail("Save and sign in"), status=422),
    Place("reset, too late", "/password/reset/nothing", status=410),
    Place("outbox", "/dev/mail"),
    Place("letter", lambda scenery: scenery.letter),
]

MEMBERS = [
    Place("post, own comment held, replying", lambda scenery: scenery.replying, "newcomer", is_dark=True),
    Place("post, preview", SHORT, "reader", _preview("Some **words** and\n\n> a quotation.", "Your comment")),
    Place("post, empty comment", SHORT, "reader", _send_nothing, 422),
    Place("post, asked first", SHORT, "reader", _ask_about_a_postcode, 422, is_dark=True),
    Place("post, preview in place", SHORT, "moderator", _preview_in_place, is_dark=True),
    Place("post, toolbar and limit", SHORT, "moderator", _go_to_the_toolbar, is_dark=True),
    Place("post, people proposed", SHORT, "moderator", _type_a_name, is_dark=True),
    Place("post, newer draft elsewhere", SHORT, "author", _save_elsewhere_meanwhile, is_dark=True),
    Place("post, quoting", lambda scenery: scenery.replying.replace("#reply", "&quote=1#reply"), "newcomer"),
    Place("my drafts, empty", "/account/drafts", "admin"),
    Place("my drafts", SHORT, "colleague", _keep_a_draft),
    Place("flag", lambda scenery: f"{scenery.comment}/flag", "newcomer"),
    Place("flag, with errors", lambda scenery: f"{scenery.comment}/flag", "newcomer", _fail("Send flag"), 422),
    Place("my flags, empty", "/account/flags", "author"),
    Place("my flags", "/account/flags", "moderator"),
    Place("edit", lambda scenery: f"{scenery.comment}/edit", "reader"),
    Place(
        "edit, preview", lambda scenery: f"{scenery.comment}/edit", "reader", _preview("Now *this*.", "Your comment")
    ),
    Place("withdraw", lambda scenery: f"{scenery.comment}/withdraw", "reader"),
    Place("my comments", "/account/comments", "newcomer"),
    Place("bookmarks, empty", "/account/bookmarks", "reader"),
    Place("profile", "/account/profile", "reader"),
    Place("profile, with errors", "/account/profile", "reader", _empty_the_name, 422),
    Place("profile, without a picture", "/account/profile", "reader", _choose_no_avatar, 422),
    Place("post, adding a picture", SHORT, "newcomer", _open_pictures, is_dark=True),
    Place("post, adding no picture", SHORT, "newcomer", _add_no_picture),
    Place("post, preview of a picture", SHORT, "newcomer", _look_at_pictures),
    Place("reading", "/account/reading", "reader", is_dark=True),
    Place("a person, muted", "/people/hector", "newcomer", _mute),
    Place("post, with somebody muted", "/people/hector", "newcomer", _mute_and_read, is_dark=True),
    Place("reading, with somebody muted", "/account/reading", "newcomer"),
    Place("password", "/account/password", "reader"),
    Place("password, with errors", "/account/password", "reader", _fail("Save the new password"), 422),
    Place("not allowed", "/moderation", "reader", status=403),
]

STAFF = [
    Place("desk", "/desk", "author"),
    Place("editor", "/desk/posts/new", "author"),
    Place("editor, preview", "/desk/posts/new", "author", _preview("## Heading\n\nWords.", "Text")),
    Place("editor, with errors", "/desk/posts/new", "author", _fail("Save"), 422),
    Place("editor, adding a picture", "/desk/posts/new", "author", _open_pictures),
    Place("editor, another author", "/desk/posts/new", "author", _press("Another author")),
    Place("post of the author", lambda scenery: scenery.uncommented, "author"),
    Place("waiting comments", "/desk/comments", "author", is_dark=True),
    Place("waiting comment", "/desk/comments", "author", _open_first_waiting),
    Place("letters about the queue", "/moderation/mail", "moderator", is_dark=True),
    Place("queue", "/moderation", "moderator", is_dark=True),
    Place("queue, flagged", "/moderation?tab=flagged", "moderator"),
    Place("case, held", "/moderation", "moderator", _open_first_case, is_dark=True),
    Place("case, flagged", "/moderation?tab=flagged", "moderator", _open_first_case),
    Place("queue, several chosen", "/moderation", "moderator", _choose_several),
    Place("queue, filtered", "/moderation?tab=held&author=nobody&reason=links", "moderator"),
    Place("queue, nothing waits", "/moderation?tab=appeal", "moderator"),
    Place("deciding on several", "/moderation", "moderator", _decide_on_several, is_dark=True),
    Place("case, taking over", "/moderation", "colleague", _take_over),
    Place("case, closed", "/moderation?tab=decisions", "moderator", _open_a_closed_case, is_dark=True),
    Place("case, an empty note", "/moderation", "moderator", _write_no_note, 422),
    Place("decisions", "/moderation?tab=decisions", "moderator"),
    Place("workload", "/moderation/workload", "moderator"),
    Place("search of moderators", "/moderation/search?words=the", "moderator", is_dark=True),
    Place("search of moderators, with errors", "/moderation/search?since=soon&state=lost", "moderator", status=422),
    Place("saved replies", "/moderation/replies", "moderator"),
    Place("saved reply, new", "/moderation/replies/new", "moderator"),
    Place("saved reply, with errors", "/moderation/replies/new", "moderator", _fail("Save"), 422),
    Place("watched words", "/moderation/words", "moderator", is_dark=True),
    Place("watched words, tried on the past", "/moderation/words", "moderator", _try_a_word),
    Place("watched words, with errors", "/moderation/words", "moderator", _fail("Add word"), 422),
    Place("checks", "/moderation/checks", "moderator"),
    Place("check", "/moderation/checks/links", "admin", _press("Try it on past comments"), is_dark=True),
    Place("case, appeal", "/moderation?tab=appeal", "colleague", _open_an_appeal, is_dark=True),
    Place("people", "/moderation/people", "moderator", is_dark=True),
    Place("person", "/moderation/people?q=hector", "moderator", _open_a_person, is_dark=True),
    Place("clean up", "/moderation/people?q=hector", "moderator", _look_at_a_clean_up),
    Place("statement, as a moderator", "/decisions/1", "moderator"),
    Place("remove", lambda scenery: f"{scenery.comment}/remove", "moderator"),
    Place("post of a moderator", SHORT, "moderator"),
]

ALL = [*SHARED, *GUESTS, *MEMBERS, *STAFF]
