"""Times and counts in words."""

from __future__ import annotations

from datetime import UTC, datetime
from datetime import date as calendar_date
from functools import lru_cache

from babel.dates import format_date
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from forum.foundation import clock


def install(app: Flask) -> None:
    app.jinja_env.filters["ago"] = ago
    app.jinja_env.filters["iso"] = iso
    app.jinja_env.filters["stamp"] = stamp
    app.jinja_env.filters["clock"] = on_the_clock
    app.jinja_env.filters["hours"] = hours
    app.jinja_env.filters["duration"] = duration


def ago(moment: datetime) -> str:
    """Relative up to 24 hours, then a date; the year only when it is another one."""
    minutes = int((clock.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)d min ago", "%(num)d min ago", minutes)
    if minutes < 24 * 60:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", minutes // 60)
    return date(moment)


def stamp(moment: datetime) -> str:
    """Words for a page that is kept: true however long ago it was made. A script makes them relative."""
    return on_the_clock(moment) if (clock.now() - moment).total_seconds() < 24 * 60 * 60 else date(moment)


def on_the_clock(moment: datetime) -> str:
    """A date with the time of day. A script turns it to the reader's own clock."""
    return _("%(date)s, %(time)s UTC", date=date(moment), time=moment.astimezone(UTC).strftime("%H:%M"))


def hours(moment: datetime) -> str:
    """The time of day, and the date if it was not today. A script turns it to the reader's own clock."""
    if (clock.now() - moment).total_seconds() < 24 * 60 * 60:
        return _("%(time)s UTC", time=moment.astimezone(UTC).strftime("%H:%M"))
    return on_the_clock(moment)


def date(moment: datetime) -> str:
    pattern = "d MMMM" if moment.year == clock.now().year else "d MMMM yyyy"
    return _date(moment.astimezone(UTC).date(), pattern, str(get_locale() or "en"))


@lru_cache(maxsize=4_000)
def _date(day: calendar_date, pattern: str, language: str) -> str:
    return format_date(day, pattern, language)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def duration(minutes: int) -> str:
    """A wait in words, as “3 h 12 min”."""
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return _("%(num)d min", num=rest)
    if hours < 48:
        return _("%(hours)d h %(minutes)02d min", hours=hours, minutes=rest)
    return ngettext("%(num)d day", "%(num)d days", hours // 24)
