"""What counts as a request of a first visit."""

from __future__ import annotations

from benchmarks import weight


def test_a_drawing_inside_a_style_sheet_is_no_request():
    inside: set[str] = set()
    for number, address in enumerate(["http://127.0.0.1/posts/hundred", "data:image/svg+xml,%3Csvg/%3E"]):
        weight._note_what_is_inside({"requestId": str(number), "request": {"url": address}}, inside)
    assert inside == {"1"}
