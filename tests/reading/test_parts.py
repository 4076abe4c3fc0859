"""Cards that are filled look as the macro draws them, whatever the comment."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from flask import get_template_attribute

from forum.reading.cards import Answered, Setting, comment_card
from forum.reading.parts import Parts
from tests import makers

NOBODY, SOMEBODY = Answered("/comments/1", ""), Answered("#comment-1", "X <y>")


def test_a_filled_card_is_the_one_the_macro_draws(app, cast):
    comment = makers.make_comment(cast.alice, makers.make_post(cast.arthur))
    base, parts = comment_card(comment, Setting.of(comment.post)), Parts()
    article = get_template_attribute("thread/_card.html", "article")
    yes_or_no, moments = (True, False), (None, base.created_at)
    kinds = product(
        yes_or_no, yes_or_no, yes_or_no, ("", "A & B"), moments, (None, "cy"), (0, 1, 7), (None, NOBODY, SOMEBODY)
    )
    for by_author, by_moderator, may_reply, role, edited, lang, likes, answers in kinds:
        card = replace(
            base, is_post_author=by_author, is_moderator=by_moderator, may_reply=may_reply, edited_at=edited, lang=lang,
            like_count=likes, answers=answers, author=replace(base.author, name='O"B <i>', role_line=role),
        )  # fmt: skip
        assert str(parts.article(card)) == str(article(card))
