"""Mails that answer a deal's notices become messages in its room, each once."""

import hashlib
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction

from marketplace.accounts.emails import email_key, proved_keys
from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.errors import DomainError
from marketplace.core.mailboxes import Arrived, MailboxDown, mailbox_at
from marketplace.deals.models import Deal, MailReply
from marketplace.deals.models.deals import WRITING
from marketplace.deals.models.rooms import LONGEST_MESSAGE, ReplyOutcome
from marketplace.deals.notices import deals as notices
from marketplace.deals.replying import (
    Pass,
    has_files,
    is_automatic,
    own_words,
    pass_of,
    read_mail,
    sender_of,
)
from marketplace.deals.services.rooms import write_message
from marketplace.deals.services.rows import subject_of

logger = structlog.get_logger(__name__)

STAGE: Final = "deals.replies"
LONGEST: Final = 5 * 1024 * 1024


def take_batch(most: int = 20) -> int:
    """Reads what has arrived and empties the box of it. Killed between the two, a mail is met again and known."""
    if not (settings.REPLY_MAILBOX and settings.REPLY_ADDRESS):
        return 0
    try:
        with mailbox_at(settings.REPLY_MAILBOX) as box:
            arrived = box.arrived(most, LONGEST)
            for one in arrived:
                take(one)
                box.remove(one.key)
    except MailboxDown as error:
        logger.warning("mailbox of replies is down", error=str(error))
        return 0
    return len(arrived)


def take(arrived: Arrived) -> None:
    try:
        mail = read_mail(arrived.content)
        found = None if is_automatic(mail) else pass_of(mail)
        sender, files = sender_of(mail), has_files(mail)
        text = own_words(mail) if found and not arrived.is_cut else ""
        named = str(mail.get("message-id", "")).strip()
    except Exception as error:  # noqa: BLE001 - a stranger's mail may be wrong in any way
        logger.warning("mail not read", error=type(error).__name__)
        return
    # Nobody is told why: whoever forges or guesses an address learns nothing from it.
    person = _writer(found, sender) if found else None
    if found is None or person is None:
        logger.info("mail not taken", automatic=found is None)
        return
    mark = named or hashlib.sha256(arrived.content).hexdigest()
    key = hashlib.sha256(f"{found.deal}:{found.user}:{mark}".encode()).hexdigest()
    _answer(found, person, key=key, text=text, is_cut=arrived.is_cut, files=files)


def _writer(found: Pass, sender: str) -> User | None:
    """The person, where the mail comes from an address that they have proved to be theirs."""
    person = User.objects.filter(pk=found.user, is_active=True).first()
    return person if person is not None and email_key(sender) in proved_keys(person) else None


@transaction.atomic
def _answer(found: Pass, person: User, *, key: str, text: str, is_cut: bool, files: bool) -> None:
    deal = Deal.objects.acted_on_by(person, WRITING).filter(public_id=found.deal).first()
    if deal is None:
        return
    row, new = MailReply.objects.get_or_create(key=key, defaults={"deal": deal})
    if not new:
        return
    if is_cut or len(text) > LONGEST_MESSAGE:
        row.outcome = ReplyOutcome.TOO_LONG
    elif not text:
        row.outcome = ReplyOutcome.EMPTY
    else:
        try:
            row.message = write_message(deal, text=text, side=deal.side_of(person), by=person)
            row.outcome = ReplyOutcome.WITHOUT_FILES if files else ReplyOutcome.TAKEN
        except DomainError:
            row.outcome = ReplyOutcome.CLOSED
    row.save(update_fields=["outcome", "message"])
    audit.record("deal.mail_reply", subject_of(deal), by=person, outcome=str(row.outcome))
    if row.outcome != ReplyOutcome.TAKEN:
        event = f"reply_{row.outcome}"
        notices.tell_person(deal, person, event, key=f"{event}:{row.pk}")
