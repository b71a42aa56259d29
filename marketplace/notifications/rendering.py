"""Mails in the recipient's language, from the templates of each kind of notice."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from marketplace.notifications.kinds import get_kind
from marketplace.notifications.letterheads import (
    Letterhead,
    default_letterhead,
    letterhead_of,
    letterhead_of_all,
)
from marketplace.notifications.models import Delivery, Notice

UNSUBSCRIBE_SALT = "notifications.unsubscribe"


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    text: str
    html: str
    unsubscribe_url: str  # "" for transactional mail
    reply_to: str  # "" where answers are not read


def render_mail(delivery: Delivery, notices: list[Notice]) -> Mail:
    recipient = delivery.addressee
    with translation.override(recipient.language):
        if delivery.is_digest:
            name = "digest"
            head = letterhead_of_all([n.url for n in notices])
            items = [
                {
                    "subject": subject_of(n),
                    "url": absolute(n.url, recipient, letterhead_of(n.url)),
                }
                for n in notices
            ]
            context: dict[str, Any] = {"items": items, "count": len(items)}
        else:
            notice = notices[0]
            name = get_kind(notice.kind).template
            head = _head_of(notice)
            context = notice.context | {"url": absolute(notice.url, recipient, head)}
        context |= {
            "recipient": recipient,
            "exchange_name": head.called(recipient.language),
            "site_url": absolute("/", recipient, head),
            "preferences_url": (
                absolute(reverse("notifications:preferences"), recipient, head)
                if delivery.recipient
                else ""
            ),
            "unsubscribe_url": _stop_url(delivery, notices[0], head),
            "reply_to": _reply_to(delivery, notices[0]),
        }
        subject = " ".join(render_to_string(f"emails/{name}.subject.txt", context).split())
        return Mail(
            subject=subject,
            text=render_to_string(f"emails/{name}.txt", context | {"subject": subject}),
            html=render_to_string(f"emails/{name}.html", context | {"subject": subject}),
            unsubscribe_url=context["unsubscribe_url"],
            reply_to=context["reply_to"],
        )


def _reply_to(delivery: Delivery, notice: Notice) -> str:
    """A digest tells of several things: an answer to it would be to none of them."""
    kind = get_kind(notice.kind)
    if kind.reply_to is None or delivery.recipient is None or delivery.is_digest:
        return ""
    return kind.reply_to(notice)


def _head_of(notice: Notice) -> Letterhead:
    of_kind = get_kind(notice.kind).letterhead
    return (of_kind and of_kind(notice)) or letterhead_of(notice.url)


def _stop_url(delivery: Delivery, notice: Notice, head: Letterhead) -> str:
    """Where mails of this kind are ended; "" where there is nothing to end."""
    kind = get_kind(notice.kind)
    if delivery.recipient is None:
        return absolute(kind.stop_path(notice), delivery.addressee, head) if kind.stop_path else ""
    if kind.transactional and not delivery.is_digest:
        return ""
    return unsubscribe_url(delivery.recipient, kind.code, head)


def subject_of(notice: Notice) -> str:
    """The notice as one line in the reader's active language, for the inbox and the digest."""
    template = get_kind(notice.kind).template
    # Text, not HTML: the page that shows the line escapes it.
    context = notice.context | {"recipient": notice.recipient}
    return " ".join(render_to_string(f"emails/{template}.subject.txt", context).split())


def absolute(url: str, recipient: Any, head: Letterhead | None = None) -> str:
    """The full address of a page in the recipient's language (English lives under /en/), on the site of
    the letterhead or the default one."""
    head = head or default_letterhead()
    path = url or "/"
    if path.startswith("/en/"):
        path = path[3:]
    # The admin has one address in both languages.
    has_english = recipient.language == "en" and "en" in head.languages
    prefix = "/en" if has_english and not path.startswith("/admin/") else ""
    return f"{head.address}{prefix}{path}"


def unsubscribe_url(user: Any, kind: str, head: Letterhead | None = None) -> str:
    token = signing.dumps({"u": user.pk, "k": kind}, salt=UNSUBSCRIBE_SALT, compress=True)
    return absolute(reverse("notifications:unsubscribe", args=[token]), user, head)
