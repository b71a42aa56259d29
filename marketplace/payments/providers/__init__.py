"""Who moves the money: which providers this installation has, and the one port to those elsewhere."""

from functools import cache

from django.conf import settings

from marketplace.payments.models.accounts import AccountKind, PayeeAccount
from marketplace.payments.models.payments import Provider
from marketplace.payments.providers import demo_card, stripe
from marketplace.payments.providers.base import (
    Event,
    ForgedEvent,
    Opened,
    ProviderProblem,
    Remote,
    RemoteProvider,
)

__all__ = [
    "Event",
    "ForgedEvent",
    "Opened",
    "ProviderProblem",
    "Remote",
    "RemoteProvider",
    "for_account",
    "is_on",
    "remote",
]


def is_on(provider: str) -> bool:
    """Whether this installation takes payments by it."""
    if provider == Provider.STRIPE:
        return stripe.is_configured()
    if provider == Provider.DEMO_CARD:
        return bool(settings.PAYMENTS_DEMO_CARD)
    return provider in (Provider.TRANSFER, Provider.RECORDED)


def for_account(account: PayeeAccount) -> Provider:
    """By what money reaches an account."""
    return {
        AccountKind.BANK: Provider.TRANSFER,
        AccountKind.STRIPE: Provider.STRIPE,
        AccountKind.DEMO: Provider.DEMO_CARD,
    }[AccountKind(account.kind)]


def remote(provider: str) -> RemoteProvider:
    """The machine behind a provider. Raises LookupError where this installation has none."""
    if provider == Provider.STRIPE and stripe.is_configured():
        return _stripe(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    if provider == Provider.DEMO_CARD and settings.PAYMENTS_DEMO_CARD:
        return demo_card.DemoCardProvider()
    raise LookupError(provider)


@cache
def _stripe(key: str, base: str) -> RemoteProvider:
    return stripe.StripeProvider()
