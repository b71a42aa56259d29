"""The database's own rules of the ledger: postings are only added, and both accounts of one are of the same
book and in the posting's currency.

A migration that remakes the table on SQLite drops its triggers: it ends with `install` again.
"""

from typing import Any

_ONE_BOOK = """
    SELECT 1 FROM payments_ledgeraccount AS debit, payments_ledgeraccount AS credit
    WHERE debit.id = NEW.debit_id AND credit.id = NEW.credit_id
      AND debit.currency = NEW.currency AND credit.currency = NEW.currency
      AND COALESCE(debit.organization_id, 0) = COALESCE(credit.organization_id, 0)
      AND COALESCE(debit.exchange_id, 0) = COALESCE(credit.exchange_id, 0)
"""
_KEPT = "postings are only ever added"
_APART = "a posting stays in one book and one currency"
_SQLITE = {
    "ledger_unchanged": (
        "BEFORE UPDATE ON payments_posting",
        _KEPT,
    ),
    "ledger_kept": ("BEFORE DELETE ON payments_posting", _KEPT),
    "ledger_one_book": (
        f"BEFORE INSERT ON payments_posting WHEN NOT EXISTS ({_ONE_BOOK})",
        _APART,
    ),
}
_POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION payments_ledger_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF EXISTS ({_ONE_BOOK}) THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{_APART}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'integrity_constraint_violation';
    END $guard$;
"""


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, (when, why) in _SQLITE.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(
                    f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"
                )
            return
        cursor.execute(_POSTGRESQL)
        cursor.execute("DROP TRIGGER IF EXISTS payments_ledger ON payments_posting")
        cursor.execute(
            "CREATE TRIGGER payments_ledger BEFORE INSERT OR UPDATE OR DELETE ON payments_posting "
            "FOR EACH ROW EXECUTE FUNCTION payments_ledger_guard()"
        )


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS payments_ledger_guard() CASCADE")
