"""The languages a text can be in."""

from __future__ import annotations

from typing import Final

# Each by its own name, because its readers know it by that. English and Welsh lead: most texts are in them.
LANGUAGES: Final[dict[str, str]] = {
    "en": "English",
    "cy": "Cymraeg",
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "Čeština",
    "de": "Deutsch",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "ga": "Gaeilge",
    "gd": "Gàidhlig",
    "gu": "ગુજરાતી",
    "he": "עברית",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "nl": "Nederlands",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "so": "Soomaali",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "zh": "中文",
}


def clean(code: str | None, default: str) -> str:
    """The code of one of LANGUAGES that `code` means ("en-GB" means "en"), or the default."""
    base = _base(code or "")
    return base if base in LANGUAGES else default


def _base(code: str) -> str:
    return code.strip().replace("_", "-").split("-", 1)[0].lower()
