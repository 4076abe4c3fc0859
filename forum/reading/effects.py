"""What each decision does, said before it is taken."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.accounts.models import TRUSTED
from forum.comments.models import HELD, Comment, HeldEdit
from forum.moderation.actions import APPROVE, DISMISS, MARK_SPAM, REJECT, REMOVE, RESTORE

# Approving that also gives trust: one decision, of which there are two forms.
TRUST = "trust"


def of(action: str, comment: Comment, edit: HeldEdit | None = None) -> str:
    """One or two sentences on what happens to the comment, its writer and readers."""
    return " ".join(sentence for sentence in _SAID[action](comment, edit) if sentence)


def _approve(comment: Comment, edit: HeldEdit | None) -> list[str]:
    if edit is not None:
        return [_("The new words take the place of those that are read now.")]
    return [_("Everybody reads it at once."), _first_words(comment)]


def _first_words(comment: Comment) -> str:
    if not comment.author.is_newcomer:
        return ""
    return _(
        "%(name)s is known from then on: the next comments are not held for being first.", name=comment.author.name
    )


def _trust(comment: Comment, edit: HeldEdit | None) -> list[str]:
    name = comment.author.name
    return [*_approve(comment, edit)[:1], _("%(name)s is trusted from then on: fewer checks look at them.", name=name)]


def _reject(comment: Comment, edit: HeldEdit | None) -> list[str]:
    if edit is not None:
        return [_("The old words stay. %(name)s is told why the new ones do not appear.", name=comment.author.name)]
    return [_("Nobody reads it but %(name)s, who is told why.", name=comment.author.name)]


def _remove(comment: Comment, _edit: HeldEdit | None) -> list[str]:
    return [_("A line with the reason stays in its place."), _replies(comment), _told(comment)]


def _mark_spam(comment: Comment, _edit: HeldEdit | None) -> list[str]:
    if comment.state == HELD:
        gone = _("Nobody reads it, and it cannot be sent again.")
    else:
        gone = _("It is removed; a line with the reason stays in its place.")
    return [gone, _replies(comment), _("The spam score learns from it.")]


def _restore(comment: Comment, _edit: HeldEdit | None) -> list[str]:
    return [_("Everybody reads it again, in its old place."), _told(comment)]


def _dismiss(_comment: Comment, _edit: HeldEdit | None) -> list[str]:
    return [_("It stays as it is. Whoever flagged it is told that it keeps to the rules.")]


def _replies(comment: Comment) -> str:
    if not comment.descendant_count:
        return ""
    return ngettext("Its %(num)d reply stays.", "Its %(num)d replies stay.", comment.descendant_count)


def _told(comment: Comment) -> str:
    return _("%(name)s is told, ten minutes from now.", name=comment.author.name)


_SAID = {
    APPROVE: _approve,
    TRUST: _trust,
    REJECT: _reject,
    REMOVE: _remove,
    MARK_SPAM: _mark_spam,
    RESTORE: _restore,
    DISMISS: _dismiss,
}


def gives_trust(comment: Comment) -> bool:
    """Whether its writer could be trusted more than they are."""
    return comment.author.trust < TRUSTED and not comment.author.is_staff
