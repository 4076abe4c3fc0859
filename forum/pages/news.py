"""The way from a list to what is new in a discussion."""

from __future__ import annotations

from flask import Blueprint, url_for

from forum.marks import reading
from forum.pages import posts
from forum.web import respond
from forum.web.guard import open_to_anybody
from forum.web.sign_in import viewer

door = Blueprint("news", __name__)


@door.get("/posts/<slug>/new")
@open_to_anybody
def first(slug: str):
    """The first comment that came since this reader last looked in; the discussion, where none did."""
    post, reader = posts.find(slug), viewer()
    new = reading.first_unread(reader, post.id) if reader is not None else None
    if new is None:
        return respond.see(url_for("posts.show", slug=post.slug, _anchor="say"))
    return respond.see(url_for("comments.show", comment_id=new.id))
