"""What writers get for what they type."""

from __future__ import annotations

import re

import pytest

from forum.text.markdown import RENDERER, parse, render_comment, render_post
from forum.text.safe import SafeHtml, stored

REL = 'rel="nofollow ugc noopener"'
BOX = 'class="task-list-item-checkbox" type="checkbox" disabled=""'

# CommonMark's own behaviour, a few examples for each of its parts.
COMMONMARK = [
    ("a\nb", "<p>a\nb</p>"),
    ("a  \nb", "<p>a<br>\nb</p>"),
    ("a\\\nb", "<p>a<br>\nb</p>"),
    ("a\r\n\r\nb", "<p>a</p>\n<p>b</p>"),
    ("   a", "<p>a</p>"),
    ("*a* _b_ **c** __d__", "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong></p>"),
    ("***a***", "<p><em><strong>a</strong></em></p>"),
    ("snake_case_name", "<p>snake_case_name</p>"),
    ("5*4*3", "<p>5<em>4</em>3</p>"),
    ("* a * b", "<ul>\n<li>a * b</li>\n</ul>"),
    ("**a", "<p>**a</p>"),
    ("\\*a\\*", "<p>*a*</p>"),
    ("&copy; &#65; &nosuch;", "<p>© A &amp;nosuch;</p>"),
    ("`a *b* <c>`", "<p><code>a *b* &lt;c&gt;</code></p>"),
    ("`` a`b ``", "<p><code>a`b</code></p>"),
    ("`a", "<p>`a</p>"),
    ("    code", "<pre><code>code\n</code></pre>"),
    ("\tcode", "<pre><code>code\n</code></pre>"),
    ("```\na\n\n b\n```", "<pre><code>a\n\n b\n</code></pre>"),
    ("~~~\na\n~~~", "<pre><code>a\n</code></pre>"),
    ("```\na\n", "<pre><code>a\n</code></pre>"),
    ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>"),
    ("> a\nb", "<blockquote>\n<p>a\nb</p>\n</blockquote>"),
    (">> a", "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n</blockquote>"),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("- a\n\n- b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
    ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
    ("- a\n+ b", "<ul>\n<li>a</li>\n</ul>\n<ul>\n<li>b</li>\n</ul>"),
    ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    ("1) a", "<ol>\n<li>a</li>\n</ol>"),
    ("In 1968\n1986. A year", "<p>In 1968\n1986. A year</p>"),
    ("a\n***\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
    ("#a", "<p>#a</p>"),
    ("[a](/b)", '<p><a href="/b">a</a></p>'),
    ('[a](/b "c")', '<p><a href="/b" title="c">a</a></p>'),
    ("[a](</b c>)", '<p><a href="/b%20c">a</a></p>'),
    ("[a][B]\n\n[b]: /c", '<p><a href="/c">a</a></p>'),
    ("[a]\n\n[a]: /c 'd'", '<p><a href="/c" title="d">a</a></p>'),
    ("[a]\n\n[a]: /first\n[a]: /second", '<p><a href="/first">a</a></p>'),
    ("[*a* `b`](/c)", '<p><a href="/c"><em>a</em> <code>b</code></a></p>'),
    ("[a [b](/c)](/d)", '<p>[a <a href="/c">b</a>](/d)</p>'),
    ("[a]", "<p>[a]</p>"),
    ("[a](/b", "<p>[a](/b</p>"),
    ("<https://a.example/b>", f'<p><a href="https://a.example/b" {REL}>https://a.example/b</a></p>'),
    ("<alice@a.example>", f'<p><a href="mailto:alice@a.example" {REL}>alice@a.example</a></p>'),
    ("", ""),
    (" \n\t\n", ""),
]


@pytest.mark.parametrize(("source", "html"), COMMONMARK)
def test_commonmark_is_read_as_its_specification_says(source: str, html: str) -> None:
    assert render_comment(source).html.strip() == html


ADDITIONS = [
    ("~~a~~", "<p><s>a</s></p>"),
    ("~a~", "<p>~a~</p>"),
    ("||a *b*||", '<p><span class="spoiler">a <em>b</em></span></p>'),
    ("*a ||b||*", '<p><em>a <span class="spoiler">b</span></em></p>'),
    ("||a", "<p>||a</p>"),
    ("a || b || c", "<p>a || b || c</p>"),
    ("|a| and |||b|||", "<p>|a| and |||b|||</p>"),
    (
        "||https://a.example/b||",
        f'<p><span class="spoiler"><a href="https://a.example/b" {REL}>https://a.example/b</a></span></p>',
    ),
    ("see #123.", '<p>see <span class="comment-number">#123</span>.</p>'),
    ("(#7)", '<p>(<span class="comment-number">#7</span>)</p>'),
    ("#0 #12a a#1 ##2 \\#3 `#4`", "<p>#0 #12a a#1 ##2 #3 <code>#4</code></p>"),
    ("[#1](/x)", '<p><a href="/x">#1</a></p>'),
    ("@alice", '<p><span class="mention">@alice</span></p>'),
    (
        "|a|b|c|\n|:-|-:|:-:|\n|1|2|",
        (
            '<table>\n<thead>\n<tr>\n<th align="left">a</th>\n<th align="right">b</th>\n'
            '<th align="center">c</th>\n</tr>\n</thead>\n'
            '<tbody>\n<tr>\n<td align="left">1</td>\n<td align="right">2</td>\n'
            '<td align="center"></td>\n</tr>\n</tbody>\n</table>'
        ),
    ),
    (
        "- [x] done\n- [ ] *to* do\n- other",
        (
            '<ul class="contains-task-list">\n'
            f'<li class="task-list-item"><label><input {BOX} checked=""> done</label></li>\n'
            f'<li class="task-list-item"><label><input {BOX}> <em>to</em> do</label></li>\n'
            "<li>other</li>\n</ul>"
        ),
    ),
    ("- [x](/a)", '<ul>\n<li><a href="/a">x</a></li>\n</ul>'),
    (
        "https://a.example/b_c_d.",
        f'<p><a href="https://a.example/b_c_d" {REL}>https://a.example/b_c_d</a>.</p>',
    ),
    (
        "(https://a.example/?b=1&c=2)",
        f'<p>(<a href="https://a.example/?b=1&amp;c=2" {REL}>https://a.example/?b=1&amp;c=2</a>)</p>',
    ),
    ("gov.uk", f'<p><a href="http://gov.uk" {REL}>gov.uk</a></p>'),
    ("www.a.jp/b?c=d.", f'<p><a href="http://www.a.jp/b?c=d" {REL}>www.a.jp/b?c=d</a>.</p>'),
    ("(a.org/b_(c))", f'<p>(<a href="http://a.org/b_(c)" {REL}>a.org/b_(c)</a>)</p>'),
    (
        "https://a.example/x,b.org",
        f'<p><a href="https://a.example/x,b.org" {REL}>https://a.example/x,b.org</a></p>',
    ),
    ("a.b.com.nope x@a.com", "<p>a.b.com.nope x@a.com</p>"),
    ("main.py README.md run.sh", "<p>main.py README.md run.sh</p>"),
    ("alice@a.example", "<p>alice@a.example</p>"),
    ("`https://a.example`", "<p><code>https://a.example</code></p>"),
    ("    https://a.example", "<pre><code>https://a.example\n</code></pre>"),
    ("http\\://a.example", "<p>http://a.example</p>"),
    ("<b>a</b> <!-- b -->", "<p>&lt;b&gt;a&lt;/b&gt; &lt;!-- b --&gt;</p>"),
    ("a\x00b\x07c", "<p>a\ufffdbc</p>"),
    ("[a](page)", "<p>[a](page)</p>"),
    ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
]


@pytest.mark.parametrize(("source", "html"), ADDITIONS)
def test_the_forum_adds_and_leaves_out_what_the_writers_guide_says(source: str, html: str) -> None:
    assert render_comment(source).html.strip() == html


@pytest.mark.parametrize(
    ("source", "in_comment", "in_post"),
    [
        ("# a", ["h3"], ["h2"]),
        ("## a", ["h3"], ["h2"]),
        ("###### a", ["h3"], ["h2"]),
        ("a\n===", ["h3"], ["h2"]),
        ("a\n---", ["h3"], ["h2"]),
        ("## a\n\n### b\n\n## c", ["h3", "h4", "h3"], ["h2", "h3", "h2"]),
        ("## a\n\n##### b\n\n### c", ["h3", "h4", "h4"], ["h2", "h3", "h3"]),
        ("### a\n\n# b\n\n## c", ["h3", "h3", "h4"], ["h2", "h2", "h3"]),
        (
            "# a\n## b\n### c\n#### d\n##### e\n###### f",
            ["h3", "h4", "h5", "h6", "h6", "h6"],
            ["h2", "h3", "h4", "h5", "h6", "h6"],
        ),
    ],
)
def test_headings_begin_below_those_of_the_page_and_skip_no_level(
    source: str, in_comment: list[str], in_post: list[str]
) -> None:
    assert re.findall(r"<(h\d)>", render_comment(source).html) == in_comment
    assert re.findall(r"<(h\d)>", render_post(source).html) == in_post


def test_a_heading_cell_without_words_is_an_ordinary_cell() -> None:
    assert "<th>" in render_comment("| a | |\n|---|---|\n| b | c |").html
    assert render_comment("| a | |\n|---|---|\n| b | c |").html.count("<th>") == 1


IMAGE = '<img src="https://a.example/b.png" alt="c d" loading="lazy">'


@pytest.mark.parametrize(
    ("source", "in_comment", "in_post"),
    [
        ("![c *d*](https://a.example/b.png)", f'<a href="https://a.example/b.png" {REL}>c d</a>', IMAGE),
        (
            "[![c d](https://a.example/b.png)](/e)",
            '<a href="/e">c d</a>',
            f'<a href="/e">{IMAGE}</a>',
        ),
        (
            "![c](http://a.example/b.png)",
            f'<a href="http://a.example/b.png" {REL}>c</a>',
            '<a href="http://a.example/b.png" rel="noopener">c</a>',
        ),
        ("![](/b.png)", '<a href="/b.png">/b.png</a>', '<a href="/b.png">/b.png</a>'),
    ],
)
def test_an_image_is_shown_in_a_post_from_https_and_is_else_a_link(source: str, in_comment: str, in_post: str) -> None:
    assert render_comment(source).html == f"<p>{in_comment}</p>\n"
    assert render_post(source).html == f"<p>{in_post}</p>\n"


def test_links_of_trusted_writers_are_followed_by_search_engines() -> None:
    html = render_comment("https://a.example", links_trusted=True).html
    assert 'rel="noopener"' in html


def test_our_own_links_carry_no_rel() -> None:
    assert "rel=" not in render_comment("[a](/posts/b) #12 [c](#comment-3)").html


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("https://a.example [b](http://c.example) gov.uk", 3),
        ("[a](/b) #12 <d@e.example> `https://f.example`", 0),
        ("![a](https://b.example/c.png)", 1),
        ("text[^1]\n\n[^1]: https://a.example", 1),
    ],
)
def test_links_to_other_sites_are_counted(source: str, links: int) -> None:
    assert render_comment(source).links == links


