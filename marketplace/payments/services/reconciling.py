"""Lines of statements meet payments: by content and sum to the dong, or the desk hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import CharField, Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from marketplace.core.text import fold
from marketplace.payments.models import DeskItem, Payment, Receipt, Statement, StatementLine
from marketplace.payments.references import looks_like_one, references_in
from marketplace.payments.services.desk import put_line_on_desk
from marketplace.payments.services.receipts import Incoming, take_in_whole
from marketplace.payments.states import OPEN_STATES, DeskKind, PaymentState

STAGE: Final = "payments.statements"


@dataclass(slots=True)
class Outcome:
    """What becomes of a batch of lines."""

    whole: list[tuple[Payment, StatementLine]] = field(default_factory=list)
    desk: list[tuple[StatementLine, DeskKind, Payment | None]] = field(default_factory=list)
    others: list[StatementLine] = field(default_factory=list)


def reconcile_batch(limit: int = 500) -> int:
    """Takes lines nobody has looked at, in the order of the file, in one transaction."""
    new = StatementLine.objects.filter(state="new").order_by("pk")
    with transaction.atomic():
        lines = list(new.select_for_update(of=("self",))[:limit])
        if not lines:
            return 0
        _write(_sort(lines))
        _count({line.statement_id for line in lines})
    return len(lines)


def _sort(lines: Sequence[StatementLine]) -> Outcome:
    named = {line.pk: references_in(line.content) for line in lines}
    wanted = {reference for found in named.values() for reference in found}
    rows = Payment.objects.filter(reference__in=wanted).select_related("milestone").order_by("pk")
    payments = {row.reference: row for row in rows.select_for_update(of=("self",))}
    waiting = _waiting_for(lines)
    outcome, taken = Outcome(), set[int]()
    for line in lines:
        found = [payments[one] for one in named[line.pk] if one in payments]
        if not named[line.pk]:
            _without_reference(line, waiting, outcome)
        elif len(named[line.pk]) != 1 or not found or found[0].account_id != line.account_id:
            outcome.desk.append((line, DeskKind.UNKNOWN, None))
        else:
            kind = _misfit(line, found[0], taken)
            if kind is None:
                taken.add(found[0].pk)
                outcome.whole.append((found[0], line))
            else:
                outcome.desk.append((line, kind, found[0]))
    return outcome


def _misfit(line: StatementLine, payment: Payment, taken: set[int]) -> DeskKind | None:
    """Why the line does not settle the payment; None where it does, to the dong."""
    if line.currency != payment.currency:
        return DeskKind.CURRENCY
    if payment.pk in taken or payment.state in (PaymentState.SETTLED, PaymentState.REFUNDED):
        return DeskKind.DOUBLE
    if payment.state not in OPEN_STATES:
        return DeskKind.LATE
    missing = payment.amount - payment.received
    if line.amount < missing:
        return DeskKind.PARTIAL
    return DeskKind.OVER if line.amount > missing else None


def _waiting_for(lines: Sequence[StatementLine]) -> dict[tuple[int, int, str], list[Payment]]:
    """Open payments into the same accounts by what is missing: for lines without a right reference."""
    rows = Payment.objects.open().filter(
        account__in={line.account_id for line in lines},
        amount__in={line.amount for line in lines if not references_in(line.content)},
        received=0,
    )
    found: dict[tuple[int, int, str], list[Payment]] = {}
    for row in rows.select_related("payer").order_by("pk"):
        found.setdefault((row.account_id, row.amount, row.currency), []).append(row)
    return found


def _without_reference(
    line: StatementLine,
    waiting: dict[tuple[int, int, str], list[Payment]],
    outcome: Outcome,
) -> None:
    """Most lines of a firm's account have nothing to do with the exchange: those are forgotten."""
    same_sum = waiting.get((line.account_id, line.amount, line.currency), [])
    said = fold(line.content)
    of_payer = [one for one in same_sum if fold(one.payer.name) in said]
    meant = looks_like_one(line.content)
    if meant or of_payer or len(same_sum) == 1:
        guess = (of_payer or same_sum)[0] if len(of_payer or same_sum) == 1 else None
        outcome.desk.append((line, DeskKind.WRONG, guess))
    else:
        outcome.others.append(line)


def _write(outcome: Outcome) -> None:
    pieces = [
        (payment, Incoming(key=f"line:{line.pk}", amount=line.amount, on=line.booked_on))
        for payment, line in outcome.whole
    ]
    if pieces:
        take_in_whole(pieces, by=STAGE)
    DeskItem.objects.bulk_create(
        [put_line_on_desk(line, kind, payment) for line, kind, payment in outcome.desk],
        ignore_conflicts=True,
    )
    # One UPDATE for each fate of a line, however many there are; what a line paid for says its receipt.
    receipt = Receipt.objects.filter(
        key=Concat(Value("line:"), Cast(OuterRef("pk"), CharField()))
    ).values("payment")
    for lines, changes in (
        (
            [line for _payment, line in outcome.whole],
            {"state": "matched", "payment": Subquery(receipt[:1])},
        ),
        ([line for line, _kind, _payment in outcome.desk], {"state": "desk"}),
        (outcome.others, {"state": "ignored", "content": ""}),
    ):
        StatementLine.objects.filter(pk__in=[line.pk for line in lines]).update(**changes)


def _count(statements: set[int]) -> None:
    matched = Count("lines", filter=Q(lines__state="matched"))
    rows = Statement.objects.filter(pk__in=statements).annotate(now=matched)
    for pk, now in rows.values_list("pk", "now"):
        Statement.objects.filter(pk=pk).update(matched_count=now)
