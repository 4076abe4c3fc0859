"""How large a picture may be, and how large what we make of it."""

from __future__ import annotations

from typing import Final

# What may be sent.
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
# Of an animation, all its pictures together: 100 of them at 640 × 360 are 23 million.
MOST_FRAMES: Final = 200
MOST_MOVING_PIXELS: Final = 40_000_000

# What we keep. As many pixels as 2560 × 1707: a bound on the area and not on a side leaves a long screenshot readable.
MOST_KEPT_PIXELS: Final = 2560 * 1707
LONGEST_KEPT: Final = 8_000
LONGEST_MOVING: Final = 800
# Avatars: 96 px on the profile and 48 px elsewhere, on screens with two dots for each pixel.
AVATAR: Final = 192
SMALL_AVATAR: Final = 96
# A larger file than this comes from no picture within the bounds above.
MOST_KEPT_BYTES: Final = 12 * 1024 * 1024
