"""The colours of an opened picture as the web shows them: upright, in sRGB, of a bounded size, and nothing beside."""

from __future__ import annotations

import math
import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms
from PIL.Image import Resampling, Transpose

from forum.media import bounds

# What Pillow raises for a file that is not what it says.
DAMAGE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)

# How the camera was held (EXIF 2.32, tag 0x0112), and what puts the picture upright.
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
# The colour spaces of profiles, as they name themselves, and the modes of Pillow they are for.
_SPACES: Final = {"RGB ": ("RGB", "RGBA"), "GRAY": ("L",), "CMYK": ("CMYK",)}


def read(image: Image.Image, most_pixels: int) -> Image.Image:
    """The first picture of the file, upright, in the colours of the web and of about this many pixels at most."""
    size = _within(image.size, most_pixels)
    # A JPEG is made half as large, or a quarter, while it is decoded: a fraction of the time and memory.
    image.draft(None, size)
    image.load()
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    image = _in_srgb(shrunk(_resizable(image), size), profile)
    return image.transpose(turn) if turn is not None else image


def _within(size: tuple[int, int], most_pixels: int) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, math.sqrt(most_pixels / (width * height)), bounds.LONGEST_KEPT / max(size))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _turn(image: Image.Image) -> Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except DAMAGE:
        # Colours that are whole are worth showing, whatever is written beside them.
        return None


def _resizable(image: Image.Image) -> Image.Image:
    """The same in a mode that can be scaled."""
    if image.mode in ("RGB", "L", "CMYK"):
        if "transparency" not in image.info:
            return image
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        # Sixteen bits a pixel; Pillow would cut off what is above eight.
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "P"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        is_opaque = image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255)
        return image.convert("RGB") if is_opaque else image
    return image.convert("L" if image.mode in ("1", "F") else "RGB")


def shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The same at this size; it must be in a mode that can be scaled."""
    return image if image.size == size else image.resize(size, Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours by a profile as colours without one, which browsers take for sRGB."""
    if not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if image.mode not in _SPACES.get(source.profile.xcolor_space, ()):
            return image
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, *DAMAGE):
        # A picture in slightly wrong colours is better than none.
        return image


def plain(image: Image.Image) -> Image.Image:
    """The colours alone, in a picture that never heard of the file they came from."""
    image = image if image.mode in ("RGB", "RGBA") else image.convert("RGB")
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


def on_white(image: Image.Image) -> Image.Image:
    """The same without anything one can see through."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
