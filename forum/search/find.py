"""From what somebody asks to what they may read."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _

from forum.accounts.models import User
from forum.foundation.errors import Refused
from forum.search import answering, facets, loading, looser, stale, turns
from forum.search.answering import Answered
from forum.search.asked import DEPTH, LAST_PAGE, PAGE, Asked
from forum.search.engine import Hit, NotReady
from forum.search.facets import Facets
from forum.search.language import Reading
from forum.search.loading import FoundHit
from forum.search.looser import Looser, Suggestion
from forum.search.names import Names


@dataclass(frozen=True)
class Found:
    """One page of results. `total` says how many there are in all; None where they cannot be counted."""

    reading: Reading = field(default_factory=Reading)
    names: Names = field(default_factory=Names)
    order: str = ""
    hits: list[FoundHit] = field(default_factory=list)
    total: int | None = 0
    # Whether only the newest of very many were compared, and counted.
    is_cut: bool = False
    facets: Facets = field(default_factory=Facets)
    page: int = 1
    has_more: bool = False
    notes: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    looser: list[Looser] = field(default_factory=list)
    refusal: str = ""
    is_ready: bool = True


def run(asked: Asked, viewer: User | None = None) -> Found:
    """Search. A known number of queries, however much is found; where nothing is, some for each looser search.

    Never raises for what somebody types; an empty search finds nothing and says nothing.
    """
    if not asked.q.strip():
        return Found()
    # Before the engine is asked: what it has learnt meanwhile is noted no more.
    hidden = stale.keys()
    try:
        answered = answering.answer(asked, viewer, DEPTH, hidden or ())
        hits = loading.readable(answered.answer.hits, viewer)
        # An entry that is out of date must not even be counted: the number would tell that it was there.
        if hidden is None or len(hits) < len(answered.answer.hits):
            return _uncounted(asked, viewer, answered, hits)
        return _counted(asked, viewer, answered, hits, hidden)
    except Refused as refusal:
        return Found(refusal=refusal.sentence)
    except turns.Busy:
        return Found(
            notes=(_("Many people are searching at this moment. Try again in a few seconds."),), is_ready=False
        )
    except NotReady:
        return Found(notes=(_("The search is being rebuilt. Try again in a few minutes."),), is_ready=False)


def _uncounted(asked: Asked, viewer: User | None, answered: Answered, hits: list[Hit]) -> Found:
    """While the index has much to learn: hits that were looked at one by one, and nothing that others could tell of."""
    behind = _("The search is catching up with many changes. Until then its results are not counted.")
    return _page(asked, viewer, answered, hits, total=None, notes=(*answered.meant.notes, behind))


def _counted(asked: Asked, viewer: User | None, answered: Answered, hits: list[Hit], hidden: frozenset[str]) -> Found:
    reading, meant, answer = answered
    narrowing = facets.of(answer.tally, meant.ticks)
    is_first = asked.page <= 1 and not asked.has_ticks
    return _page(
        asked,
        viewer,
        answered,
        hits,
        total=narrowing.total,
        is_cut=answer.is_cut,
        facets=narrowing,
        notes=(*meant.notes, *_notes(answered, bool(hits))),
        suggestion=looser.suggestion(asked, reading, viewer, narrowing.total, hidden) if is_first else None,
        looser=[] if hits else looser.searches(asked, reading, viewer, hidden),
    )  # fmt: skip


def _page(asked: Asked, viewer: User | None, answered: Answered, hits: list[Hit], **more: object) -> Found:
    query, page = answered.meant.query, min(max(asked.page, 1), LAST_PAGE)
    return Found(
        reading=answered.reading,
        names=answered.meant.names,
        order=query.order,
        hits=loading.load(hits[(page - 1) * PAGE : page * PAGE], query, viewer),
        page=page,
        has_more=len(hits) > page * PAGE,
        **more,  # type: ignore[arg-type]
    )


def _notes(answered: Answered, has_hits: bool) -> list[str]:
    answer, notes = answered.answer, []
    if has_hits and not answer.is_whole and len(answered.meant.query.wishes) > 1:
        notes.append(_("Nothing has all of your words. These results have some of them."))
    if answer.is_shortened:
        notes.append(_("Many words begin like that, and not all were looked for. Add letters before the star."))
    if answer.is_cut:
        notes.append(
            _(
                "Only the newest %(num)d of very many results were compared. Add a word to find older ones.",
                num=len(answer.tally),
            )
        )
    return notes