def test_images_are_counted_whether_shown_or_not() -> None:
    source = "![a](https://b.example/c.png) ![d](http://e.example/f.png)"
    assert (render_comment(source).images, render_post(source).images) == (2, 2)


def test_footnotes_lead_there_and_back() -> None:
    html = render_comment("a[^n] b[^n]\n\n[^n]: c", prefix="c12-").html
    assert html == (
        '<p>a<sup class="footnote-ref"><a href="#c12-fn1" id="c12-fnref1">[1]</a></sup>'
        ' b<sup class="footnote-ref"><a href="#c12-fn1" id="c12-fnref1-2">[1]</a></sup></p>\n'
        '<section class="footnotes">\n<ol>\n<li id="c12-fn1" class="footnote-item"><p>c'
        ' <a href="#c12-fnref1" class="footnote-backref">\u21a9\ufe0e [1]</a>'
        ' <a href="#c12-fnref1-2" class="footnote-backref">\u21a9\ufe0e [1-2]</a></p>\n</li>\n</ol>\n</section>\n'
    )


def test_two_comments_on_a_page_share_no_id() -> None:
    source = "a[^1]\n\n[^1]: b"
    one, two = render_comment(source, prefix="c1-").html, render_comment(source, prefix="c2-").html
    assert one.count("c1-fn") == two.count("c2-fn") == 4
    assert "c1-" not in two


