"""Signing in with other sites, and being the place where other sites sign in: from the environment."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured

from marketplace.settings.secrets import stored_secret

_NEEDED = ("provider_id", "name", "client_id", "secret", "server_url")


def providers(text: str) -> list[dict[str, Any]]:
    """Providers as allauth wants them, from a JSON list of objects.

    Each names `provider_id` (stands in addresses), `name`, `client_id`, `secret` and `server_url`; `issuer`
    where it is not the address, and `acr`, a list, where people have to be proved that well (VNeID's levels).
    """
    try:
        given = json.loads(text or "[]")
    except ValueError as error:
        raise ImproperlyConfigured("OIDC_PROVIDERS: a JSON list is expected") from error
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ImproperlyConfigured("OIDC_PROVIDERS: a JSON list of objects is expected")
    return [_provider(one) for one in given]


def _provider(given: dict[str, Any]) -> dict[str, Any]:
    if missing := [name for name in _NEEDED if not given.get(name)]:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS: a provider lacks {', '.join(missing)}")
    provider = {name: str(given[name]) for name in _NEEDED}
    # What it says of an address is believed (`email_verified`), yet opens no account that exists here.
    kept: dict[str, Any] = {"server_url": provider.pop("server_url")}
    if issuer := given.get("issuer"):
        kept["issuer"] = str(issuer)
    if "acr" in given:
        if not (isinstance(given["acr"], list) and given["acr"]):
            raise ImproperlyConfigured("OIDC_PROVIDERS: acr is a list of levels")
        kept["acr"] = [str(level) for level in given["acr"]]
    return provider | {"settings": kept}


def origins(found: list[dict[str, Any]]) -> list[str]:
    """Where the forms of the sign-in page may lead to (Content-Security-Policy)."""
    parts = [urlsplit(provider["settings"]["server_url"]) for provider in found]
    return [f"{part.scheme}://{part.netloc}" for part in parts]


def stored_key(path: Path) -> str:
    """The signing key of an installation without configuration, made on the first call, mode 0600."""
    return stored_secret(path, make=_new_key)


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
