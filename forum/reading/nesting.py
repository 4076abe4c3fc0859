"""Cards hung below the ones they answer, and links to what they answer elsewhere."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from forum.comments.queries import Step
from forum.comments.stretches import Seen
from forum.moderation.models import Decision
from forum.reading.cards import Answered, CommentCard, Setting, comment_card


def nested(
    tops: Sequence[Seen],
    below: Sequence[Seen],
    place: Setting,
    removals: Mapping[int, Decision],
    steps: Mapping[int, Step],
    level: int = 0,
) -> list[CommentCard]:
    """Cards of `tops`, which are drawn at this level, with `below` hung under them, and links for what is not shown.

    `below` has each after what it hangs on; `steps` are what comments answer that are too deep to hang on it.
    """
    cards = {one.id: comment_card(one, place, removals.get(one.id)) for one in [*tops, *below]}
    for top in tops:
        cards[top.id].depth = level
    for comment in below:
        card, parent = cards[comment.id], cards.get(comment.parent_id or 0)
        if parent is not None:
            card.depth = parent.depth + 1
            parent.replies.append(card)
    for comment in [*tops, *below]:
        step = steps.get(comment.answers_id or 0)
        cards[comment.id].answers = answered(step, cards) if step else None
    for card in cards.values():
        card.point_at_more(f"/posts/{place.post.slug}/branch/{card.id}", card.depth)
    return [cards[top.id] for top in tops]


def answered(step: Step, on_page: Container[int]) -> Answered:
    """A comment that is answered, as a link: to its place on this page, or to the page it stands on."""
    return Answered(f"#comment-{step.id}" if step.id in on_page else f"/comments/{step.id}", step.name)
