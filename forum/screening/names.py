"""What the checks are called where their settings and findings are kept."""

from __future__ import annotations

from typing import Final

PACE: Final = "pace"
HEAT: Final = "heat"
NEWCOMER: Final = "first_comment"
CHECKED_FIRST: Final = "checked_first"
REJECTED_LATELY: Final = "rejected_lately"
LINKS: Final = "links"
WORDS: Final = "watched_word"
PERSONAL: Final = "personal_info"
REPEAT: Final = "repeat"
SAME_TEXT: Final = "same_text"
SPAM: Final = "spam_score"
