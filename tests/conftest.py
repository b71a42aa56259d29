"""Fixtures every room uses, and rules that turn conventions into failures.

- a template of ours that names an undefined variable fails (`tests/undefined.py`, in the settings);
- rows that were asked for in no order come in any order;
- nothing leaves this machine;
- every worker has a database, search index, cache, broker and data folder of its own.
"""

import gc
import ipaddress
import os
import random
import shutil
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db.models.query import ModelIterable
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from marketplace.core import clock

OUR_APPS = ("marketplace", "search", "cms")
#: Who may do what, and how a page is put together, is decided in Python: these run on the embedded size
#: alone. The queries under them have tests of their own on both, and engines have their contract. Stages that
#: are ended by SIGKILL commit in one manner; the harvest's and the index's kills run on both.
ONE_SIZE = {
    "test_matrix.py", "test_admin_language.py", "test_permissions.py", "test_architecture.py", "test_page.py",
    "test_pages.py",
    "test_stages_kill.py", "test_compliance_pages.py", "test_desk.py", "test_form_papers.py",
    "test_dashboard.py", "test_full_texts.py", "test_oidc.py", "test_paper_forms.py",
    "test_registration_rules.py", "test_review.py", "test_review_report.py", "test_traps.py",
    "test_vocabularies.py",
}  # fmt: skip
#: Desks and pages of the CMS are such, which Wagtail draws, but for those that ask questions of their own.
CMS = Path(__file__).parent / "cms"
ASKING = {
    "test_bulk.py", "test_duplicates.py", "test_finding.py", "test_home.py", "test_matches.py",
    "test_organization_merges.py", "test_set_up.py",
}  # fmt: skip

# `pytest --hypothesis-profile=many …`: for a night, or for what was just changed.
hypothesis_settings.register_profile("many", max_examples=2_000)


def pytest_configure(config):
    # Workers inherit the environment; the folder belongs to the process that made it.
    config.made_test_dir = "PYTEST_XDIST_WORKER" not in os.environ


def pytest_unconfigure(config):
    if config.made_test_dir and (folder := os.environ.get("EXCHANGE_TEST_DIR")):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is loaded here stays until the end: garbage is not looked for among it, and later not as
    often as in a process that has to stay small."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    """Marks what asks a database: only that has to run again on the larger size."""
    larger = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if item.path.name in ONE_SIZE or (
            CMS in item.path.parents and item.path.name not in ASKING
        ):
            continue
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
            item.fixturenames
        ):
            item.add_marker("database")
        if item.get_closest_marker("postgres"):
            item.add_marker("database")
            if not larger:
                item.add_marker(pytest.mark.skip(reason="only on PostgreSQL"))


# --- nothing leaves this machine ---------------------------------------------------------------


class LeavesThisMachine(Exception):
    """A test tried to reach another machine."""


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0]).split("%")[0]
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    connect, connect_ex, lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guard(address: object) -> None:
        if not _is_here(address):
            raise LeavesThisMachine(address)

    def guarded_connect(self, address):
        guard(address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        guard(address)
        return connect_ex(self, address)

    def guarded_lookup(host, *args, **kwargs):
        guard((host.decode() if isinstance(host, bytes) else host or "",))
        return lookup(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    patch.undo()


# --- rows without an order come in any order ---------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _no_accidental_order() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    iterate = ModelIterable.__iter__
    ours = {a.label for a in apps.get_app_configs() if a.name.split(".")[0] in OUR_APPS}

    def shuffled(self):
        rows = iterate(self)
        if self.queryset.model._meta.app_label not in ours or self.queryset.ordered:
            return rows
        rows = list(rows)
        random.shuffle(rows)
        return iter(rows)

    patch.setattr(ModelIterable, "__iter__", shuffled)
    yield
    patch.undo()


# --- signed in as by the door --------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _signed_in_with_what_is_demanded() -> Iterator[None]:
    """`force_login` opens a session as a login does: the second factor was given, the terms agreed to."""
    from django.test import Client

    from tests.factories.accounts import agreed, factor_given

    force_login = Client.force_login

    def with_factor(self, user, backend=None):
        force_login(self, user, backend)
        factor_given(self, user)
        agreed(self)

    patch = pytest.MonkeyPatch()
    patch.setattr(Client, "force_login", with_factor)
    yield
    patch.undo()


# --- emptying a large database ------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    """After a test with transactions of its own PostgreSQL truncates every table, which takes as long
    as many a test; only those that hold rows are emptied here."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    def flush(self, style, tables, **_options):
        quoted = {table: self.quote_name(table) for table in tables}
        held = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 - our own tables
            for table, name in quoted.items()
        )
        with self.connection.cursor() as cursor:
            cursor.execute(held)
            return [f"DELETE FROM {quoted[table]};" for (table,) in cursor.fetchall()]  # noqa: S608

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "sql_flush", flush)
    yield
    patch.undo()


