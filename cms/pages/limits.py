"""How often one network address may do something on a page in a day, without the address being kept."""

import hashlib
import hmac
from typing import Final

from django.conf import settings
from django.core.cache import cache

from marketplace.core import clock

_DAY_SECONDS: Final = 24 * 3600


def keyed_digest(text: str) -> str:
    """Of what must not be read back; another on every exchange."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def is_too_many(act: str, address: str, *, most: int) -> bool:
    """Counts this act of the address, and says whether it was one too many today."""
    key = f"{act.partition('|')[0]}:{keyed_digest(f'{act}|{address}|{clock.today()}')}"
    cache.add(key, 0, _DAY_SECONDS)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out in between
        return False
