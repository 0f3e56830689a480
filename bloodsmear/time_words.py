"""Times for people: those of the PC where they are read. Files for programs have UTC."""

from datetime import datetime


def local_words(moment: datetime) -> str:
    """`2026-11-24 10:05`, by this PC's clock: for what is read here and now. `moment` has a time zone."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def zoned_words(moment: datetime) -> str:
    """`2026-11-24 10:05 UTC+01:00`, by this PC's clock and with its offset then: for what leaves the PC."""
    day, _, rest = moment.astimezone().isoformat(timespec="minutes").partition("T")
    time, offset = rest[:5], rest[5:]
    return f"{day} {time} UTC{'' if offset == '+00:00' else offset}"
