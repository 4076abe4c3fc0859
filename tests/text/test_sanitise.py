"""No attack leaves a tag, a handler or an address that was not meant."""

from __future__ import annotations

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.text import addresses, sanitise
from forum.text.markdown import TooComplex, render_comment, render_post
from forum.text.safe import SafeHtml

from .attacks import ATTACKS, BAD_ADDRESSES, HTML
from .pages import MORE_TAGS, TAGS, by_browser_rules, dangers, is_good_address

RULES = sanitise.Rules(prefix="note-", links_trusted=False, images=True)
SOME_HTML = TAGS | MORE_TAGS


def test_the_corpus_is_large_and_has_no_doubles() -> None:
    assert len(set(ATTACKS)) == len(ATTACKS) >= 200


def test_the_judge_of_these_tests_sees_dangers() -> None:
    unsafe = [
        "<script>x</script>",
        "<p onclick=x>",
        "<p style=x>",
        "<a href=javascript:x>",
        "<a href=//x>",
        "<p id=x>",
    ]
    assert all(dangers(html) for html in unsafe)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_comment_leaves_nothing_unsafe(attack: str) -> None:
    html = render_comment(attack).html
    assert dangers(html, TAGS - {"img", "h2"}) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_post_leaves_nothing_unsafe(attack: str) -> None:
    html = render_post(attack).html
    assert dangers(html, prefix="post-") == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_written_as_html_leaves_nothing_unsafe(attack: str) -> None:
    assert dangers(sanitise.clean(attack, RULES), SOME_HTML) == []


@pytest.mark.parametrize("attack", HTML)
def test_html_in_markdown_is_shown_as_text(attack: str) -> None:
    written = {element.tag for element in by_browser_rules(render_comment("x " + attack.replace("\n", " ")).html)}
    assert written <= {"p", "a", "code", "em", "strong", "span"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_either_gate_alone_stops_every_attack(attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitise, "_bleach", lambda html, rules: html)
    assert dangers(sanitise.clean(attack, RULES), SOME_HTML) == []
    monkeypatch.undo()
    monkeypatch.setattr(sanitise, "_nh3", lambda html, rules: html)
    assert [danger for danger in dangers(sanitise.clean(attack, RULES), SOME_HTML) if danger != "the tag !--"] == []


def test_when_the_last_gate_fails_nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> str:
        raise RuntimeError("out of order")

    monkeypatch.setattr(nh3, "clean", broken)
    with pytest.raises(RuntimeError):
        sanitise.clean("<p>x</p>", RULES)


def test_html_that_changes_when_read_again_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["<p>one <em>two</em></p>", "<p>one</p>"])
    monkeypatch.setattr(sanitise, "_nh3", lambda html, rules: next(answers))
    assert sanitise.clean("<p>whatever</p>", RULES) == "<p>one two</p>"


