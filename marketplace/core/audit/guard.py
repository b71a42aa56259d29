"""The database's own refusal to change or remove a line of the log, whoever asks.

A migration that remakes the tables on SQLite drops their triggers: it ends with `install` again.
`audit check` says where they are missing.
"""

from typing import Any

_CONTENT = ("id", "at", "actor", "action", "subject", "data")
_REFUSED = "audit entries are only ever added"

#: Sealing is the one change: number and seal are set once, and nothing else with them.
_SEALED_ONLY = " AND ".join(
    ["OLD.sequence IS NULL", "NEW.sequence IS NOT NULL", "OLD.seal = ''", "NEW.seal <> ''"]
)
_SQLITE = {
    "audit_unchanged": f"""
        BEFORE UPDATE ON core_auditentry WHEN NOT ({_SEALED_ONLY}
        AND {" AND ".join(f"NEW.{name} IS OLD.{name}" for name in _CONTENT)})""",
    "audit_kept": """
        BEFORE DELETE ON core_auditentry WHEN NOT EXISTS (
            SELECT 1 FROM core_auditarchive
            WHERE OLD.sequence BETWEEN first_sequence AND last_sequence)""",
    "audit_archive_unchanged": "BEFORE UPDATE ON core_auditarchive WHEN 1",
    "audit_archive_kept": """
        BEFORE DELETE ON core_auditarchive WHEN OLD.keep_until >= date('now', '+7 hours')""",
}
_POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION core_audit_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'core_auditentry' THEN
            IF {_SEALED_ONLY} AND
               {" AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _CONTENT)}
            THEN RETURN NEW; END IF;
        ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'core_auditentry' THEN
            IF EXISTS (SELECT 1 FROM core_auditarchive
                       WHERE OLD.sequence BETWEEN first_sequence AND last_sequence)
            THEN RETURN OLD; END IF;
        ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'core_auditarchive' THEN
            IF OLD.keep_until < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
            THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION '{_REFUSED}';
    END $guard$;
"""  # noqa: S608 - names of our own columns
_TABLES = ("core_auditentry", "core_auditarchive")


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, when in _SQLITE.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(
                    f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
                )
            return
        cursor.execute(_POSTGRESQL.replace("%", "%%"))
        for table in _TABLES:
            for name, when in (
                ("rows", "BEFORE UPDATE OR DELETE ON {} FOR EACH ROW"),
                ("table", "BEFORE TRUNCATE ON {} FOR EACH STATEMENT"),
            ):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
                cursor.execute(
                    f"CREATE TRIGGER {table}_{name} {when.format(table)} "
                    "EXECUTE FUNCTION core_audit_guard()"
                )


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS core_audit_guard() CASCADE")


def is_installed(connection: Any) -> bool:
    """Whether every trigger is there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = set(_SQLITE)
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
            wanted = {f"{table}_{part}" for table in _TABLES for part in ("rows", "table")}
        return wanted <= {str(name) for (name,) in cursor.fetchall()}
