"""What lies encrypted: a copy of the database or of the files alone opens nothing.

Each purpose has a key of its own, made from SECRET_KEY; while SECRET_KEY_FALLBACKS names older ones, what
they sealed is read.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """It was sealed with a key that this installation does not have, or has been changed since."""


def seal(content: bytes, *, purpose: str) -> bytes:
    return _box(purpose).encrypt(content)


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Raises Unreadable."""
    try:
        return _box(purpose).decrypt(sealed)
    except InvalidToken as error:
        raise Unreadable(purpose) from error


def _box(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(secret), purpose)) for secret in keys])


def _key(secret: str, purpose: str) -> bytes:
    digest = hashlib.blake2b(purpose.encode(), key=secret.encode()[:64], digest_size=32).digest()
    return base64.urlsafe_b64encode(digest)
