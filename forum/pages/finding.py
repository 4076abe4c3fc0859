"""The comment that an address names."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from forum.comments import queries
from forum.comments.models import Comment
from forum.comments.permissions import may_see
from forum.foundation.access import Verdict
from forum.foundation.errors import NotFound
from forum.web.sign_in import viewer


def comment(comment_id: int, may: Callable[[Comment], bool | Verdict]) -> Comment:
    """The comment, for somebody who may come to it. Raises NotFound.

    One that may not be seen must not be told from one that never was.
    """
    found = queries.by_id(comment_id)
    if found is None or not may(found):
        raise NotFound(_("There is no comment at this address."))
    return found


def readable(comment_id: int) -> Comment:
    """The comment, for somebody who may read its words. Raises NotFound."""
    return comment(comment_id, is_readable)


def is_readable(comment: Comment) -> Verdict:
    """Whether who asks may read its words."""
    return may_see(viewer(), comment)
