"""Answers to a deal's mails: the address that they come to, and what of them is the writer's own."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any, Final

from bs4 import BeautifulSoup
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from marketplace.core import clock

#: What is sent carries it above everything; a mail program quotes it.
MARK: Final = "##-"
KEPT_DAYS: Final = 60
_SALT: Final = "deals.replies"
_FROM_HERE: Final = re.compile(
    r"^(-{2,}\s*(original message|forwarded message|thư gốc|thư ban đầu)|_{10,}$|-- ?$|(từ|from): .*@)",
    re.IGNORECASE,
)
_WROTE: Final = re.compile(r"(wrote|đã viết|viết)\s*:\s*$|@\S+>?\s*:\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pass:
    """Whose answer it is, and to what."""

    deal: str
    user: int


def reply_address(deal: str, user: int) -> str:
    """Where this person answers to mails of this deal; "" where no mailbox is read.

    Lower case alone, and short: some servers change the letters before the @, and 64 of them are allowed.
    """
    if not (settings.REPLY_MAILBOX and settings.REPLY_ADDRESS):
        return ""
    local, _at, host = settings.REPLY_ADDRESS.partition("@")
    said = f"{deal}.{int_to_base36(user)}.{int_to_base36(clock.today().toordinal())}"
    return f"{local}+{said}.{_seal(said)}@{host}"


def _seal(said: str) -> str:
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()[:24]


def pass_of(mail: EmailMessage) -> Pass | None:
    """None where no address of it is one of ours, or it is forged or too old."""
    local, _at, host = settings.REPLY_ADDRESS.lower().partition("@")
    named = [
        str(value)
        for name in ("to", "cc", "delivered-to", "x-original-to")
        for value in mail.get_all(name, [])
    ]
    for _name, address in getaddresses(named):
        user, _at, at = address.lower().partition("@")
        begin, plus, token = user.partition("+")
        if (begin, plus, at) == (local, "+", host):
            return _read(token)
    return None


def _read(token: str) -> Pass | None:
    said, _dot, seal = token.rpartition(".")
    if not constant_time_compare(seal, _seal(said)):
        return None
    deal, user, day = said.split(".")
    if clock.today().toordinal() - base36_to_int(day) > KEPT_DAYS:
        return None
    return Pass(deal, base36_to_int(user))


def read_mail(content: bytes) -> EmailMessage:
    mail: Any = message_from_bytes(content, policy=policy.default)
    return mail


def is_automatic(mail: EmailMessage) -> bool:
    """Absence notes, lists and reports of failed delivery, as RFC 3834 and habit mark them."""
    return (
        str(mail.get("auto-submitted", "no")).split(";")[0].strip().lower() != "no"
        or str(mail.get("precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
        or any(mail.get(name) for name in ("x-autoreply", "x-autorespond", "list-id"))
        or str(mail.get("return-path", "")).strip() == "<>"
        or mail.get_content_type() == "multipart/report"
    )


def sender_of(mail: EmailMessage) -> str:
    found = getaddresses([str(value) for value in mail.get_all("from", [])])
    return found[0][1].lower() if len(found) == 1 else ""


def has_files(mail: EmailMessage) -> bool:
    return any(part.get_content_disposition() == "attachment" for part in mail.walk())


def own_words(mail: EmailMessage) -> str:
    """What was written, without what was quoted and without a signature."""
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())
    if body.get_content_subtype() == "html":
        broken = re.sub(r"(?i)<(br|/p|/div|/li|/tr)[^>]*>", "\n\\g<0>", text)
        text = BeautifulSoup(broken, "html.parser").get_text()
    lines: list[str] = []
    for line in text.splitlines():
        bare = line.strip().lstrip("> ")
        if line.startswith(">"):
            continue
        if bare.startswith(MARK) or _FROM_HERE.match(bare):
            break
        lines.append(line.rstrip())
    while lines and (not lines[-1].strip() or _WROTE.search(lines[-1])):
        lines.pop()
    return "\n".join(lines).strip()
