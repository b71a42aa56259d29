"""Where files lie. Uploads have three storages (public, private, quarantine), named by identifiers."""

import uuid
from pathlib import PurePosixPath

from django.core.files.storage import Storage, storages
from whitenoise.storage import CompressedManifestStaticFilesStorage

from marketplace.core.staticfiles import BundledCssMixin


class StaticStorage(BundledCssMixin, CompressedManifestStaticFilesStorage):
    # A page that names a missing file shows without it rather than as an error page.
    manifest_strict = False


def public_storage() -> Storage:
    return storages["public"]


def private_storage() -> Storage:
    return storages["private"]


def quarantine_storage() -> Storage:
    return storages["quarantine"]


def stored_name(instance: object, filename: str) -> str:
    """The user's file name never reaches the disk: an identifier and the checked suffix do."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}{PurePosixPath(filename).suffix.lower()[:8]}"
