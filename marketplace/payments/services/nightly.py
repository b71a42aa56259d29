"""Each night: the providers' ledger beside ours, and our books beside our rows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce

from marketplace.core import audit, clock
from marketplace.payments import providers
from marketplace.payments.models import REMOTE, Payment, Reconciliation
from marketplace.payments.providers import ProviderProblem, Remote
from marketplace.payments.services.desk import put_on_desk
from marketplace.payments.services.remote import apply_remote
from marketplace.payments.states import OPEN_STATES, DeskKind

logger = structlog.get_logger(__name__)

STAGE: Final = "payments.nightly"
#: Days looked back: a provider's calls may be days late, and a night may have been missed.
_BACK: Final = timedelta(days=3)
_OURS: Final = "ledger"


def compare_batch() -> int:
    """One comparison that has not been made today; 0 where all are."""
    today = clock.today()
    made = set(Reconciliation.objects.filter(on=today).values_list("provider", flat=True))
    for name in (_OURS, *(str(one) for one in REMOTE)):
        if name in made or not (name == _OURS or providers.is_on(name)):
            continue
        try:
            compared, differences = _books() if name == _OURS else _with(name)
        except ProviderProblem as problem:
            logger.warning("nightly", provider=name, problem=str(problem.message))
            continue
        with transaction.atomic():
            _row, new = Reconciliation.objects.get_or_create(
                on=today,
                provider=name,
                defaults={"compared": compared, "differences": differences},
            )
            if new:
                audit.record(
                    "reconciliation.made", f"reconciliation:{name}", by=STAGE, found=differences
                )
        return 1
    return 0


def _with(name: str) -> tuple[int, int]:
    """What the provider has and what we have, both ways; what can be settled by it is settled."""
    since = clock.now() - _BACK
    seen: set[int] = set()
    compared = differences = 0
    for remote in providers.remote(name).changed_since(since):
        compared += 1
        payment = _payment_of(name, remote)
        if payment is None:
            # Somebody else's on the same account of the provider: none of ours, and none of our money.
            continue
        seen.add(payment.pk)
        before = (payment.state, payment.received, payment.refunded)
        apply_remote(payment, remote)
        differences += before != (payment.state, payment.received, payment.refunded)
    for payment in _ours_unseen(name, seen):
        differences += 1
        put_on_desk(payment, DeskKind.MISSING, amount=payment.amount, key=payment.public_id)
    return compared, differences


def _payment_of(name: str, remote: Remote) -> Payment | None:
    rows = Payment.objects.filter(provider=name)
    return rows.filter(
        Q(provider_reference=remote.reference) | Q(public_id=remote.said or "-")
    ).first()


def _ours_unseen(name: str, seen: set[int]) -> Iterator[Payment]:
    """Paid here by that provider since then, and not among what it has: of payments to the exchange's own
    account, since the lists of the payees' accounts are theirs (each of those was asked for by name)."""
    since = clock.now() - _BACK
    rows = Payment.objects.filter(provider=name, created_at__gte=since, received__gt=0)
    if name == "stripe":
        rows = rows.filter(payee_exchange__isnull=False)
    yield from rows.exclude(pk__in=seen).order_by("pk")


def _books() -> tuple[int, int]:
    """The books say of each payment what its row says: what is in the payee's hand, and, while it is open,
    what is owed."""

    def posted(*facts: str) -> Any:
        mine = Q(postings__what__in=facts, postings__key__endswith=":payee")
        return Coalesce(Sum("postings__amount", filter=mine), Value(0))

    rows = Payment.objects.annotate(
        in_hand=posted("received") - posted("refunded"),
        owed=posted("agreed", "refunded") - posted("received", "given_up"),
    )
    hand = Q(in_hand=F("received") - F("refunded"))
    owed = ~Q(state__in=OPEN_STATES) | Q(owed=F("amount") - F("received"))
    differences = 0
    for payment in rows.exclude(hand & owed).select_related("account").order_by("pk"):
        differences += 1
        put_on_desk(payment, DeskKind.LEDGER, amount=payment.in_hand, key=payment.public_id)
    return Payment.objects.count(), differences
