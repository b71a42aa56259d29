"""The larger size for a part: a database of its own on the PostgreSQL that BENCH_POSTGRES_URL names, and the site on it."""

import hashlib
import http.client
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.benchmarks import processes
from tests.benchmarks.references import ROOT

ADDRESS = "BENCH_POSTGRES_URL"
ABSENT = f"not there: a PostgreSQL ({ADDRESS})"
PRODUCTION = "marketplace.settings.production"
HOST = "bench.example.vn"


def address() -> str:
    return os.environ.get(ADDRESS, "")


@contextmanager
def database(name: str, *, keep: bool = False) -> Iterator[str]:
    """A fresh migrated database beside the one that is named, by its address; gone afterwards unless it is kept."""
    template, own = migrated(), f"bench_{name}"
    _do("DROP DATABASE IF EXISTS {} WITH (FORCE)", own)
    _do("CREATE DATABASE {} TEMPLATE {}", own, template)
    try:
        yield _beside(own)
    finally:
        if not keep:
            _do("DROP DATABASE IF EXISTS {} WITH (FORCE)", own)


def migrated() -> str:
    """The name of a database with all tables, made once for each state of the migrations."""
    files = sorted(ROOT.glob("*/**/migrations/*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
    name = f"bench_tables_{digest}"
    with psycopg.connect(address()) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
    _do("DROP DATABASE IF EXISTS {}", f"{name}_begun")
    _do("CREATE DATABASE {}", f"{name}_begun")
    with processes.throwaway("tables") as folder:
        where = {"DATABASE_URL": _beside(f"{name}_begun")}
        command = processes.manage("migrate", "-v0")
        processes.run(command, folder, settings=processes.EMBEDDED, timeout=900, **where)
    _do("ALTER DATABASE {} RENAME TO {}", f"{name}_begun", name)
    return name


def _beside(name: str) -> str:
    return urlunsplit(urlsplit(address())._replace(path=f"/{name}"))


def _do(command: str, *names: str) -> None:
    with psycopg.connect(address(), autocommit=True) as server:
        server.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


@contextmanager
def web(folder: Path, database_url: str, **more: str) -> Iterator[int]:
    """The site as the larger size serves it (Containerfile): gunicorn on the settings of production; its port."""
    port, log = processes.free_port(), folder / "web.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                processes.PYTHON, "-m", "gunicorn", "marketplace.wsgi", "--config", "python:marketplace.web_server",
                "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--log-level", "warning",
                "--no-control-socket",
            ],
            cwd=ROOT, env=processes.environment(folder, PRODUCTION, **production(folder, database_url), **more),
            stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise processes.Failed(f"the web server did not start:\n{log.read_text()[-1000:]}")
            time.sleep(0.2)
        yield port
    finally:
        processes.end_group(process)


def collected(folder: Path, database_url: str) -> None:
    """Static files as production has them: its pages name them by their content."""
    command = processes.manage("collectstatic", "--noinput", "-v0")
    processes.run(command, folder, settings=PRODUCTION, **production(folder, database_url))


def production(folder: Path, database_url: str) -> dict[str, str]:
    """What the settings of production ask for; a Redis by BENCH_REDIS_URL, as the larger size has one."""
    redis = os.environ.get("BENCH_REDIS_URL", "")
    return {
        "SECRET_KEY": "of-a-benchmark-" + hashlib.sha256(str(folder).encode()).hexdigest(),
        "ALLOWED_HOSTS": HOST,
        "PUBLIC_URL": f"https://{HOST}",
        "DEFAULT_FROM_EMAIL": f"san@{HOST}",
        "DATABASE_URL": database_url,
        "SEARCH_URL": f"embedded://{folder / 'search'}",
        "BROKER_URL": redis or "filesystem://localhost/",
        "CACHE_URL": redis.replace("redis://", "rediscache://")
        or f"filecache://{folder / 'cache'}",
        "EMAIL_URL": f"filemail://{folder / 'mail'}",
        "STORAGE_URL": f"file://{folder / 'media'}",
    }


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/health/live", headers={"Host": HOST})
        return connection.getresponse().status == 200
    except OSError:
        return False
