"""The mails that the demo "sent": files of Django's file backend, read back for the mailbox page."""

import email.message
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

from django.conf import settings

_SEPARATOR = b"\n" + b"-" * 79 + b"\n"
NEWEST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    key: str
    to: str
    subject: str
    at: datetime | None
    text: str
    html: str


def folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def newest(*, to: str = "") -> list[Sent]:
    paths = sorted(folder().glob("*.log"), key=lambda p: p.stat().st_mtime, reverse=True)
    found = []
    for path in paths[:NEWEST]:
        parts = [part for part in path.read_bytes().split(_SEPARATOR) if part.strip()]
        for number, part in reversed(list(enumerate(parts))):
            sent = _read(part, f"{path.stem}-{number}")
            if not to or sent.to == to:
                found.append(sent)
    return found


def one(key: str) -> Sent | None:
    return next((sent for sent in newest() if sent.key == key), None)


def _read(raw: bytes, key: str) -> Sent:
    message = message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    date = message["Date"]
    return Sent(
        key=key,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=_moment(date.datetime) if date else None,
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )


def _moment(at: datetime) -> datetime:
    """A mail's "-0000" is UTC, which Python reads as no zone at all."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
