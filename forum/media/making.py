"""Files that people send, made anew as pictures.

Nothing of the file is kept but its colours: no name, no metadata, no bytes before or behind. What it is, its content
says and nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import Resampling
from PIL.JpegImagePlugin import JpegImageFile
from PIL.MpoImagePlugin import MpoImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from forum.media import bounds, remade
from forum.media.colours import DAMAGE, on_white, plain, read, shrunk
from forum.media.remade import Remade, Unusable
from forum.text import pictures

# What Pillow would load when it first opens something; then the process may open no more files.
Image.preinit()
# Pillow raises an error at twice this number, and a warning, which we do not need, at once.
Image.MAX_IMAGE_PIXELS = bounds.MOST_PIXELS // 2
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

_FORMATS: Final = tuple(str(file.format) for file in (PngImageFile, JpegImageFile, WebPImageFile, GifImageFile))
# MPO is what many telephones make: a JPEG with a second picture behind it. The first counts.
_FROM_CAMERAS: Final = (JpegImageFile, MpoImageFile)

# A drawing or a screenshot is small without loss; above this many bytes a pixel it is a photograph.
_LOSSLESS_UP_TO: Final = 0.25
# Browsers show pictures of an animation that are meant to last no time for a tenth of a second.
_SHORTEST, _USUAL = 20, 100


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError as bomb:
        raise Unusable(remade.TOO_MANY_PIXELS) from bomb
    except DAMAGE as damage:
        raise Unusable(remade.DAMAGED) from damage


@_refusing()
def picture(content: bytes) -> Remade:
    """A picture for a text. Raises Unusable, or MemoryError where the process may not have as much as it takes."""
    image = _opened(content)
    if isinstance(image, GifImageFile | WebPImageFile) and image.is_animated:
        return _moving(image)
    return _still(image)


@_refusing()
def avatar(content: bytes) -> Remade:
    """The middle of a picture as a square, for beside a name. Raises as `picture`."""
    side = bounds.AVATAR
    # Four times as many pixels as needed are enough to begin with.
    image = plain(read(_opened(content), 4 * side * side))
    whole = on_white(ImageOps.fit(image, (side, side), Resampling.LANCZOS))
    small = whole.resize((bounds.SMALL_AVATAR, bounds.SMALL_AVATAR), Resampling.LANCZOS)
    return Remade(remade.WEBP, side, side, False, _as_webp(whole), _as_webp(small))


def _opened(content: bytes) -> Image.Image:
    """The picture in a file, its size checked and nothing decoded yet."""
    try:
        image = Image.open(BytesIO(content), formats=_FORMATS)
    except DAMAGE as damage:
        raise Unusable(_what_it_is(content)) from damage
    if image.width * image.height > bounds.MOST_PIXELS:
        raise Unusable(remade.TOO_MANY_PIXELS)
    return image


def _what_it_is(content: bytes) -> str:
    """Why a file could not even be opened: it is another kind, or one of ours and damaged."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<") and b"<svg" in head:
        return remade.DRAWING
    is_ours = (
        content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))
        or (content[:4], content[8:12]) == (b"RIFF", b"WEBP")
    )  # fmt: skip
    return remade.DAMAGED if is_ours else remade.UNKNOWN


def _still(image: Image.Image) -> Remade:
    is_photo = isinstance(image, _FROM_CAMERAS)
    whole = plain(read(image, bounds.MOST_KEPT_PIXELS))
    small = shrunk(whole, pictures.fitted(*whole.size, pictures.LONGEST_SHOWN))
    if is_photo:
        return Remade(remade.JPEG, *whole.size, False, _as_jpeg(whole), _as_jpeg(small))
    return Remade(remade.WEBP, *whole.size, False, _as_webp(whole), _as_webp(small))


def _moving(image: Image.Image) -> Remade:
    """An animation as one of WebP, with its first picture to stand for it."""
    size = pictures.fitted(*image.size, bounds.LONGEST_MOVING)
    frames: list[Image.Image] = []
    lasting: list[int] = []
    pixels = 0
    for number in range(bounds.MOST_FRAMES + 1):
        try:
            image.seek(number)
        except EOFError:
            break
        pixels += image.width * image.height
        if number == bounds.MOST_FRAMES or pixels > bounds.MOST_MOVING_PIXELS:
            raise Unusable(remade.TOO_LONG)
        image.load()
        frames.append(plain(shrunk(image.convert("RGBA" if image.has_transparency_data else "RGB"), size)))
        lasts = int(image.info.get("duration") or 0)
        lasting.append(lasts if lasts >= _SHORTEST else _USUAL)
    if len(frames) == 1:
        return _still(image)
    file = BytesIO()
    # How often it is played: a GIF that does not say is played once.
    times = image.info.get("loop", 1)
    frames[0].save(
        file, "WEBP", save_all=True, append_images=frames[1:], duration=lasting, loop=times, quality=75, method=0
    )
    small = _as_webp(shrunk(frames[0], pictures.fitted(*size, pictures.LONGEST_SHOWN)))
    return Remade(remade.WEBP, *size, True, file.getvalue(), small)


def _as_jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=85, optimize=True, progressive=True)
    return file.getvalue()


def _as_webp(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", lossless=True, quality=40, method=1)
    if file.tell() > max(20_000, _LOSSLESS_UP_TO * image.width * image.height):
        file = BytesIO()
        image.save(file, "WEBP", quality=85, method=2)
    return file.getvalue()
