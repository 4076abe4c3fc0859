"""Who is mentioned in a text."""

from __future__ import annotations

from forum.text import markdown, pipeline


def find(source: str) -> tuple[str, ...]:
    """The usernames after an @ in Markdown, outside code and links: each once whatever its capitals, in order.

    Whether there are such people is for others to ask. Costs a parse; a `Rendered` has the same names at no cost.
    """
    return pipeline.mentions(markdown.parse(source))
