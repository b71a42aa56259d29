"""The generated secret of an installation without configuration."""

import os
import secrets
from pathlib import Path


def stored_secret(path: Path) -> str:
    """Returns the secret in `path`, made with mode 0600 on the first call (safe for two at once)."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)  # fails where another process was first: its secret is the one
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()
