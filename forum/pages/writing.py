"""The author's desk: one's posts, and the editor."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.access import require
from forum.foundation.errors import Conflict, NotFound, Refused
from forum.foundation.limits import PICTURE, WRITE, limiter
from forum.moderation import queries as moderation_queries
from forum.pages import adding
from forum.pages.forms import PostForm, number
from forum.posts import queries, writing
from forum.posts.models import PUBLISHED, Post
from forum.posts.permissions import may_change, may_let_authors_moderate, may_see
from forum.reading import rows
from forum.reading.pictures import PictureField
from forum.text import markdown
from forum.web import respond, security
from forum.web.guard import authors_only
from forum.web.sign_in import member
from forum.web.uploads import takes_pictures

door = Blueprint("writing", __name__)


@door.get("/desk")
@authors_only
def desk():
    posts = rows.desk(queries.written_by(member()))
    return respond.private(render_template("writing/desk.html", posts=posts, may_check=_may_check()))


def _may_check() -> bool:
    """Whether comments below a post of theirs are theirs to decide on."""
    return moderation_queries.has_posts_to_check(member())


@door.route("/desk/posts/new", methods=["GET", "POST"])
@authors_only
@takes_pictures
@limiter.limit(WRITE, methods=["POST"])
@limiter.limit(PICTURE, methods=["POST"], exempt_when=lambda: not adding.is_asked())
def new():
    form = PostForm(authors=[_as_author(member())])
    return _editor(form, None, lambda: writing.write(member(), _text(form, None)))


@door.route("/desk/posts/<int:post_id>", methods=["GET", "POST"])
@authors_only
@takes_pictures
@limiter.limit(WRITE, methods=["POST"])
@limiter.limit(PICTURE, methods=["POST"], exempt_when=lambda: not adding.is_asked())
def edit(post_id: int):
    post = queries.by_id(post_id)
    # A draft that somebody may not know of is not told from one that never was.
    if post is None or not may_see(member(), post):
        raise NotFound(_("There is no post at this address."))
    require(may_change(member(), post))
    form = PostForm(data=None if request.method == "POST" else _filled(post))
    return _editor(form, post, lambda: writing.change(post, _text(form, post), number(form.version.data), member()))


def _editor(form: PostForm, post: Post | None, save):
    """The editor page; its buttons save, look, or add a line for an author."""
    preview, picture = None, PictureField()
    status, intent = 200, request.form.get("intent", "save")
    if request.method == "POST":
        try:
            if adding.is_asked():
                form.body.data, picture, status = adding.to(form.body.data or "")
            elif intent == "add_author":
                if len(form.authors) < writing.MOST_AUTHORS:
                    form.authors.append_entry()
            elif intent == "preview":
                preview = _preview(form.body.data or "")
            else:
                status = 422
                if form.validate():
                    was_public, saved = post is not None and post.is_public, save()
                    flash(_saved_line(saved, was_public), "good")
                    return respond.see(url_for("writing.edit", post_id=saved.id))
        except Refused as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, Conflict) else 422
    return respond.private(
        render_template(
            "writing/edit.html",
            form=form,
            post=post,
            preview_html=preview,
            picture=picture,
            may_check=_may_check(),
            may_lend=bool(may_let_authors_moderate(member())),
            has_errors=form.has_problems or bool(picture.error),
        ),
        status,
    )


def _saved_line(saved: Post, was_public: bool) -> str:
    if not saved.is_public:
        return _("Draft saved.")
    return _("Saved.") if was_public else _("Published.")


def _preview(body: str):
    try:
        html = writing.with_people(markdown.render_post_apart(body))
    except markdown.TooComplex as error:
        raise Refused(str(error), "body") from error
    security.let_images_in(html)
    return html


def _text(form: PostForm, post: Post | None) -> writing.PostText:
    return writing.PostText(
        title=form.title.data or "",
        body=form.body.data or "",
        standfirst=form.standfirst.data or "",
        question=form.question.data or "",
        lang=form.lang.data or "en",
        slug=form.slug.data or "",
        series=form.series.data or "",
        part=form.part.data,
        total=form.total.data,
        tags=form.tag_names(),
        policy=form.policy.data or "",
        closes_at=form.closing_time(),
        authors=[_author(line, post) for line in form.authors.data if (line["name"] or "").strip()],
        is_published=form.state.data == PUBLISHED,
        authors_moderate=bool(form.authors_moderate.data) if may_let_authors_moderate(member()) else None,
    )


def _author(line: dict, post: Post | None) -> writing.AuthorText:
    """An author line; one that names the owner, or somebody named before, keeps their account."""
    me = member()
    known = {author.name: author for author in post.authors} if post else {}
    before = known.get(line["name"].strip())
    return writing.AuthorText(
        name=line["name"],
        role=line["role"] or "",
        organisation=line["organisation"] or "",
        is_guest=before.is_guest if before else False,
        user_id=before.user_id if before else (me.id if line["name"].strip() == me.name else None),
    )


def _filled(post: Post) -> dict[str, object]:
    return {
        "title": post.title, "slug": post.slug, "standfirst": post.standfirst, "body": post.body,
        "question": post.question, "lang": post.lang, "series": post.series.name if post.series else "",
        "part": post.part, "total": post.series.total if post.series else None,
        "tags": ", ".join(tag.name for tag in post.tags), "policy": post.policy, "closes_at": post.closes_at,
        "state": post.state, "version": str(post.version),
        "authors_moderate": post.authors_moderate,
        "authors": [{"name": a.name, "role": a.role, "organisation": a.organisation} for a in post.authors] or [{}],
    }  # fmt: skip


def _as_author(user: User) -> dict[str, str]:
    return {"name": user.name, "role": user.role, "organisation": user.organisation}
