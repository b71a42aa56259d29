"""The world of the matrix, made once for all its roles: what a visit does in it is undone."""

import gc
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from search.engines import get_engine
from search.sync import sync_all
from tests.access.outputs import listening
from tests.access.paths import Paths
from tests.access.roles import KnownPeople
from tests.access.world import make_world
from tests.conftest import storages_in
from tests.search.engines import address, remove

#: What a person's rights do not hang on, and every request would ask the database for.
QUICK = {
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 24 * 3600,  # a visit of all doors takes its time
    "USERSESSIONS_TRACK_ACTIVITY": False,
    "AUTHENTICATION_BACKENDS": ["tests.access.roles.KnownPeople"],
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(_own_place(tmp_path_factory.mktemp("world")))
        stack.enter_context(_undone())
        stack.enter_context(_quiet())
        KnownPeople.people.clear()
        with listening() as said:
            made = make_world()
            sync_all()
        made.said = said.getvalue()
        made.path_of = Paths(made)
        gc.collect()
        gc.freeze()
        stack.callback(gc.unfreeze)
        yield made


@contextmanager
def _own_place(folder: Path) -> Iterator[None]:
    url = address(settings.SEARCH_URL.partition(":")[0].removesuffix("+https"), folder)
    with override_settings(SEARCH_URL=url, STORAGES=storages_in(folder / "media"), **QUICK):
        get_engine().rebuild([])
        yield
    remove(url)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Thousands of refusals, each a line."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
