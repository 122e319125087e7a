"""Invitations in calendar parts: RFC 5545, 5546, 6047. Pure; nothing raises."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from mailflow.mail import charset
from mailflow.mail.parsed import Address, CalendarInvite, Limits

_MAX_ATTENDEES = 500


def read_invite(
    content: bytes, label: str, method: str, limits: Limits, flags: set[str]
) -> CalendarInvite | None:
    """The first event of the calendar; None, flagged bad_calendar, when there is none to read.

    `method` is what the part's Content-Type says, for calendars that do not say it.
    """
    if len(content) > limits.calendar_bytes:
        flags.add("bad_calendar")
        return None
    # Most messages have no calendar: the reader is loaded when the first one comes.
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(charset.decode(content, label or "utf-8", flags).strip())
        event = next(one for one in calendar.walk() if one.name in ("VEVENT", "VTODO"))
        return _invite(calendar, event, method)
    except Exception:  # the reader raises whatever the text makes it raise
        flags.add("bad_calendar")
        return None


def _invite(calendar: Any, event: Any, method: str) -> CalendarInvite:
    start, is_date = _instant(event.get("DTSTART"))
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    organizer = event.get("ORGANIZER")
    return CalendarInvite(
        method=_text(calendar.get("METHOD") or method).upper(),
        uid=_text(event.get("UID")),
        sequence=_number(event.get("SEQUENCE")),
        status=_text(event.get("STATUS")).upper(),
        summary=_text(event.get("SUMMARY")),
        description=_text(event.get("DESCRIPTION")),
        location=_text(event.get("LOCATION")),
        organizer=_address(organizer) if organizer else None,
        attendees=tuple(_address(one) for one in attendees[:_MAX_ATTENDEES]),
        start=start,
        end=_end(event, start),
        all_day=is_date,
        timezone=_zone(event.get("DTSTART")),
        recurrence=_rule(event.get("RRULE")),
        recurrence_id=_text(_ical(event.get("RECURRENCE-ID"))),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return charset.clean(str(value)).strip() if value is not None else ""


def _ical(value: Any) -> str:
    return value.to_ical().decode("utf-8", "replace") if value is not None else ""


def _rule(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return charset.clean(_ical(value)) if value else ""


def _number(value: Any) -> int:
    try:
        return max(0, min(int(value), 2**31 - 1))
    except (TypeError, ValueError):
        return 0


def _instant(value: Any) -> tuple[datetime | None, bool]:
    """The time, in UTC where its zone is known; and whether it is a whole day."""
    found = getattr(value, "dt", None)
    if isinstance(found, datetime):
        return (found.astimezone(UTC) if found.tzinfo else found), False
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day), True  # noqa: DTZ001 - a day has no zone
    return None, False


def _end(event: Any, start: datetime | None) -> datetime | None:
    end, _ = _instant(event.get("DTEND") or event.get("DUE"))
    length = getattr(event.get("DURATION"), "dt", None)
    if end is None and start is not None and isinstance(length, timedelta):
        return start + length
    return end


def _zone(value: Any) -> str:
    """The zone as the sender names it; "UTC" for times ending in Z; "" for floating ones."""
    named = _text(getattr(value, "params", {}).get("TZID", ""))
    found = getattr(value, "dt", None)
    if named or not isinstance(found, datetime) or found.tzinfo is None:
        return named
    return "UTC"


def _address(value: Any) -> Address:
    name = _text(getattr(value, "params", {}).get("CN", ""))
    address = _text(value)
    if address[:7].lower() == "mailto:":
        address = address[7:]
    return Address(name, address)
