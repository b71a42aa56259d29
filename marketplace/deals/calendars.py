"""A meeting as a calendar file (RFC 5545)."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

from marketplace.core import clock
from marketplace.deals.models import Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
_LONGEST = 75  # octets of a line


def calendar_of(meeting: Meeting) -> bytes:
    """One event. Its UID is the meeting's own, so that a calendar takes a second file for the same one."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//San giao dich cong nghe va thiet bi//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{meeting.key}@{host}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(meeting.ends_at)}",
        f"SUMMARY:{_text(meeting.title)}",
        f"LOCATION:{_text(meeting.place)}",
        f"URL:{settings.PUBLIC_URL.rstrip('/')}{meeting.deal.get_absolute_url()}",
        f"STATUS:{'CANCELLED' if meeting.cancelled_at else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", r"\n")


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, cut between characters, each further one after a space."""
    parts: list[bytes] = []
    part = b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > _LONGEST - (1 if parts else 0):
            parts.append(part)
            part = b""
        part += octets
    parts.append(part)
    return b"\r\n ".join(parts) + b"\r\n"
