"""The port: what the exchange asks of whoever moves the money, in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol

from marketplace.core.errors import DomainError

if TYPE_CHECKING:
    from marketplace.payments.models import Payment, Refund

#: "open": nobody paid yet; "paid"; "closed": expired, cancelled or refused, no money will come.
RemoteState = Literal["open", "paid", "closed"]
#: What it is called in a path of ours, so that a page of a provider can come back.
BACK: Final = "payments:payment"


class ProviderProblem(DomainError):
    """The provider did not do it. `is_temporary`: the same question later may be answered."""

    def __init__(self, message: str, *, is_temporary: bool) -> None:
        super().__init__(message)
        self.is_temporary = is_temporary


class ForgedEvent(Exception):
    """The call is not signed by the provider, or too old to be taken."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the payer goes on."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Remote:
    """A payment as the provider has it now."""

    reference: str
    state: RemoteState
    amount: int
    currency: str
    #: The money itself, once there is some.
    charge: str = ""
    refunded: int = 0
    #: Our payment's public id, as the provider kept it.
    said: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """That something happened to an object; nothing else of a call is believed."""

    event_id: str
    kind: str
    object_id: str
    hint: str = ""


class RemoteProvider(Protocol):
    """A provider with a machine of its own. No method is called inside a transaction."""

    def open(self, payment: Payment) -> Opened:
        """Makes the provider's side of a payment, under the payment's public id: called again, it gives
        the same one. Raises ProviderProblem."""

    def fetch(self, payment: Payment) -> Remote:
        """Raises ProviderProblem."""

    def close(self, payment: Payment) -> None:
        """So that nobody pays what was given up. Raises ProviderProblem, also where it was paid meanwhile."""

    def refund(self, refund: Refund) -> str:
        """Under the refund's public id; gives the provider's name for it. Raises ProviderProblem."""

    def event_of(self, body: bytes, signature: str) -> Event:
        """Raises ForgedEvent."""

    def changed_since(self, moment: datetime) -> Iterator[Remote]:
        """Every payment made since, for the nightly comparison. Raises ProviderProblem."""
