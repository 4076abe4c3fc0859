"""Times and counts in words."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from forum.foundation import clock


def install(app: Flask) -> None:
    app.jinja_env.filters["ago"] = ago
    app.jinja_env.filters["iso"] = iso
    app.jinja_env.filters["stamp"] = stamp
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
    if (clock.now() - moment).total_seconds() < 24 * 60 * 60:
        return _("%(date)s, %(time)s UTC", date=date(moment), time=moment.astimezone(UTC).strftime("%H:%M"))
    return date(moment)


def date(moment: datetime) -> str:
    pattern = "d MMMM" if moment.year == clock.now().year else "d MMMM yyyy"
    return format_date(moment.astimezone(UTC), pattern)


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
