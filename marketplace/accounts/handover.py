"""What somebody looks after for an organisation: it passes to a colleague when they leave.

An app whose rows name a person in charge registers in its `ready()` how many a person has and how they
pass on; this app then needs to know none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.accounts.models import Organization, User


@dataclass(frozen=True, slots=True)
class Charge:
    """Rows in a person's charge: `count(organization, person)`, `pass_on(organization, leaver, successor)`.

    `pass_on` runs in the transaction of the leaving and says how many rows it gave away.
    """

    count: Callable[[Organization, User], int]
    pass_on: Callable[[Organization, User, User], int]


_charges: list[Charge] = []


def register_charge(charge: Charge) -> None:
    if charge not in _charges:
        _charges.append(charge)


def count_charges(organization: Organization, person: User) -> int:
    return sum(charge.count(organization, person) for charge in _charges)


def pass_on_charges(organization: Organization, *, leaver: User, successor: User) -> int:
    return sum(charge.pass_on(organization, leaver, successor) for charge in _charges)
