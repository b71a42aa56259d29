"""Who holds a document and decides on it. What lies above (the bodies that register results)
registers itself here; this room knows none of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from marketplace.accounts.models import Organization, User


class Keeper(Protocol):
    """A kind of body that keeps registered documents, and its people."""

    def find(self, record: Any) -> Organization | None:
        """The organisation that keeps the documents of a result or task."""

    def organizations_of(self, user: User) -> Iterable[int]:
        """Keys of the organisations for which the person decides."""

    def people_of(self, organization: Organization) -> Iterable[User]:
        """Who is told of a request."""


_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    if keeper not in _keepers:
        _keepers.append(keeper)


def keeper_of(record: Any) -> Organization | None:
    return next((found for keeper in _keepers if (found := keeper.find(record))), None)


def organizations_kept_by(user: User) -> list[int]:
    return sorted({pk for keeper in _keepers for pk in keeper.organizations_of(user)})


def people_keeping(organization: Organization) -> list[User]:
    found = {person.pk: person for keeper in _keepers for person in keeper.people_of(organization)}
    return [found[pk] for pk in sorted(found)]
