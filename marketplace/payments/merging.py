"""What becomes of an organisation's accounts when it is merged, and when that is undone.

An account goes with its payments and statements, or nobody could take in what they wait for. But it was verified
for the other organisation: it takes no new payment before somebody has looked at it again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.merging import OrganizationPart, register_part
from marketplace.core import audit
from marketplace.payments.models import PayeeAccount
from marketplace.payments.states import AccountState

_ACTOR: Final = "organization.merge"
#: What was verified: put down with the merge, and put back by its undoing.
_VERIFIED: Final = ("state", "verified_by_id", "verified_at", "verified_how")


def move_accounts(duplicate: int, survivor: int) -> list[list[Any]]:
    """Each with what it was. One that the survivor has entered too is retired: the survivor's own stays."""
    moved = []
    for row in PayeeAccount.objects.filter(organization=duplicate).order_by("pk"):
        at = row.verified_at.isoformat() if row.verified_at else ""
        retired = row.state == AccountState.RETIRED
        plain = {"verified_by_id": None, "verified_at": None, "verified_how": ""}
        moved_as = _point(
            row,
            survivor,
            AccountState.RETIRED if retired else AccountState.NEW,
            {} if retired else plain,
        )
        moved.append([row.pk, moved_as, row.state, row.verified_by_id, at, row.verified_how])
    return moved


def take_accounts_back(moved: Sequence[Sequence[Any]], duplicate: int, survivor: int) -> None:
    """What the survivor has retired since stays so."""
    for pk, moved_as, state, verified_by, at, how in moved:
        row = PayeeAccount.objects.filter(pk=pk, organization=survivor).first()
        if row is None:
            continue
        retired_since = row.state == AccountState.RETIRED != moved_as
        verified_at = datetime.fromisoformat(at) if at else None
        before = dict(zip(_VERIFIED[1:], (verified_by, verified_at, how), strict=True))
        _point(row, duplicate, AccountState.RETIRED if retired_since else state, before)


def _point(row: PayeeAccount, to: int, state: str, also: dict[str, Any]) -> str:
    """The state it has there: another of the same number makes it a retired one."""
    rows = PayeeAccount.objects.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.update(organization=to, state=state, **also)
    except IntegrityError:
        state = AccountState.RETIRED
        rows.update(organization=to, state=state)
    audit.record(
        f"state.{state}",
        f"payeeaccount:{row.public_id}",
        by=_ACTOR,
        before=row.state,
        reason="merge",
    )
    return str(state)


def register_merging() -> None:
    register_part(
        OrganizationPart(
            name="payments.PayeeAccount.organization",
            label=_("tài khoản nhận tiền"),
            count=lambda pk: PayeeAccount.objects.filter(organization=pk).count(),
            move=move_accounts,
            take_back=take_accounts_back,
        )
    )
