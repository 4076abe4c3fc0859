"""Who may send pictures, how many, and who sees one that readers do not."""

from __future__ import annotations

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.accounts.permissions import may_rewrite
from forum.foundation.access import Verdict, allow, deny
from forum.media.models import Upload

# Pictures a day. What a newcomer writes waits for a moderator, who looks at each picture; five show a point. Who is
# known here may tell of a day out; nobody sends more than a hundred by hand.
OF_A_NEWCOMER, OF_A_MEMBER, OF_THE_TRUSTED = 5, 30, 100


def may_upload(viewer: User | None) -> Verdict:
    """Whether this person may send pictures at all; how many is for `a_day`."""
    if viewer is None:
        return deny(_("Sign in to add a picture."))
    if not viewer.is_confirmed:
        return deny(_("Confirm your e-mail address first: the link is in the letter we sent you."))
    return may_rewrite(viewer)


def a_day(person: User) -> int:
    """How many pictures this person may send in a day."""
    if person.is_newcomer:
        return OF_A_NEWCOMER
    return OF_THE_TRUSTED if person.is_trusted else OF_A_MEMBER


def may_see(viewer: User | None, upload: Upload) -> Verdict:
    """Whether this person may see a picture that nothing public shows: their own, or any to a moderator."""
    if viewer is not None and (viewer.is_staff or upload.user_id == viewer.id):
        return allow
    return deny(_("There is no picture at this address."))
