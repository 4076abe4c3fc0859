"""The boxes comments are written in below a post, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from forum.accounts.models import User
from forum.comments import drafts, posting, queries, quoting
from forum.comments.findings import Nudge
from forum.comments.models import Comment, Draft
from forum.foundation import signing
from forum.posts.models import Post
from forum.reading import explained
from forum.reading.cards import CommentCard, Setting, comment_card
from forum.reading.explained import Stopped
from forum.reading.pictures import PictureField
from forum.reading.standing import Standing
from forum.text import language
from forum.text.markdown import Rendered

# What the buttons of a composer ask for.
AS_IT_IS = "as_it_is"
POST, SHOW_PREVIEW, GO_ON_WRITING, JOIN, SIGN_IN = "post", "preview", "write", "join", "signin"
# Of two drafts for one place: show the newer one, or keep what was typed here.
SHOW_NEWER, KEEP_MINE = "theirs", "mine"


@dataclass
class Composer:
    action: str
    parent: CommentCard | None
    reply_to: str
    cancel_url: str
    body: str
    lang: str
    languages: list[tuple[str, str]]
    token: str
    is_guest: bool
    is_checked_first: bool
    is_closed: bool = False
    # Whose words a browser keeps here: on a shared computer one person's must not turn up in another's box.
    owner_id: int = 0
    # Where drafts go; a guest's and those of an edit stay in the browser.
    draft_url: str = ""
    # Where people are found whose name begins with what stands after an @.
    suggest_url: str = ""
    # The version of the draft that the writer has seen, and when it was saved, if just now.
    draft_version: int = 0
    saved_at: datetime | None = None
    # The page shows words that were kept nowhere yet.
    has_new_words: bool = False
    # A draft saved elsewhere since, in the way of this one.
    newer: Draft | None = None
    # Words of theirs that are in neither box nor draft, shown so that they can be copied.
    other_words: str = ""
    max_length: int = posting.LONGEST
    errors: list[str] = field(default_factory=list)
    # What the writer is asked before it is posted.
    nudge: Nudge | None = None
    # Somebody asked for the page again to go on writing.
    goes_on: bool = False
    preview_html: Markup | None = None
    # What the preview lacks for some of its readers.
    preview_note: str = ""
    picture: PictureField = field(default_factory=PictureField)
    kept_note: str = ""
    # What the writer saw of a comment that is being edited.
    version: int | None = None
    # Why they cannot write now, in place of the form.
    stopped: Stopped | None = None

    def show(self, rendered: Rendered) -> None:
        """Show these words as readers will see them."""
        self.preview_html = rendered.html
        if rendered.undescribed:
            self.preview_note = ngettext(
                "A picture has no description. Say between its brackets what it shows: ![like this](…).",
                "%(num)d pictures have no description. Say between their brackets what they show: ![like this](…).",
                rendered.undescribed,
            )

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self.picture.error)

    @property
    def is_empty(self) -> bool:
        """Whether it is as anybody would find it: with no words in it, and none about any."""
        told = (self.body, self.parent, self.kept_note, self.newer, self.other_words, self.preview_html, self.version)
        return not any((*told, self.stopped)) and not self.has_errors and self.picture == PictureField()

    @property
    def anchor(self) -> str:
        return "reply" if self.parent else "add-comment"

    @property
    def is_unsaved(self) -> bool:
        return self.has_new_words or bool(self.version and (self.errors or self.preview_html))

    @property
    def place(self) -> str:
        """Names the place among all places words are kept for."""
        return f"{self.action}#{self.parent.id if self.parent else 0}"


@dataclass(frozen=True)
class Unposted:
    """A reply that waits to be posted, and where to go on writing it."""

    reply_to: str
    url: str


@dataclass(frozen=True)
class Writing:
    """Where this person writes below a post: the box of the post, that of a reply, and what waits elsewhere."""

    below: Composer | None = None
    reply: Composer | None = None
    waiting: list[Unposted] = field(default_factory=list)
    # Words for a discussion that closed meanwhile.
    unposted: str = ""

    @property
    def has_words(self) -> bool:
        """Whether words of this person's are shown or spoken of outside the box at the end."""
        return bool(self.reply or self.waiting or self.unposted)

    @property
    def first(self) -> Composer | None:
        """The one that somebody asked for."""
        return self.reply or self.below

    def at_the_end(self, is_reply_placed: bool) -> Composer | None:
        """The box below the thread: that of a reply too, where its comment is not on this page."""
        return self.below if is_reply_placed or self.reply is None else self.reply


