"""A statement comes in: its lines are kept once, whatever is sent again; a tick reconciles them."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.errors import DomainError
from marketplace.core.text import nfc, unturned
from marketplace.core.ticks import kick
from marketplace.payments.models import PayeeAccount, Statement, StatementLine
from marketplace.payments.services.reconciling import STAGE
from marketplace.payments.statements import Line, read_statement


def import_statement(account: PayeeAccount, *, data: bytes, file_name: str, by: User) -> Statement:
    """Keeps what came in; what went out is nobody's business here and is not kept.

    Raises StatementProblem where the file cannot be read, DomainError where this very file came before.
    """
    form, lines = read_statement(data, currency=account.currency)
    return _keep(
        account,
        form=form,
        lines=lines,
        digest=hashlib.sha256(data).hexdigest(),
        file_name=unturned(nfc(file_name))[:200],
        by=by,
    )


@transaction.atomic
def _keep(
    account: PayeeAccount,
    *,
    form: str,
    lines: Sequence[Line],
    digest: str,
    file_name: str,
    by: User,
) -> Statement:
    try:
        with transaction.atomic():
            statement = Statement.objects.create(
                account=account, form=form, file_name=file_name, sha256=digest, imported_by=by
            )
    except IntegrityError as error:
        raise DomainError(_("Tệp sao kê này đã được nhập.")) from error
    rows = [
        StatementLine(
            statement=statement,
            account=account,
            bank_key=key,
            booked_on=line.booked_on,
            amount=line.amount,
            currency=line.currency,
            content=line.content,
        )
        for key, line in _keyed(lines)
    ]
    StatementLine.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    kept = statement.lines.count()
    statement.lines_count, statement.known_count = kept, len(rows) - kept
    statement.save(update_fields=["lines_count", "known_count"])
    audit.record("statement.imported", f"statement:{statement.public_id}", by=by, lines=kept)
    kick(STAGE)
    return statement


def _keyed(lines: Sequence[Line]) -> list[tuple[str, Line]]:
    """By the bank's name for a line; where it gives none, or the same one twice, by what stands in it and its
    place among equal lines: the same day in a longer statement gives the same keys."""
    named = Counter(line.bank_key for line in lines)
    seen: Counter[str] = Counter()
    keyed = []
    for line in lines:
        if line.bank_key and named[line.bank_key] == 1:
            keyed.append((f"bank:{line.bank_key}", line))
            continue
        said = f"{line.bank_key}|{line.booked_on}|{line.amount}|{line.currency}|{line.content}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:40]
        seen[digest] += 1
        keyed.append((f"text:{digest}:{seen[digest]}", line))
    return keyed
