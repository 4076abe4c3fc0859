"""Files that people send, made anew as pictures. The only file that imports Pillow.

Nothing of the file is kept but its colours: no name, no metadata, no bytes before or behind. What it is, its content
says and nothing else. It runs in a process of its own, which apart.py starts: `python -m forum.media.decoding`.
"""

from __future__ import annotations

import json
import math
import os
import resource
import struct
import sys
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import Resampling, Transpose
from PIL.JpegImagePlugin import JpegImageFile
from PIL.MpoImagePlugin import MpoImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from forum.media import bounds, remade
from forum.media.remade import Remade, Unusable
from forum.text import pictures

# What this process may take. The largest pictures need 0.9 GB (WebP of 40 million pixels) or 1.7 s (an animation).
_MEMORY: Final = 1024 * 1024 * 1024
_CPU_SECONDS: Final = 15

# What Pillow would load when it first opens something; then this process may open no more files.
Image.preinit()
# Pillow raises an error at twice this number, and a warning, which we do not need, at once.
Image.MAX_IMAGE_PIXELS = bounds.MOST_PIXELS // 2
warnings.simplefilter("ignore", Image.DecompressionBombWarning)

_FORMATS: Final = tuple(str(file.format) for file in (PngImageFile, JpegImageFile, WebPImageFile, GifImageFile))
# MPO is what many telephones make: a JPEG with a second picture behind it. The first counts.
_FROM_CAMERAS: Final = (JpegImageFile, MpoImageFile)
# What Pillow raises for a file that is not what it says.
_DAMAGE: Final = (
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
    except _DAMAGE as damage:
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
    image = _plain(_read(_opened(content), 4 * side * side))
    whole = _on_white(ImageOps.fit(image, (side, side), Resampling.LANCZOS))
    small = whole.resize((bounds.SMALL_AVATAR, bounds.SMALL_AVATAR), Resampling.LANCZOS)
    return Remade(remade.WEBP, side, side, False, _as_webp(whole), _as_webp(small))


PURPOSES: Final = {remade.PICTURE: picture, remade.AVATAR: avatar}


def _opened(content: bytes) -> Image.Image:
    """The picture in a file, its size checked and nothing decoded yet."""
    try:
        image = Image.open(BytesIO(content), formats=_FORMATS)
    except _DAMAGE as damage:
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
    whole = _plain(_read(image, bounds.MOST_KEPT_PIXELS))
    small = _shrunk(whole, pictures.fitted(*whole.size, pictures.LONGEST_SHOWN))
    if is_photo:
        return Remade(remade.JPEG, *whole.size, False, _as_jpeg(whole), _as_jpeg(small))
    return Remade(remade.WEBP, *whole.size, False, _as_webp(whole), _as_webp(small))


def _read(image: Image.Image, most_pixels: int) -> Image.Image:
    """The first picture of the file, upright, in the colours of the web and of about this many pixels at most."""
    size = _within(image.size, most_pixels)
    # A JPEG is made half as large, or a quarter, while it is decoded: a fraction of the time and memory.
    image.draft(None, size)
    image.load()
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    image = _in_srgb(_shrunk(_resizable(image), size), profile)
    return image.transpose(turn) if turn is not None else image


def _within(size: tuple[int, int], most_pixels: int) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, math.sqrt(most_pixels / (width * height)), bounds.LONGEST_KEPT / max(size))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _turn(image: Image.Image) -> Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except _DAMAGE:
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


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
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
    except (ImageCms.PyCMSError, *_DAMAGE):
        # A picture in slightly wrong colours is better than none.
        return image


def _plain(image: Image.Image) -> Image.Image:
    """The colours alone, in a picture that never heard of the file they came from."""
    image = image if image.mode in ("RGB", "RGBA") else image.convert("RGB")
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


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
        frames.append(_plain(_shrunk(image.convert("RGBA" if image.has_transparency_data else "RGB"), size)))
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
    small = _as_webp(_shrunk(frames[0], pictures.fitted(*size, pictures.LONGEST_SHOWN)))
    return Remade(remade.WEBP, *size, True, file.getvalue(), small)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


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


def main() -> None:
    """The child: a file from the standard input; to the standard output a line of JSON, then both files made of it."""
    _confine()
    try:
        made = PURPOSES[sys.argv[1]](sys.stdin.buffer.read(bounds.MOST_BYTES + 1))
    except Unusable as refusal:
        _answer({"refused": refusal.reason})
    except MemoryError:
        _answer({"refused": remade.TOO_MUCH_WORK})
    else:
        told = {name: getattr(made, name) for name in ("kind", "width", "height", "is_moving")}
        _answer(told | {"whole": len(made.whole)}, made.whole, made.small)


def _confine() -> None:
    """Take from this process what decoding does not need, in case a file makes it do something else."""
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 2 * bounds.MOST_KEPT_BYTES),
        (resource.RLIMIT_CORE, 0),
        # Not one file or connection more than the three it was given.
        (resource.RLIMIT_NOFILE, 3),
    ):
        # macOS refuses some limits that Linux takes.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _answer(told: dict[str, object], *files: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for content in files:
        sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
