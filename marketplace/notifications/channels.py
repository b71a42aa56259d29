"""Channels by which a delivery leaves: a port, with e-mail as its first adapter."""

import hashlib
import hmac
import smtplib
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from marketplace.notifications.models import Delivery, Notice
from marketplace.notifications.rendering import render_mail


class ChannelDown(Exception):
    """The service cannot be reached: everything waits, no attempt is counted."""


class Refused(Exception):
    """This message will never be taken."""


class Channel(Protocol):
    def send(self, delivery: Delivery, notices: list[Notice]) -> None: ...


class EmailChannel:
    def send(self, delivery: Delivery, notices: list[Notice]) -> None:
        mail = render_mail(delivery, notices)
        headers = {"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"}
        if mail.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message = EmailMultiAlternatives(
            mail.subject,
            mail.text,
            to=[delivery.addressee.email],
            reply_to=[mail.reply_to] if mail.reply_to else None,
            headers=headers,
        )
        message.attach_alternative(mail.html, "text/html")
        try:
            with get_connection() as connection:
                connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()), (0, b""))[0]
            if code >= 500:
                raise Refused(f"SMTP {code}") from error
            raise
        except (smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:
                raise Refused(f"SMTP {error.smtp_code}") from error
            if isinstance(error, smtplib.SMTPException) and not isinstance(
                error, smtplib.SMTPConnectError | smtplib.SMTPServerDisconnected
            ):
                raise
            raise ChannelDown(type(error).__name__) from error


def message_id(delivery: Delivery) -> str:
    """Derived from the row: a mail sent twice around a crash is the same mail to the reader's program."""
    digest = hmac.new(
        settings.SECRET_KEY.encode(), f"delivery:{delivery.pk}".encode(), hashlib.sha256
    )
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{delivery.pk}.{digest.hexdigest()[:24]}@{host}>"


CHANNELS: dict[str, Channel] = {"email": EmailChannel()}
