"""What becomes of a file: a picture of ours with nothing in it but colours, or a reason."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from forum.media import bounds, making, remade
from forum.media.remade import Remade, Unusable
from tests import files

READABLE = {
    "PNG": files.png(),
    "JPEG": files.jpeg(),
    "WebP": files.webp(),
    "GIF": files.gif(),
    "animated GIF": files.animation(),
    "animated WebP": files.animation("WEBP", lossless=True),
}


def look(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def files_of(made: Remade) -> tuple[bytes, bytes]:
    return made.whole, made.small


def reason_of(content: bytes, make=making.picture) -> str:
    with pytest.raises(Unusable) as refusal:
        make(content)
    return refusal.value.reason


def is_red(dot: tuple[int, ...]) -> bool:
    return dot[0] > 180 and max(dot[1:3]) < 90


# What is taken


@pytest.mark.parametrize("name", READABLE)
def test_a_picture_of_each_kind_is_made_anew(name):
    made = making.picture(READABLE[name])
    assert (made.width, made.height) == (60, 40)
    for content in files_of(made):
        assert look(content).get_format_mimetype() == made.kind
        assert is_red(look(content).convert("RGB").getpixel((3, 3)))


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"],
)  # fmt: skip
def test_every_way_to_store_colours_is_understood(mode):
    if mode == "CMYK":
        content = files.saved(files.image(mode="CMYK", colour=(0, 0, 0, 0)), "JPEG")
    elif mode == "I;16":
        ground = Image.new("I;16", (60, 40), 0xFFFF)
        ground.paste(0x8000, (0, 0, 30, 40))
        content = files.saved(ground, "PNG")
    else:
        content = files.saved(files.image(colour="white").convert(mode), "PNG")
    seen = look(making.picture(content).whole).convert("RGB")
    assert seen.size == (60, 40)
    assert min(seen.getpixel((55, 35))) > 240, "white stays white"
    assert min(seen.getpixel((3, 3))) < 200, "the mark stays a mark"


def test_what_can_be_seen_through_stays_so():
    ground = files.image(mode="RGBA", colour=(0, 0, 0, 0))
    seen = look(making.picture(files.saved(ground, "PNG")).whole)
    assert seen.mode == "RGBA"
    assert seen.getpixel((55, 35))[3] == 0


def test_a_photograph_is_shown_small_and_kept_large():
    made = making.picture(files.jpeg(5000, 2500))
    assert made.width * made.height <= bounds.MOST_KEPT_PIXELS
    assert abs(made.width / made.height - 2) < 0.01
    assert look(made.whole).size == (made.width, made.height)
    assert look(made.small).size == (800, 400)


def test_a_long_screenshot_stays_readable():
    made = making.picture(files.png(1080, 4000))
    assert (made.width, made.height) == (1080, 4000)
    assert look(made.small).size == (216, 800)


def test_a_small_picture_is_not_enlarged():
    made = making.picture(files.png(10, 3))
    assert look(made.whole).size == look(made.small).size == (10, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (9000, 1)])
def test_thin_pictures_have_a_dot_in_each_direction(size):
    made = making.picture(files.png(*size))
    for content in files_of(made):
        assert min(look(content).size) == 1


def test_a_screenshot_loses_nothing():
    made = making.picture(files.png(300, 200))
    assert look(made.whole).convert("RGB").tobytes() == files.image(300, 200).tobytes()


def test_a_noisy_picture_does_not_grow():
    noise = Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(480_000))
    assert len(making.picture(files.saved(noise, "PNG")).whole) < 400_000


# How the camera was held

TURNED = {
    1: lambda made: made,
    2: lambda made: made.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda made: made.transpose(Image.Transpose.ROTATE_180),
    4: lambda made: made.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda made: made.transpose(Image.Transpose.TRANSPOSE),
    6: lambda made: made.transpose(Image.Transpose.ROTATE_90),
    7: lambda made: made.transpose(Image.Transpose.TRANSVERSE),
    8: lambda made: made.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TURNED)
def test_a_picture_stands_upright_however_the_camera_was_held(orientation, form):
    stored = TURNED[orientation](files.image(80, 40))
    made = making.picture(files.saved(stored, form, exif=files.exif(orientation)))
    assert (made.width, made.height) == (80, 40)
    for content in files_of(made):
        seen = look(content).convert("RGB")
        assert is_red(seen.getpixel((3, 3)))
        assert not any(is_red(seen.getpixel(place)) for place in ((76, 3), (3, 36), (76, 36)))


def test_a_strange_orientation_turns_nothing():
    made = making.picture(files.jpeg(80, 40, exif=files.exif(77)))
    assert (made.width, made.height) == (80, 40)


def test_damaged_words_beside_a_whole_picture_do_not_matter():
    told = b"Exif\0\0II*\0" + b"\xff" * 40
    assert making.picture(files.jpeg(exif=told)).width == 60


# What is not kept

WITH_SECRETS = {
    "JPEG with EXIF and a comment": files.jpeg(exif=files.exif(), comment=files.SECRET.encode()),
    "JPEG with XMP": files.jpeg(xmp=f"<x:xmpmeta>{files.SECRET}</x:xmpmeta>".encode()),
    "PNG with text": files.png_with_secrets(),
    "WebP with EXIF and XMP": files.webp(exif=files.exif(), xmp=files.SECRET.encode()),
    "GIF with a comment": files.saved(files.image(), "GIF", comment=files.SECRET.encode()),
    "animated GIF with a comment": files.animation(comment=files.SECRET.encode()),
    "animated WebP with EXIF": files.animation("WEBP", exif=files.exif(), xmp=files.SECRET.encode()),
    "a colour profile": files.jpeg(icc_profile=files.swapped_profile()),
}


@pytest.mark.parametrize("make", [making.picture, making.avatar])
@pytest.mark.parametrize("name", WITH_SECRETS)
def test_nothing_is_kept_of_where_when_and_by_whom_it_was_made(name, make):
    assert look(WITH_SECRETS[name]).info, "the file has something to lose"
    for content in files_of(make(WITH_SECRETS[name])):
        seen = look(content)
        assert not seen.getexif()
        assert not seen.info.keys() & {"exif", "xmp", "comment", "icc_profile", "dpi", "Comment", "XML:com.adobe.xmp"}
        for word in (b"Exif", b"kitchen", b"xmpmeta", b"ICC", b"GPS", b"Artist"):
            assert word not in content


def test_the_colours_of_a_profile_become_those_that_browsers_show():
    swapped = files.saved(Image.new("RGB", (40, 40), "red"), "PNG", icc_profile=files.swapped_profile())
    red, green, blue = look(making.picture(swapped).whole).convert("RGB").getpixel((20, 20))
    assert green > 200
    assert max(red, blue) < 60


@pytest.mark.parametrize("profile", [b"", b"nonsense", files.swapped_profile()[:300], b"\0" * 128])
def test_a_damaged_profile_is_passed_over(profile):
    assert making.picture(files.jpeg(icc_profile=profile)).width == 60


@pytest.mark.parametrize("name", files.polyglots())
def test_a_file_that_is_two_things_comes_out_as_one(name):
    content = files.polyglots()[name]
    for make in (making.picture, making.avatar):
        for made in files_of(make(content)):
            for word in (b"script", b"alert", b"<html", b"<?php", b"PK\x03\x04", b"run.js", b"/*"):
                assert word not in made


# Animations


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_an_animation_moves_behind_a_still_one(form):
    made = making.picture(files.animation(form, frames=5, duration=[50, 60, 70, 0, 90], loop=3))
    assert made.is_moving
    whole = look(made.whole)
    assert (whole.n_frames, whole.info["loop"]) == (5, 3)
    assert getattr(look(made.small), "n_frames", 1) == 1
    lasting = []
    for number in range(5):
        whole.seek(number)
        whole.load()
        lasting.append(whole.info["duration"])
    assert lasting == [50, 60, 70, 100, 90]


def test_one_frame_is_no_animation():
    assert not making.picture(files.gif()).is_moving


def test_a_large_animation_is_made_smaller():
    made = making.picture(files.animation(frames=3, width=1600, height=400))
    assert look(made.whole).size == (made.width, made.height) == (800, 200)


@pytest.mark.parametrize("frames", [bounds.MOST_FRAMES + 1, 10_000, 100_000])
def test_an_animation_of_too_many_pictures_is_refused(frames):
    assert reason_of(files.bomb_gif(frames, 10, 10)) == remade.TOO_LONG


def test_an_animation_of_too_many_dots_together_is_refused():
    assert reason_of(files.bomb_gif(100, 4000, 4000)) == remade.TOO_LONG


def test_an_animation_that_grows_on_the_way_is_refused():
    assert reason_of(files.growing_gif()) == remade.TOO_MANY_PIXELS


# What is refused


@pytest.mark.parametrize("make", [making.picture, making.avatar])
@pytest.mark.parametrize("size", [(50_000, 50_000), (40_000_001, 1), (6_400, 6_401), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size, make):
    assert reason_of(files.bomb_png(*size), make) == remade.TOO_MANY_PIXELS


def test_forty_million_dots_are_taken():
    made = making.picture(files.saved(Image.new("L", (8000, 5000), 200), "PNG"))
    assert made.width * made.height <= bounds.MOST_KEPT_PIXELS


@pytest.mark.parametrize("make", [making.picture, making.avatar])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (files.SVG, remade.DRAWING),
        (b"\xef\xbb\xbf  <svg onload=alert(1)>", remade.DRAWING),
        (files.HTML, remade.UNKNOWN),
        (files.archive(), remade.UNKNOWN),
        (b"%PDF-1.7", remade.UNKNOWN),
        (b"", remade.UNKNOWN),
        (b"\0" * 5000, remade.UNKNOWN),
        (b"\0\0\0\x20ftypheic" + b"\0" * 100, remade.UNKNOWN),
        (files.saved(files.image(), "BMP"), remade.UNKNOWN),
        (files.saved(files.image(), "TIFF"), remade.UNKNOWN),
        (files.saved(files.image(), "ICO"), remade.UNKNOWN),
        (b"\x89PNG\r\n\x1a\n", remade.DAMAGED),
        (b"\xff\xd8\xff\xe0", remade.DAMAGED),
        (b"GIF89a", remade.DAMAGED),
        (b"RIFF\x10\0\0\0WEBPVP8 ", remade.DAMAGED),
    ],
    ids=lambda value: repr(value[:8]) if isinstance(value, bytes) else value,
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused_with_the_reason(content, reason, make):
    assert reason_of(content, make) == reason


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WebP"])
def test_half_a_file_is_refused(name, share):
    noise = Image.frombytes("RGB", (100, 100), random.Random(2).randbytes(30_000))
    whole = files.saved(noise, name.upper())
    assert reason_of(whole[: int(len(whole) * share)]) == remade.DAMAGED


def test_a_file_is_what_its_content_is():
    """There is no name and no media type to believe in the first place."""
    assert making.picture(files.png()).kind == "image/webp"
    assert making.picture(files.jpeg()).kind == "image/jpeg"


@pytest.mark.parametrize("name", READABLE)
def test_any_damage_gives_a_picture_or_a_reason(name):
    chance = random.Random(name)
    for _ in range(150):
        content = bytearray(READABLE[name])
        for _change in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content)) :]
        try:
            made = making.picture(bytes(content))
        except Unusable:
            continue
        assert look(made.whole).size == (made.width, made.height)


# Avatars


@pytest.mark.parametrize("size", [(400, 200), (200, 400), (30, 30), (5000, 20)])
def test_an_avatar_is_the_middle_as_a_square(size):
    ground = Image.new("RGB", size, "white")
    side = min(size)
    ground.paste("blue", ((size[0] - side) // 2, (size[1] - side) // 2, (size[0] + side) // 2, (size[1] + side) // 2))
    made = making.avatar(files.saved(ground, "PNG"))
    assert look(made.whole).size == (made.width, made.height) == (192, 192)
    assert look(made.small).size == (96, 96)
    for place in ((4, 4), (187, 4), (4, 187), (187, 187), (96, 96)):
        red, _green, blue = look(made.whole).getpixel(place)
        assert blue > 200
        assert red < 80


def test_an_avatar_that_can_be_seen_through_stands_on_white():
    made = making.avatar(files.saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert look(made.whole).convert("RGB").getpixel((96, 96)) == (255, 255, 255)


def test_an_avatar_stands_still():
    made = making.avatar(files.animation())
    assert not made.is_moving
    assert getattr(look(made.whole), "n_frames", 1) == 1
