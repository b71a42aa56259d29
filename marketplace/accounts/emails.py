"""Mail addresses: when two spellings are one address, and which of them a person has proved to own."""

import unicodedata
from contextlib import suppress

from allauth.account.models import EmailAddress

from marketplace.accounts.models import User


def normal_email(address: str) -> str:
    """The one spelling an address is stored in: lower case, its domain in its own letters.

    `BAN@xn--vin-5sa.vn` and `ban@viện.vn` are one mailbox. What stands before the @ stays as it is
    but for capitals: `ten+san@…` is an address of its own.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    with suppress(UnicodeError):  # no domain that a registry would take: the form says so
        domain = domain.encode("idna").decode("idna")
    return f"{local}{at}{domain}"


def email_key(address: str) -> str:
    """What two spellings of one address have in common, in ASCII where the domain allows it."""
    local, at, domain = normal_email(address).rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}{at}{domain}"


def proved_keys(user: User) -> list[str]:
    """Keys of the addresses the person has confirmed by a code sent there."""
    proved = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    return [email_key(address) for address in proved.values_list("email", flat=True)]
