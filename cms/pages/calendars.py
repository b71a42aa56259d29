"""Events for the reader's own calendar (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from marketplace.core import clock

_LONGEST: Final = 75  # octets of one line; what is longer goes on after a space


def calendar_of(name: str, events: Iterable[Any], request: HttpRequest) -> HttpResponse:
    """The answer with these events (`EventPage`), to be kept or subscribed to."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{host}//events//VI",
        f"X-WR-CALNAME:{_escaped(name)}",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
    ]
    for event in events:
        changed = event.last_published_at or event.latest_revision_created_at or clock.now()
        lines += [
            "BEGIN:VEVENT",
            f"UID:event-{event.translation_key}@{host}",
            f"DTSTAMP:{_moment(changed)}",
            f"DTSTART:{_moment(event.starts_at)}",
            f"DTEND:{_moment(event.ends_at)}",
            f"SUMMARY:{_escaped(event.title)}",
            f"LOCATION:{_escaped(event.where)}",
            f"DESCRIPTION:{_escaped(event.introduction)}",
            f"URL:{request.build_absolute_uri(event.url or '/')}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    text = "".join(f"{_folded(line)}\r\n" for line in lines)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lich.ics"'
    return response


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """Lines of at most 75 octets, no letter cut in two."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts)
