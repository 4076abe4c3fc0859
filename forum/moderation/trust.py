"""What decisions do to the trust of writers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from forum.accounts.models import KNOWN, User
from forum.foundation.db import db
from forum.moderation import queries
from forum.moderation.actions import APPROVE, OVERTURN, RESTORE
from forum.moderation.models import Decision


def give(person: User, level: int) -> dict[str, Any]:
    """Raise a writer's trust to a level; what was before, to be kept with the decision. One query."""
    _take_turn(person)
    before = person.trust
    person.trust = max(before, level)
    return {"trust": before, "gives": level}


def take_back(decision: Decision) -> None:
    """The writer has the trust they would have without this decision. Two queries.

    Each decision notes the trust there was before it and the trust it gives. What there was before the first of them,
    raised by all others that stand, is what is left; unless something else has changed it since.
    """
    person = decision.user
    if person is None or decision.before.get("gives") is None:
        return
    _take_turn(person)
    rows = db.session.execute(
        select(Decision.id, Decision.before, queries.in_force())
        .where(Decision.user_id == person.id, Decision.action.in_([APPROVE, RESTORE, OVERTURN]))
        .order_by(Decision.id)
    ).all()
    base = next((before["trust"] for _id, before, _stands in rows if "trust" in before), person.trust)
    given = {number: before.get("gives", KNOWN) for number, before, stands in rows if stands}
    if person.trust == max([base, *given.values()]):
        given.pop(decision.id, None)
        person.trust = max([base, *given.values()])


def _take_turn(person: User) -> None:
    # Two decisions on one writer, in two discussions, add up. People may be named by new rows meanwhile.
    db.session.refresh(person, ["trust"], with_for_update={"key_share": True})
