"""Fixtures every room uses: the cast, and a data folder of the worker's own."""

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def _data_folder():
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