def test_one_text_leaves_nothing_behind_for_the_next() -> None:
    render_comment("[a]: /b\n\n[^1]: c")
    assert render_comment("[a] [^1]").html == "<p>[a] [^1]</p>\n"


def test_code_of_a_named_language_is_coloured() -> None:
    assert render_comment("```python\nimport os\n```").html == (
        '<pre><code class="language-python"><span class="kn">import</span><span class="w"> </span>'
        '<span class="nn">os</span>\n</code></pre>\n'
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("```\nimport os\n```", "<pre><code>import os\n</code></pre>\n"),
        ("```klingon\nimport os\n```", '<pre><code class="language-klingon">import os\n</code></pre>\n'),
        ('```"x\nimport os\n```', "<pre><code>import os\n</code></pre>\n"),
    ],
)
def test_the_language_of_code_is_never_guessed(source: str, html: str) -> None:
    assert render_comment(source).html == html


def test_a_blank_first_line_of_code_is_kept() -> None:
    html = render_comment("```python\n\nimport os\n```").html
    assert html.startswith('<pre><code class="language-python">\n<span')


def test_html_knows_it_is_safe_and_can_be_read_back_from_its_column() -> None:
    html = render_comment("*a*").html
    assert isinstance(html, SafeHtml)
    assert stored(str(html)) == html


def test_the_tokens_can_be_had_without_html() -> None:
    assert [token.type for token in parse("a")] == ["paragraph_open", "inline", "paragraph_close"]


def test_the_renderer_has_a_version() -> None:
    assert RENDERER.isdigit()
