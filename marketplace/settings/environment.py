"""What an installation must say itself before it may start."""

import os
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

MIN_SECRET = 50


def require(names: Iterable[str]) -> None:
    """Refuses to start where one of these is missing or empty, and names all that are."""
    missing = [name for name in names if not os.environ.get(name, "").strip()]
    if missing:
        raise ImproperlyConfigured(
            f"Production does not start without: {', '.join(missing)}. See the README for each."
        )


def refuse_unsafe(*, secret: str, hosts: list[str], public_url: str) -> None:
    """Refuses values that would make the installation answer strangers or be guessed."""
    if len(secret) < MIN_SECRET:
        raise ImproperlyConfigured(
            f"SECRET_KEY: at least {MIN_SECRET} characters, generated for this site"
        )
    if any(host.strip() in {"*", ""} for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS: name the hosts, * is not one")
    if urlsplit(public_url).scheme != "https" or not urlsplit(public_url).hostname:
        raise ImproperlyConfigured("PUBLIC_URL: an https:// address is expected")