FRAGMENTS = st.recursive(
    st.sampled_from(
        [
            *(
                "x",
                " ",
                "\n\n",
                "*",
                "**",
                "`",
                "[",
                "](",
                ")",
                "![",
                "<",
                ">",
                '"',
                "'",
                "&lt;",
                "&#60;",
                "||",
                "@alice",
            ),
            *(
                "#12",
                "https://a.example/",
                "javascript:alert(1)",
                "- [x] ",
                "> ",
                "```html\n",
                "|a|\n|-|\n",
                "<!--",
                "-->",
            ),
            *(
                "<a href=https://a.example>",
                "<img src=x onerror=alert(1)>",
                "</p>",
                "</style>",
                "</title>",
                "\x00",
                "\u200b",
            ),
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.tuples(
            st.sampled_from(
                [
                    *(
                        "p",
                        "a",
                        "b",
                        "pre",
                        "code",
                        "table",
                        "td",
                        "svg",
                        "math",
                        "style",
                        "script",
                        "title",
                        "template",
                    ),
                    *(
                        "noscript",
                        "textarea",
                        "select",
                        "form",
                        "mglyph",
                        "mtext",
                        "foreignObject",
                        "iframe",
                        "xmp",
                        "li",
                    ),
                ]
            ),
            st.sampled_from(
                ["", " onclick=alert(1)", ' title="', " href=javascript:alert(1)", " id=note-fn1", " style=x"]
            ),
            inner,
        ).map(lambda parts: f"<{parts[0]}{parts[1]}>{parts[2]}</{parts[0]}>"),
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(FRAGMENTS)
def test_random_nested_fragments_leave_nothing_unsafe(source: str) -> None:
    assert dangers(sanitise.clean(source, RULES), SOME_HTML) == []
    assert dangers(render_post(source).html, prefix="post-") == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_can_be_rendered(source: str) -> None:
    try:
        html = render_comment(source).html
    except TooComplex:
        return
    assert dangers(html) == []


@settings(max_examples=150, deadline=None)
@given(FRAGMENTS)
def test_every_link_that_leads_outside_says_so(source: str) -> None:
    for element in by_browser_rules(render_comment(source).html):
        if element.attributes.get("href", "").startswith("http"):
            assert element.attributes["rel"] == "nofollow ugc noopener"


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_bad_address_is_refused(address: str) -> None:
    assert not addresses.is_allowed(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example",
        "http://a.example:8080/x?y=1&z=2#w",
        "HTTPS://A.EXAMPLE/",
        "https://[::1]/",
        "https://fa.example/\u0646\u0645",
        "https://a.example/%E2%80%8C",
        "mailto:alice@a.example",
        "mailto:alice@a.example?subject=x",
        "/posts/one",
        "/",
        "#comment-12",
    ],
)
def test_an_ordinary_address_is_allowed(address: str) -> None:
    assert addresses.is_allowed(address)
    assert is_good_address(address)


@settings(max_examples=200)
@given(st.text(alphabet=r"htps:/\@#?.ax0 %[]" + "\t\n\x00\u200b", max_size=20))
def test_no_string_of_address_characters_is_allowed_that_a_browser_would_read_otherwise(address: str) -> None:
    assert not addresses.is_allowed(address) or is_good_address(address)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<span class="mention only-moderator">x</span>', '<span class="mention">x</span>'),
        ('<span class="k">x</span>', '<span class="k">x</span>'),
        ('<p class="mention">x</p>', "<p>x</p>"),
        ('<code class="language-c++">x</code>', '<code class="language-c++">x</code>'),
        ('<code class="language-x card">x</code>', "<code>x</code>"),
        ('<li id="note-fn1">x</li>', '<li id="note-fn1">x</li>'),
        ('<li id="c2-fn1">x</li>', "<li>x</li>"),
        ('<li id="note-main">x</li>', "<li>x</li>"),
        ('<p id="note-fn1">x</p>', "<p>x</p>"),
        ('<td style="color:red" align="left">x</td>', "x"),
        ('<img src="http://a.example/x.png" alt="x">', '<img alt="x">'),
    ],
)
def test_classes_and_ids_come_from_a_closed_list(html: str, kept: str) -> None:
    assert sanitise.clean(html, RULES) == kept


@pytest.mark.parametrize("html", ['<input type="text">', "<input>", "<input type=checkbox>", "<input type=image>"])
def test_a_field_is_always_a_box_that_nobody_can_press(html: str) -> None:
    (box,) = by_browser_rules(sanitise.clean(html, RULES))
    assert box.attributes == {"type": "checkbox", "disabled": ""}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("&amp;lt; &amp;copy; &amp;#x41;", "&amp;lt; &amp;copy; &amp;#x41;"),
        ("\\&lt; `&lt;`", "&amp;lt; <code>&amp;lt;</code>"),
        ("&lt; &copy; &#65; &", "&lt; © A &amp;"),
    ],
)
def test_an_entity_that_is_meant_as_text_stays_text(source: str, shown: str) -> None:
    assert render_comment(source).html == f"<p>{shown}</p>\n"


def test_links_that_were_found_already_are_not_linked_again() -> None:
    html = '<p><a href="https://a.example/x">https://a.example/x</a> https://b.example</p>'
    dressed = (
        '<p><a href="https://a.example/x" rel="nofollow ugc noopener">https://a.example/x</a> https://b.example</p>'
    )
    assert sanitise.clean(html, RULES) == dressed


@pytest.mark.parametrize("prefix", ["", "c12", "-", "C12-", 'c"-', "c 1-", "1-"])
def test_a_prefix_that_could_not_begin_an_id_is_a_mistake(prefix: str) -> None:
    with pytest.raises(ValueError, match="not a prefix"):
        sanitise.Rules(prefix=prefix, links_trusted=False, images=False)


def test_the_answer_is_known_as_safe_html() -> None:
    assert isinstance(sanitise.clean("<p>x</p>", RULES), SafeHtml)
