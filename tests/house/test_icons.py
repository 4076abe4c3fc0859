"""The icons of the style sheet are drawn as those of the sprite."""

from __future__ import annotations

import re
from urllib.parse import unquote

from config import ROOT


def test_each_mask_is_the_symbol_of_its_name():
    sprite = (ROOT / "static/icons/sprite.svg").read_text().replace('"', "'")
    sheet = (ROOT / "static/css/icon.css").read_text()
    masks = re.findall(r'\.i-(\w+)[^{]*\{\s*--drawing: url\("data:image/svg\+xml,([^"]+)"\)', sheet)
    assert len(masks) > 8
    for name, drawn in masks:
        symbol = re.search(rf"<symbol id='{name}'[^>]*>(.*?)</symbol>", sprite)
        assert symbol is not None, name
        assert symbol[1] in unquote(drawn), name