# --- a place of the worker's own ----------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _data_folder() -> None:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """A corner of the cache for each test: to empty Redis would empty it for every other run."""
    before, cache.key_prefix = cache.key_prefix, uuid.uuid4().hex
    yield
    if not settings.CACHES["default"].get("LOCATION"):
        cache.clear()
    cache.key_prefix = before


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request for an English page leaves its language behind; no test starts with another's."""
    yield
    translation.deactivate()
    structlog.contextvars.clear_contextvars()


@pytest.fixture(autouse=True)
def _own_words() -> Iterator[None]:
    """What a test taught the search, the next one does not know."""
    yield
    from marketplace.reading.vocabulary import forget_vocabulary
    from search.analysis.abbreviations import forget_words
    from search.analysis.translations import forget_translations

    forget_words()
    forget_translations()
    forget_vocabulary()


@pytest.fixture
def media(settings, tmp_path) -> Path:
    """Uploads of this test alone: the folder that holds public, private and quarantine."""
    folder = tmp_path / "media"
    settings.STORAGES = storages_in(folder)
    return folder


def storages_in(folder: Path) -> dict:
    stored = dict(settings.STORAGES)
    for name in ("default", "public", "private", "quarantine"):
        place = "public" if name == "default" else name
        options = stored[name]["OPTIONS"] | {"location": str(folder / place)}
        stored[name] = stored[name] | {"OPTIONS": options}
    return stored


@pytest.fixture
def search_url(tmp_path):
    """An index of this test alone, on the engine of the size that runs; nobody has made it yet."""
    from tests.search.engines import address, remove

    scheme = settings.SEARCH_URL.partition(":")[0]
    url = address(scheme.removesuffix("+https"), tmp_path)
    yield url
    remove(url)


@pytest.fixture
def search_engine(settings, search_url):
    """An empty search engine of this test alone, which the product uses as its own."""
    from search.engines import get_engine

    settings.SEARCH_URL = search_url
    engine = get_engine()
    engine.rebuild([])
    return engine


# --- time ---------------------------------------------------------------------------------------


class Clock:
    """The product's clock, stopped; `move` sets it forward."""

    def __init__(self, stack: ExitStack, moment: datetime) -> None:
        self._stack, self.moment = stack, moment
        stack.enter_context(clock.frozen_at(moment))

    def move(self, **step: float) -> datetime:
        self.moment += timedelta(**step)
        self._stack.enter_context(clock.frozen_at(self.moment))
        return self.moment


@pytest.fixture
def frozen_clock() -> Iterator[Clock]:
    """A working day in Vietnam, 09:00 on Wednesday 11 November 2026."""
    with ExitStack() as stack:
        yield Clock(stack, datetime(2026, 11, 11, 9, 0, tzinfo=clock.VIETNAM))


# --- other processes ----------------------------------------------------------------------------


@pytest.fixture
def kill_stage(other_process):
    """`kill_stage(expression, imports, count=6, most=40)`: a stage ended by SIGKILL after so many of its
    statements, again and again from where it stood; says how often it was."""
    from tests.processes import kill_points, killing

    def kill(stage: str, imports: str, *, count: int = 6, most: int = 40, at: str = "") -> int:
        code, variables = killing(stage, imports, kill_points(count, most), at)
        return other_process(code, **variables).finish(120).split().count("killed")

    return kill


@pytest.fixture
def other_process(transactional_db):
    """`other_process(code, NAME=value)` starts Python code on this test's database; it ends with the test."""
    from tests.processes import OtherProcess

    started = []

    def start(code: str, **variables: str) -> OtherProcess:
        started.append(OtherProcess(code, **variables))
        return started[-1]

    yield start
    for process in started:
        process.kill()
