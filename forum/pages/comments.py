"""What people do with comments once they are there: link to, edit, withdraw; and what moderators do in place."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from forum.comments import editing, posting, withdrawing
from forum.comments.findings import AskFirst
from forum.comments.models import IN_THE_TREE, REJECTED, Comment
from forum.comments.permissions import EditHours, editable_until, may_edit, may_see_history, may_withdraw
from forum.foundation.access import require
from forum.foundation.errors import Conflict, Forbidden, NotFound, Refused
from forum.foundation.limits import PICTURE, PREVIEW, WRITE, limiter
from forum.moderation import decisions, statements
from forum.moderation import queries as moderation_queries
from forum.moderation.permissions import may_decide
from forum.pages import adding, deciding, finding
from forum.pages.forms import RemoveForm, number
from forum.reading import addresses, drawing, overlay
from forum.reading import composer as composers
from forum.reading import history as versions
from forum.reading.cards import Setting, comment_card
from forum.reading.composer import AS_IT_IS, GO_ON_WRITING, SHOW_PREVIEW, Composer
from forum.screening import checks
from forum.web import respond
from forum.web.guard import members_only, moderators_only, open_to_anybody
from forum.web.language import interface_language
from forum.web.security import stale_forms_see
from forum.web.sign_in import member, viewer
from forum.web.uploads import takes_pictures

door = Blueprint("comments", __name__)


@door.get("/comments/<int:comment_id>")
@open_to_anybody
def show(comment_id: int):
    return respond.see(address_of(finding.comment(comment_id, _has_a_place)))


def _has_a_place(comment: Comment) -> bool:
    """Whether a page shows this viewer the comment, or the line in its place."""
    stands = comment.was_seen and comment.state in IN_THE_TREE
    return comment.post.is_public and (stands or bool(finding.is_readable(comment)))


def _of_another_session(comment_id: int):
    """A form from before signing out: shown again with its words, and nothing is changed."""
    comment, by = finding.readable(comment_id), member()
    require(may_edit(by, comment, edit_hours()))
    composer = _edit_composer(comment)
    composer.body, composer.lang = request.form.get("body", ""), request.form.get("lang", comment.lang)
    composer.errors = [_("Not saved yet: this page is from before you signed in as %(name)s.", name=by.name)]
    composer.kept_note = _("Your words are below. Look at them, then save again.")
    return _edit_page(comment, composer, 400)


@door.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@members_only
@stale_forms_see(_of_another_session)
@takes_pictures
@limiter.limit(lambda: PREVIEW if request.form.get("intent") == SHOW_PREVIEW else WRITE, methods=["POST"])
@limiter.limit(PICTURE, methods=["POST"], exempt_when=lambda: not adding.is_asked())
def edit(comment_id: int):
    comment, by = finding.readable(comment_id), member()
    verdict = may_edit(by, comment, edit_hours())
    if request.method == "GET" or comment.author_id != by.id:
        require(verdict)
        return _edit_page(comment, _edit_composer(comment))
    composer, intent, status = _edit_composer(comment), request.form.get("intent"), 200
    composer.goes_on = intent == GO_ON_WRITING
    composer.body, composer.lang = request.form.get("body", ""), request.form.get("lang", comment.lang)
    if not verdict:
        # The time ran out while they wrote: the words are theirs to copy.
        composer.errors = [verdict.reason]
        return _edit_page(comment, composer, 403)
    if adding.is_asked():
        composer.body, composer.picture, status = adding.to(composer.body)
        return _edit_page(comment, composer, status)
    try:
        if intent == SHOW_PREVIEW:
            composer.show(posting.prepare(composer.body, by, comment.post).rendered)
        elif intent != GO_ON_WRITING:
            return _save(comment, composer)
    except AskFirst as asked:
        composer.nudge, status = asked.nudge, 422
    except Refused as refusal:
        composer.errors, status = [refusal.sentence], 409 if isinstance(refusal, Conflict) else 422
    if intent == SHOW_PREVIEW and respond.wants_fragment("preview"):
        return respond.private(str(drawing.preview(composer)), status)
    return _edit_page(comment, composer, status)


@door.route("/comments/<int:comment_id>/withdraw", methods=["GET", "POST"])
@members_only
def withdraw(comment_id: int):
    comment = finding.readable(comment_id)
    require(may_withdraw(viewer(), comment))
    if request.method == "POST":
        was_seen = comment.was_seen
        withdrawing.withdraw(comment)
        flash(_("Your comment is withdrawn."), "good")
        return respond.see(address_of(comment) if was_seen else url_for("posts.show", slug=comment.post.slug))
    return respond.private(
        render_template(
            "comments/withdraw.html",
            card=_own_card(comment),
            replies=comment.descendant_count,
            post=comment.post,
        )
    )


@door.get("/comments/<int:comment_id>/history")
@open_to_anybody
def history(comment_id: int):
    comment = finding.readable(comment_id)
    require(may_see_history(viewer(), comment))
    found = versions.page(comment, interface_language(), number(request.args.get("before")))
    if found is None:
        raise NotFound(_("There are no versions at this address."))
    here = url_for("comments.history", comment_id=comment_id)
    return respond.private(
        render_template(
            "comments/history.html",
            card=comment_card(comment, Setting.of(comment.post)),
            versions_html=found.html,
            newest_url=here if request.args.get("before") else None,
            older_url=f"{here}?before={found.older}" if found.older else None,
            post=comment.post,
        )
    )


@door.route("/comments/<int:comment_id>/remove", methods=["GET", "POST"])
@moderators_only
def remove(comment_id: int):
    comment, form, by = finding.readable(comment_id), RemoveForm(), member()
    require(may_decide(by, comment, comment.parent))
    if not comment.is_public and request.method == "GET":
        raise Conflict(_("This comment is not public any more."))
    status = 200
    if request.method == "POST":
        try:
            decisions.remove_public(comment, by, form.reason.data or "", form.message.data or "")
            flash(_("Removed. A line with the reason stays in its place."), "good")
            return respond.see(address_of(comment))
        except decisions.AlreadyDecided as lost:
            return deciding.lost_to(lost)
        except (Conflict, Forbidden):
            raise
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    card = comment_card(comment, Setting.of(comment.post))
    return respond.private(
        render_template("comments/remove.html", form=form, card=card, post=comment.post, has_errors=form.has_problems),
        status,
    )


def address_of(comment: Comment) -> str:
    """The page that shows a comment to this viewer, at its place."""
    by = viewer()
    return addresses.of_comment(comment, by.reading_order if by else "")


def edit_hours() -> EditHours:
    """How long comments can be edited on this site."""
    site = current_app.config["FORUM"]
    return EditHours(site.edit_hours, site.edit_hours_trusted)


def _edit_page(comment: Comment, composer: Composer, status: int = 200):
    has_case = moderation_queries.has_case(comment)
    page = render_template(
        "comments/edit.html",
        composer=composer,
        card=_own_card(comment),
        until=editable_until(comment, edit_hours()),
        leaves_a_trace=editing.leaves_a_trace(comment, has_case=has_case),
        rejected=_rejected(comment),
        post=comment.post,
        version=comment.version,
        has_errors=composer.has_errors,
    )
    return respond.private(page, status)


def _rejected(comment: Comment) -> dict[str, str] | None:
    """Why a moderator did not publish it, so that its writer can mend that."""
    if comment.state != REJECTED:
        return None
    decision = statements.newest_against(moderation_queries.decisions_on([comment.id]).get(comment.id) or [])
    return {"rule": statements.rule(decision), "message": decision.message} if decision is not None else None


def _edit_composer(comment: Comment) -> Composer:
    waiting = editing.waiting_of(comment) if comment.is_public else None
    words = waiting or comment
    composer = composers.for_post(comment.post, member(), None, words.body, words.lang)
    if waiting is not None:
        composer.kept_note = _("These words wait for a moderator. Readers read those of before until then.")
    composer.action = url_for("comments.edit", comment_id=comment.id)
    composer.version = comment.version
    # Whether they may edit is asked at the door: who is silenced may.
    composer.stopped = None
    composer.draft_url = ""
    composer.cancel_url = address_of(comment)
    composer.is_checked_first = comment.state != "published"
    return composer


def _save(comment: Comment, composer: Composer):
    if number(request.form.get("version")) != comment.version:
        raise Conflict(_("This comment changed while you were writing. Your words are below; look at it first."))
    editing.edit(
        comment,
        member(),
        composer.body,
        composer.lang,
        has_case=moderation_queries.has_case(comment),
        screen=checks.screen,
        nudged=request.form.get("intent") == AS_IT_IS,
    )
    if not comment.is_public:
        flash(_("Saved and sent to a moderator."), "good")
    elif editing.waiting_of(comment) is not None:
        flash(_("Saved. A moderator reads it first; until then others read the words of before."), "wait")
    else:
        flash(_("Saved."), "good")
    return respond.see(address_of(comment))


def _own_card(comment: Comment):
    if comment.is_public:
        return comment_card(comment, Setting.of(comment.post))
    return overlay.private_cards([comment], comment.post)[0]
