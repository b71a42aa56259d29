"""A statement of thousands of lines, read and reconciled: `COUNT SEED`."""

import csv
import io
import json
import random
import time

from marketplace.payments.services.nightly import _books
from marketplace.payments.services.statements import import_statement
from marketplace.payments.tasks import statements as tick
from tests.benchmarks.probes.provider_calls import requested
from tests.factories.accounts import OrganizationFactory
from tests.factories.payments import verified_account


def main(count: str, seed: str) -> None:
    firm, institute = OrganizationFactory(), OrganizationFactory()
    account = verified_account(institute)
    payments = requested(int(count), firm, account, random.Random(int(seed)))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Ngày giao dịch", "Ghi có", "Nội dung giao dịch", "Số tham chiếu"])
    for number, payment in enumerate(payments):
        content = f"CT DEN {number} {payment.reference} CHUYEN TIEN"
        writer.writerow(["11/11/2026", payment.amount, content, f"FT{number}"])
    data = out.getvalue().encode()
    started = time.perf_counter()
    statement = import_statement(account, data=data, file_name="a.csv", by=account.added_by)
    read = time.perf_counter() - started
    while tick():
        pass
    done = time.perf_counter() - started
    statement.refresh_from_db()
    print(
        json.dumps(
            {
                "read": read, "reconciled": done,
                "unmatched": int(count) - statement.matched_count, "books": _books()[1],
            }
        )
    )  # fmt: skip
