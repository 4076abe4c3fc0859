"""Files as people send them: pictures, and what pretends to be one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

SECRET = "51.4816 N 3.1791 W, Nora's kitchen"
SCRIPT = b"<script>alert(document.cookie)</script>"


def image(width: int = 60, height: int = 40, colour: str = "teal", mode: str = "RGB") -> Image.Image:
    """A plain ground with a red mark in its upper left corner, so that one sees how it is turned."""
    made = Image.new(mode, (width, height), colour)
    ImageDraw.Draw(made).rectangle((0, 0, width // 4, height // 4), fill="red")
    return made


def saved(made: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    made.save(file, form, **options)
    return file.getvalue()


def jpeg(width: int = 60, height: int = 40, **options: Any) -> bytes:
    return saved(image(width, height), "JPEG", **({"quality": 95, "subsampling": 0} | options))


def png(width: int = 60, height: int = 40, **options: Any) -> bytes:
    return saved(image(width, height), "PNG", **options)


def webp(width: int = 60, height: int = 40, **options: Any) -> bytes:
    return saved(image(width, height), "WEBP", **({"lossless": True} | options))


def gif(width: int = 60, height: int = 40) -> bytes:
    return saved(image(width, height), "GIF")


def animation(form: str = "GIF", frames: int = 3, width: int = 60, height: int = 40, **options: Any) -> bytes:
    """Its pictures differ, so that no encoder makes one of two."""
    made = [image(width, height, (number * 37 % 256, number * 11 % 256, number % 251)) for number in range(frames)]
    options = {"duration": 80, "loop": 0} | options
    return saved(made[0], form, save_all=True, append_images=made[1:], **options)


def exif(orientation: int = 1) -> Image.Exif:
    """Where a picture was taken, and how the camera was held."""
    told = Image.Exif()
    told[Base.Orientation] = orientation
    told[Base.Artist] = SECRET
    told[Base.ImageDescription] = SECRET
    place = told.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (51.0, 28.0, 53.8)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "W", (3.0, 10.0, 44.8)
    return told


def png_with_secrets() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET)
    told.add_text("Author", SECRET, zip=True)
    told.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET}</x:xmpmeta>")
    return png(pnginfo=told, exif=exif(), dpi=(299, 299))


def swapped_profile() -> bytes:
    """sRGB whose red and green are changed: whoever heeds the profile sees green where the file says red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    places = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def bomb_png(width: int, height: int) -> bytes:
    """A PNG whose header promises more than its file holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(1000)))
        + _chunk(b"IEND", b"")
    )


def bomb_gif(frames: int, width: int = 600, height: int = 600) -> bytes:
    """An animation of very many pictures, each of a few bytes."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    dot = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + dot * frames + b";"


def growing_gif() -> bytes:
    """A small picture whose second frame says that it is 60,000 dots wide and high."""
    small = bomb_gif(1, 10, 10)[:-1]
    return small + b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02\x44\x01\x00" + b";"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("run.js", SCRIPT.decode())
    return file.getvalue()


def polyglots() -> dict[str, bytes]:
    """Files that are a picture to one program and something else to another."""
    script_gif = bytearray(gif())
    # "GIF89a/*…": a comment that opens in the header and closes behind the picture.
    script_gif[6:8] = b"/*"
    commented = jpeg(comment=b"--><html>" + SCRIPT + b"</html><!--")
    return {
        "GIF and JavaScript": bytes(script_gif) + b"*/=1;" + SCRIPT,
        "JPEG and HTML": commented + b"<html>" + SCRIPT + b"</html>",
        "PNG and HTML": png() + b"<html>" + SCRIPT + b"</html>",
        "PNG and PHP": png_with(b"<?php system($_GET['c']); ?>"),
        "JPEG and ZIP": jpeg() + archive(),
        "WebP and HTML": webp(exif=b"Exif\0\0" + SCRIPT) + SCRIPT,
    }


def png_with(words: bytes) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", words.decode())
    return png(pnginfo=told)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
