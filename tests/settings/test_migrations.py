"""The suite makes its tables without migrations, for speed; here they run, on PostgreSQL (the demo's walk
runs them on SQLite)."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_database():
    given = settings.DATABASES["default"]
    server = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    name = f"migrations_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@pytest.mark.postgres
def test_migrations_and_set_up_run_on_an_empty_postgresql(empty_database, tmp_path):
    environment = os.environ | {
        "DATABASE_URL": empty_database,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.embedded",
        "EXCHANGE_DATA_DIR": str(tmp_path),
    }
    for command in (
        ["migrate", "-v0"],
        ["migrate", "--check"],
        ["set_up_exchange", "-v0"],
        ["set_up_exchange", "-v0"],
    ):
        run = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr[-3000:]