def for_post(
    post: Post,
    viewer: User | None,
    parent: CommentCard | None = None,
    body: str = "",
    lang: str = "",
    token: str = "",
) -> Composer:
    """An empty composer, or one that shows again what was typed."""
    page = url_for("posts.show", slug=post.slug)
    return Composer(
        action=url_for("composing.create", slug=post.slug),
        parent=parent,
        reply_to=parent.author.name if parent else "",
        cancel_url=f"{page}#{parent.anchor}" if parent else f"{page}#add-comment",
        body=body,
        lang=lang or post.lang,
        languages=list(language.LANGUAGES.items()),
        # A guest's page is the same for all guests; their form is told apart once they are known.
        token=token or (signing.new_secret() if viewer else ""),
        is_guest=viewer is None,
        is_checked_first=post.is_checked_first or (viewer is not None and viewer.is_newcomer),
        owner_id=viewer.id if viewer else 0,
        draft_url=url_for("composing.save_draft", slug=post.slug) if viewer else "",
        suggest_url=url_for("composing.suggest", post=post.slug) if viewer else "",
        is_closed=not post.is_open,
        stopped=explained.stopped(viewer),
    )


def open_at(
    post: Post, viewer: User | None, standing: Standing | None, asked: int = 0, *, quotes: bool = False
) -> Writing:
    """The boxes of a post's page with what was kept for them; `asked` is the comment to be answered.

    One query where a draft was kept, one more for a comment to be answered.
    """
    kept = drafts.below(viewer, post.id) if viewer and standing and standing.has_drafts else {}
    if not post.is_open:
        return Writing(unposted=next(iter(kept.values())).body if kept else "")
    parent = to_answer(post, asked)
    lang = standing.lang if standing else ""
    reply = None
    if parent is not None:
        reply = _filled(for_post(post, viewer, _card(parent, post), lang=lang), kept.pop(parent.id, None))
        if quotes:
            reply.body = "\n\n".join(filter(None, (reply.body.rstrip(), quoting.whole(parent)))) + "\n\n"
            reply.has_new_words = True
    below = _filled(for_post(post, viewer, lang=lang), kept.pop(0, None) or _pop_homeless(kept))
    return Writing(below, reply, [_unposted(draft, post) for draft in kept.values()])


def again(writing: Writing, composer: Composer) -> Writing:
    """The same page with this composer, which holds what was just sent, in its place."""
    if composer.parent is None:
        return Writing(composer, None, writing.waiting)
    return Writing(writing.below, composer, writing.waiting)


def to_answer(post: Post, comment_id: int) -> Comment | None:
    """The comment to be answered, when it is still there to answer."""
    comment = queries.by_id(comment_id) if comment_id else None
    if comment is None or comment.post_id != post.id or not comment.is_public:
        return None
    return comment


def _filled(composer: Composer, draft: Draft | None) -> Composer:
    if draft is not None:
        composer.body, composer.lang, composer.draft_version = draft.body, draft.lang, draft.version
        composer.other_words = draft.earlier or ""
        composer.kept_note = _("Your words are kept. Post them when you are ready.")
    return composer


def _pop_homeless(kept: dict[int, Draft]) -> Draft | None:
    """Words for a comment that is gone are shown below the post: they were promised to be kept."""
    gone = next((number for number, draft in kept.items() if draft.parent and not draft.parent.is_public), None)
    return kept.pop(gone) if gone is not None else None


def _unposted(draft: Draft, post: Post) -> Unposted:
    if draft.parent is None or not draft.parent.is_public:
        return Unposted("", url_for("drafts.index"))
    page = url_for("posts.show", slug=post.slug, reply=draft.parent_id, _anchor="reply")
    return Unposted(draft.parent.author.name, page)


def _card(comment: Comment, post: Post) -> CommentCard:
    return comment_card(comment, Setting.of(post))
