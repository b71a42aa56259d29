"""Recovery codes are kept as hashes (OWASP ASVS 5.0, 6.5.2).

allauth makes them from a seed that it reads back each time. Here the seed goes once the codes were shown, and
in its place stand hashes in allauth's own form for codes that came from elsewhere.
"""

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

HASHED = "hashed:"


class HashedCode(str):
    """Equals the code that it is the hash of: allauth looks for what was typed among the codes it has."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, typed: object) -> bool:
        code = "".join(str(typed).split())
        # A code of a generator is shorter: no ten hashes are made for each.
        if len(code) != app_settings.RECOVERY_CODE_DIGITS:
            return False
        return check_password(code, str(self))


@transaction.atomic
def forget_codes(user: Any) -> None:
    """Called when the person has seen them."""
    row = (
        Authenticator.objects.select_for_update()
        .filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES, data__has_key="seed")
        .first()
    )
    if row is None:
        return
    left = row.wrap().get_unused_codes()
    del row.data["seed"]
    row.data["migrated_codes"] = [HASHED + make_password(code) for code in left]
    row.save(update_fields=["data"])
