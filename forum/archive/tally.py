"""What an import did, in numbers."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from forum.archive.records import CommentRecord, Reject


@dataclass
class Tally:
    """What an import did. People are sets of origins, because one may write below many posts."""

    new_posts: int = 0
    known_posts: int = 0
    new_comments: int = 0
    known_comments: int = 0
    new_replies: int = 0
    known_replies: int = 0
    new_people: set[str] = field(default_factory=set)
    known_people: set[str] = field(default_factory=set)
    rejects: list[Reject] = field(default_factory=list)

    def count_comments(self, records: Sequence[CommentRecord], stored: Container[str], made: Container[str]) -> None:
        """Of these records, by their ids: those that were stored before, and those that are now."""
        for record in records:
            is_reply = record.parent is not None
            if record.id in stored:
                self.known_comments += 1
                self.known_replies += is_reply
            elif record.id in made:
                self.new_comments += 1
                self.new_replies += is_reply

    @property
    def new(self) -> int:
        return self.new_posts + self.new_comments

    @property
    def known(self) -> int:
        return self.known_posts + self.known_comments
