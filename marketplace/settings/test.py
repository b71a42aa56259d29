"""Settings of the test suite: either size by the same URLs, a data folder for each worker."""

import os
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["EXCHANGE_DATA_DIR"] = str(
    Path(os.environ.setdefault("EXCHANGE_TEST_DIR", tempfile.mkdtemp(prefix="exchange-test-")))
    / WORKER
)

from marketplace.settings.demo import *  # noqa: E402, F403
from marketplace.settings.demo import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
WHITENOISE_AUTOREFRESH = True
