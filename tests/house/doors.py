"""What is asked at every door of the site, so that all it could say of a comment is seen.

An endpoint is followed by the ends of its addresses (`""` alone: as it is), then by the parts that scripts ask for with
X-Fragment. `{find}`, `{id}`, `{answered}` and the like are filled in by the test, once for each comment.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """How one route is asked."""

    ends: tuple[str, ...] = ("",)
    fragments: tuple[str, ...] = ()
    # What is sent, for a route that takes a POST; each besides a form with nothing but its token.
    forms: tuple[dict[str, str], ...] = ()


def ends(*found: str, fragments: tuple[str, ...] = (), forms: tuple[dict[str, str], ...] = ()) -> Asked:
    return Asked(("", *found), fragments, forms)


AS_IT_IS = Asked()
WORDS = {"body": "Other words.", "lang": "en", "token": "t", "version": "1"}
REPLY = {"parent": "{id}"}

DOORS: dict[str, Asked] = {
    # Reading
    "home.index": ends("?order=discussed"),
    "home.series_list": AS_IT_IS,
    "home.series": AS_IT_IS,
    "home.tag": AS_IT_IS,
    "posts.show": ends(
        "?order=newest", "?order=liked", "?order=new", "?view=flat", "?view=flat&order=newest", "?view=flat&by=author",
        "?reply={id}", "?reply={id}&quote=1", "?quote=1&reply={answered}", fragments=("composer",),
    ),
    "posts.branch": ends("?reply={id}", "?level=1", "?skip=0&level=1", fragments=("replies", "composer")),
    "news.first": AS_IT_IS,
    "comments.show": AS_IT_IS,
    "comments.history": ends("?before=99"),
    "composing.quote": AS_IT_IS,
    "marks.likes": ends(fragments=("likes",)),
    "people.show": AS_IT_IS,
    "people.feed": AS_IT_IS,
    "search.index": ends(
        "?q={find}", "?q={find}&type=comments", "?q=author:{writer}", "?q=%22{find}%20says%22", "?q={find}*",
        "?q={find}&author={writer}&order=liked", "?q={find}%20post:{slug}&order=newest", "?q=zqfimd", "?q=zqsec*",
    ),
    "search_suggest.show": ends("?q={find}", "?q={writer}", "?q={find}%20sa", "?q=zqfin", "?q=zqsec"),
    "search_suggest.as_json": ends("?q={find}", "?q={writer}", "?q=zqsec"),
    "search_feed.feed": ends("?q={find}", "?q=author:{writer}", "?q={find}*&type=comments", "?q=zqsec*"),
    "opensearch.show": AS_IT_IS,
    "media.show": AS_IT_IS,
    "media.show_small": AS_IT_IS,
    "search_help.show": AS_IT_IS,
    "about.house_rules": AS_IT_IS,
    "about.markdown": AS_IT_IS,
    "about.privacy": AS_IT_IS,
    "about.accessibility": AS_IT_IS,
    "about.health": AS_IT_IS,
    "reading_settings.keyboard": ends(fragments=("keys",)),
    "languages.choose": Asked(forms=({"language": "en"},)),
    # Live; the stream itself is listened to by a test of its own.
    "live.stream": AS_IT_IS,
    "live.since": ends("?after=0", "?after=1"),
    "live.comments": ends("?ids={id}", "?ids={answered},{id}", "?ids={id}&new=1", "?ids={id}&flat=1"),
    # Openness
    "moderation_log.index": AS_IT_IS,
    "moderation_log.entry": AS_IT_IS,
    "moderation_log.feed": AS_IT_IS,
    "transparency.index": AS_IT_IS,
    "transparency.as_csv": AS_IT_IS,
    "transparency.as_json": AS_IT_IS,
    "flags.show": AS_IT_IS,
    "reports.report": Asked(forms=({"law": "Some law", "words": "It is.", "good_faith": "y"},)),
    "reports.show": AS_IT_IS,
    # Writing
    "composing.create": Asked(
        fragments=("preview", "composer"),
        forms=(
            WORDS | REPLY, WORDS | REPLY | {"intent": "preview"}, WORDS | REPLY | {"body": ""},
            WORDS | REPLY | {"intent": "newer"}, WORDS | {"body": "> #{id}", "intent": "preview"},
        ),
    ),
    "composing.save_draft": Asked(fragments=("draft",), forms=(WORDS | REPLY,)),
    "composing.suggest": ends("?q={writer}&post={slug}"),
    "comments.edit": Asked(forms=(WORDS, WORDS | {"intent": "preview"}, WORDS | {"body": ""})),
    "comments.withdraw": AS_IT_IS,
    "flags.flag": Asked(forms=({"reason": "unkind"}, {"reason": "other"})),
    "marks.like": Asked(fragments=("likes",)),
    "marks.unlike": Asked(fragments=("likes",)),
    "marks.bookmark": AS_IT_IS,
    "marks.unbookmark": AS_IT_IS,
    "folding.fold": Asked(fragments=("fold",)),
    "folding.unfold": Asked(fragments=("fold",)),
    "muting.mute": AS_IT_IS,
    "muting.unmute": AS_IT_IS,
    "media.send": AS_IT_IS,
    # What is one's own
    "mine.comments": AS_IT_IS,
    "mine.bookmarks": AS_IT_IS,
    "mine.edit_profile": AS_IT_IS,
    "mine.change_picture": AS_IT_IS,
    "drafts.index": AS_IT_IS,
    "drafts.delete": AS_IT_IS,
    "flags.mine": AS_IT_IS,
    "flags.switch_mail": AS_IT_IS,
    "reading_settings.show": AS_IT_IS,
    "reading_settings.switch_keys": AS_IT_IS,
    "appeals.statement": AS_IT_IS,
    "appeals.make": Asked(forms=({"words": "I think otherwise."},)),
    "appeals.acknowledge": AS_IT_IS,
    # Coming in
    "accounts.join": AS_IT_IS,
    "accounts.check_mail": AS_IT_IS,
    "accounts.confirm_code": AS_IT_IS,
    "accounts.resend": AS_IT_IS,
    "accounts.confirm": AS_IT_IS,
    "accounts.sign_in": AS_IT_IS,
    "accounts.sign_out": AS_IT_IS,
    "passwords.forgot": AS_IT_IS,
    "passwords.reset": AS_IT_IS,
    "passwords.change": AS_IT_IS,
    # Authors
    "writing.desk": AS_IT_IS,
    "writing.new": AS_IT_IS,
    "writing.edit": AS_IT_IS,
    "waiting.index": AS_IT_IS,
    "waiting.show": AS_IT_IS,
    "waiting.approve": AS_IT_IS,
    "waiting.reject": Asked(forms=({"reason": "unkind"},)),
    "waiting.undo": AS_IT_IS,
    # Moderation
    "queue.index": ends(
        "?tab=held", "?tab=flagged", "?tab=spam", "?tab=appeals", "?tab=decisions", fragments=("list",),
    ),
    "queue.case": AS_IT_IS,
    "queue_news.since": ends("?after=0"),
    "queue_mail.show": AS_IT_IS,
    "workload.index": AS_IT_IS,
    "moderation_search.index": ends("?words={find}", "?author={writer}", "?state=removed", "?matched={find}"),
    "moderation_search.send": Asked(forms=({"words": "{find}"},)),
    "bulk.preview": ends("?action=approve&case={case}"),
    "bulk.decide": Asked(forms=({"action": "approve", "case": "{case}"},)),
    "claims.assign": AS_IT_IS,
    "claims.claim": AS_IT_IS,
    "claims.release": AS_IT_IS,
    "claims.take_over": AS_IT_IS,
    "comments.remove": Asked(forms=({"reason": "unkind"},)),
    "deciding.approve": Asked(forms=({"version": "1.1"},)),
    "deciding.dismiss": AS_IT_IS,
    "deciding.mark_spam": AS_IT_IS,
    "deciding.reject": Asked(forms=({"reason": "unkind", "version": "1.1"},)),
    "deciding.remove": Asked(forms=({"reason": "unkind", "version": "1.1"},)),
    "deciding.reopen": AS_IT_IS,
    "deciding.restore": AS_IT_IS,
    "deciding.undo": AS_IT_IS,
    "notes.add_about_case": Asked(forms=({"words": "A note."},)),
    "notes.add_about_person": Asked(forms=({"words": "A note."},)),
    "notes.delete": AS_IT_IS,
    "replies.index": AS_IT_IS,
    "replies.new": AS_IT_IS,
    "replies.edit": AS_IT_IS,
    "replies.delete": AS_IT_IS,
    "appeals.answer": AS_IT_IS,
    "sanctions.index": AS_IT_IS,
    "sanctions.person": AS_IT_IS,
    "sanctions.warn": AS_IT_IS,
    "sanctions.silence": AS_IT_IS,
    "sanctions.suspend": AS_IT_IS,
    "sanctions.agree": AS_IT_IS,
    "sanctions.decline": AS_IT_IS,
    "sanctions.lift": AS_IT_IS,
    "sanctions.clean_up": AS_IT_IS,
    "screening.all_checks": AS_IT_IS,
    "screening.check": AS_IT_IS,
    "screening.words": AS_IT_IS,
    "screening.word": AS_IT_IS,
    "screening.remove_word": AS_IT_IS,
    # On a developer's machine alone, where whoever sits at it reads every letter.
    "dev.mail": AS_IT_IS,
    "dev.message": AS_IT_IS,
}  # fmt: skip

# After these one reads differently, or not at all: they are asked last.
CHANGES_THE_READER = ("muting.mute", "folding.fold", "mine.edit_profile", "passwords.change", "accounts.sign_out")
# What these say is the same for everybody, or kept for many: not even a moderator reads there what readers do not.
FOR_EVERYBODY_ALIKE = {
    "home.index", "home.series_list", "home.series", "home.tag", "people.feed", "live.since", "composing.quote",
    "composing.suggest", "moderation_log.index", "moderation_log.entry", "moderation_log.feed", "transparency.index",
    "transparency.as_csv", "transparency.as_json", "reports.show", "search.index", "marks.likes", "writing.desk",
}  # fmt: skip
