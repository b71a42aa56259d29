"""The generated secret of an installation without configuration."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _random() -> str:
    return secrets.token_urlsafe(64)


def stored_secret(path: Path, make: Callable[[], str] = _random) -> str:
    """Returns the secret in `path`, made with mode 0600 on the first call (safe for two at once)."""
    if not path.exists():
        _make(path, make())
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)  # copied or restored by somebody careless
    secret = path.read_text().strip()
    if not secret:
        raise ImproperlyConfigured(f"{path} is empty: delete it, or put the old secret back")
    return secret


def _make(path: Path, secret: str) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(secret)
        # Where another process was first, its secret is the one.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
