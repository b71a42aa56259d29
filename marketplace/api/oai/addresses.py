"""How records are named to the world."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

SCHEME: Final = "oai"


def site_name() -> str:
    """The host that the identifiers carry; it must not change while others hold them."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def identifier(kind: str, key: str) -> str:
    return f"{SCHEME}:{site_name()}:{kind}/{key}"


def parse_identifier(text: str) -> tuple[str, str] | None:
    """(kind, key) of an identifier of ours, whether or not there is such a record."""
    scheme, _colon, rest = text.partition(":")
    site, _colon, local = rest.partition(":")
    kind, _slash, key = local.partition("/")
    if scheme != SCHEME or site != site_name() or not kind or not key:
        return None
    return kind, key


def base_address() -> str:
    with override("vi"):
        return settings.PUBLIC_URL.rstrip("/") + reverse("api:oai")


def page_address(row: Any) -> str:
    """The record's public page in Vietnamese, the language that has no prefix."""
    with override("vi"):
        return settings.PUBLIC_URL.rstrip("/") + row.get_absolute_url()
