"""Closing an account: asked for, waited for, and then everything that names the person goes.

What others did with the person stays as it is, and points to an account without a name.
"""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.personal_data import run_closing_acts, stops_of
from marketplace.core.text import new_public_id
from marketplace.privacy.ledger import purposes, terms_on
from marketplace.privacy.models import Closing, DataCopy
from marketplace.privacy.notices import tell_closing
from marketplace.privacy.services.copies import remove_copy


class CannotClose(DomainError):
    """Something has to be settled first; the message says what."""


@transaction.atomic
def ask_for_closing(user: Any) -> Closing:
    """Begins the days of waiting; asked twice, the first one counts.

    Raises:
        CannotClose: somebody else depends on the account (the last owner of an organisation with
            other members, staff of the exchange).
    """
    waiting = Closing.objects.waiting().filter(user=user).first()
    if waiting is not None:
        return waiting
    ensure_may_close(user)
    due = clock.today() + timedelta(days=terms_on(clock.today()).closing_days)
    closing = Closing.objects.create(user=user, asked_at=clock.now(), due_on=due)
    audit.record("privacy.closing_asked", f"closing:{closing.pk}", by=user, due_on=due.isoformat())
    tell_closing(closing)
    return closing


def ensure_may_close(user: Any) -> None:
    reasons = stops_of(user)
    if user.is_staff:
        reasons.append(_("Tài khoản cán bộ sàn do người quản trị đóng."))
    if reasons:
        raise CannotClose(" ".join(reasons))


@transaction.atomic
def cancel_closing(user: Any) -> bool:
    """Takes it back; whether there was something to take back."""
    changed = Closing.objects.waiting().filter(user=user).update(cancelled_at=clock.now())
    if changed:
        audit.record("privacy.closing_cancelled", "closing", by=user)
    return bool(changed)


def close_due() -> int:
    """Closes one account whose day has come. One that cannot be is tried again the next day."""
    today = clock.today()
    due = Closing.objects.due().exclude(tried_on=today).select_related("user")
    closing = due.order_by("due_on", "pk").first()
    if closing is None:
        return 0
    Closing.objects.filter(pk=closing.pk).update(tried_on=today)
    try:
        close_account(closing)
    except DomainError as error:
        Closing.objects.filter(pk=closing.pk).update(held_by=str(error.message))
    return 1


def close_account(closing: Closing) -> None:
    """Everything in one transaction: killed in between, nothing has happened yet.

    Raises DomainError where the account cannot be closed; nothing has changed then.
    """
    for copy in DataCopy.objects.of(closing.user).exclude(file=""):
        remove_copy(copy)
    with transaction.atomic():
        current = Closing.objects.waiting().select_for_update(of=("self",)).get(pk=closing.pk)
        user = current.user
        ensure_may_close(user)
        run_closing_acts(user)
        for purpose in purposes():
            if purpose.erase == "delete":
                for part in purpose.parts:
                    part.rows_of(user).delete()
        code = audit.actor_code(user)
        _blank(user)
        current.done_at, current.held_by = clock.now(), ""
        current.save(update_fields=["done_at", "held_by"])
        audit.record("privacy.account_closed", f"closing:{current.pk}", by="privacy", person=code)


def _blank(user: Any) -> None:
    """The row stays for what points to it; nothing in it names the person or lets anybody in."""
    EmailAddress.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email = f"{new_public_id()}@closed.invalid"
    user.full_name = user.phone = ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
