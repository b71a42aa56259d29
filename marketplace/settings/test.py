"""Settings of the test suite: either size by the same URLs, nothing shared between workers."""

import os
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
#: 0 for a single process, 1, 2, … for the workers of xdist.
WORKER_NUMBER = int(WORKER[2:]) + 1 if WORKER.startswith("gw") else 0
# One folder a run (workers find it in their environment), in it one a worker. The run removes it.
TEST_DIR = os.environ.setdefault("EXCHANGE_TEST_DIR", tempfile.mkdtemp(prefix="exchange-test-"))
os.environ["EXCHANGE_DATA_DIR"] = str(Path(TEST_DIR) / WORKER)

from marketplace.settings import services
from marketplace.settings.demo import *
from marketplace.settings.demo import (
    BROKER_URL,
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATA_DIR,
    DATABASES,
    SEARCH_URL,
    STORAGES,
    TEMPLATES,
    env,
)
from tests.undefined import FailingText

DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    # A file, as in real life: in memory, threads and other processes do not see each other's locks.
    DATABASE["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # Two runs at once on one server do not meet.
    DATABASE["TEST"] = {"NAME": f"test_{DATABASE['NAME']}_{Path(TEST_DIR).name[-8:].lower()}"}
if not SEARCH_URL.startswith("embedded:"):
    # A test that makes no index of its own finds none; nobody else's.
    SEARCH_URL = f"{SEARCH_URL.rsplit('/', 1)[0]}/{Path(TEST_DIR).name.lower()}-{WORKER}?timeout=10"
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{Path(TEST_DIR).name}-{WORKER}-"
if "CACHE_URL" in os.environ:
    # The broker has the first of Redis' databases: clearing one worker's cache clears no other's.
    server = env.str("CACHE_URL").rsplit("/", 1)[0]
    CACHES["default"] = services.cache(f"{server}/{WORKER_NUMBER + 1}")
else:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# Tests look at a page again within one transaction; those of kept pages switch it on.
KEPT_PAGES_SECONDS = 0
# Where the semantic part is installed too, only its own tests use it.
SEMANTIC_ENCODER = ""
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = FailingText()
WHITENOISE_AUTOREFRESH = True
