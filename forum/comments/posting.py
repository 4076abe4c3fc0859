"""Posting a comment: below the post, or in reply to another."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, select

from forum.accounts.models import User
from forum.comments import digests, pictures, publication, references, tree
from forum.comments.findings import AskFirst, Screen
from forum.comments.models import HELD, Comment
from forum.events import catalog
from forum.events.publish import publish
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts.models import Post
from forum.text import language, markdown

# About 5,000 words. What the pipeline of forum/text renders in bounded time is also what a comment may hold: a lower
# limit would cut off the few who answer a long post point by point, and save no work.
LONGEST = markdown.MAX_CHARS
# Letters by their class that are drawn as nothing: fillers of Hangul, and the empty pattern of Braille.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"


@dataclass(frozen=True)
class Text:
    """A comment's words, checked and made ready."""

    body: str
    rendered: markdown.Rendered


def write(
    author: User,
    post: Post,
    parent: Comment | None,
    body: str,
    lang: str,
    form_token: str,
    *,
    screen: Screen,
    nudged: bool = False,
) -> Comment:
    """Post a comment, public or held as `screen` says. Sending one form twice returns the first comment.

    The caller has asked `may_reply`. Raises Refused for a text that cannot be taken, and AskFirst where the writer
    has not been asked yet (`nudged`).
    """
    earlier = sent_before(author, form_token)
    if earlier is not None:
        return earlier
    text = prepare(body, author, post)
    lang = language.clean(lang, post.lang)
    found = screen(author, post, parent, text, nudged=nudged, lang=lang)
    if found.nudge is not None and not nudged:
        raise AskFirst(found.nudge)
    comment = Comment(
        post_id=post.id,
        author_id=author.id,
        body=text.body,
        body_html=text.rendered.html,
        renderer=markdown.RENDERER,
        lang=lang,
        state=HELD,
        held_for=found.rows(),
        form_token=form_token or None,
        text_digest=digests.of(text.body),
    )
    tree.place(comment, post, parent)
    # Placing waited for whoever else was writing here: the same form, sent twice at once, shows now.
    earlier = sent_before(author, form_token)
    if earlier is not None:
        return earlier
    db.session.add(comment)
    if found.is_held:
        db.session.flush()  # the event needs its number
        publish(catalog.CommentHeld(comment.id))
    else:
        publication.show_new(comment)
        publication.suspect(comment, found)
    pictures.note(comment)
    return comment


def sent_before(author: User, form_token: str) -> Comment | None:
    if not form_token:
        return None
    return db.session.scalar(_SENT, {"author": author.id, "token": form_token})


_SENT = select(Comment).where(Comment.author_id == bindparam("author"), Comment.form_token == bindparam("token"))


def prepare(body: str, author: User | None = None, post: Post | None = None) -> Text:
    """Check and render a text, to post it or to look at it first. Raises Refused, naming the field.

    A guest's links, and those of writers who are not trusted yet, say so to search engines. Without a post, numbers of
    comments stay text. A large text is rendered by another process, so nothing may be changed before: nobody else could
    write to SQLite meanwhile.
    """
    # PostgreSQL keeps no NUL in a text, and no reader sees one.
    body = body.replace("\r\n", "\n").replace("\x00", "").strip()
    check_length(body, LONGEST)
    try:
        # The prefix keeps the footnotes of two comments on one page apart.
        rendered = markdown.render_comment_apart(
            body, links_trusted=author is not None and author.is_trusted, prefix=f"n{secrets.token_hex(4)}-"
        )
    except markdown.TooComplex as error:
        raise Refused(str(error), "body") from error
    pictures.check_number(rendered.html)
    if not _is_visible(rendered.html.striptags()) and not rendered.images and "<hr" not in rendered.html:
        raise Refused(_("Write something first"), "body")
    return Text(body, replace(rendered, html=references.linked(rendered, post)))


def check_length(body: str, longest: int) -> None:
    """Pass a text that is there and not too long. Raises Refused, naming the field."""
    if not body.strip():
        raise Refused(_("Write something first"), "body")
    if len(body) > longest:
        sentence = ngettext(
            "Shorten your comment by %(num)d character",
            "Shorten your comment by %(num)d characters",
            len(body) - longest,
        )
        raise Refused(sentence, "body")


def _is_visible(text: str) -> bool:
    """Whether a reader would see anything of this text."""
    return any(unicodedata.category(c)[0] not in "ZC" and c not in _BLANKS for c in text)
