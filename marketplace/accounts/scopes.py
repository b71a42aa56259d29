"""Where a right of staff holds: on every row, or on those of the provinces that a person is in charge of."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission

_CACHED = "_scopes"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everywhere, or some provinces; of nothing at all where there are none."""

    everywhere: bool
    provinces: frozenset[str] = frozenset()

    @property
    def is_narrowed(self) -> bool:
        return not self.everywhere


NOWHERE = Scope(everywhere=False)
EVERYWHERE = Scope(everywhere=True)


def scope_of(user: Any, right: str) -> Scope:
    """Where a person of the staff holds a right, as `listings.view_need`.

    A group that is narrowed (`NarrowedGroup`) gives its rights for the provinces of the person alone; the
    same right from another group, or given to the person, holds everywhere. Who has no province has none
    of the rows: it is never the other way round.
    """
    if not (user.is_authenticated and user.is_staff and user.has_perm(right)):
        return NOWHERE
    if user.is_superuser:
        return EVERYWHERE
    known: dict[str, Scope] = user.__dict__.setdefault(_CACHED, {})
    if right not in known:
        known[right] = _ask(user, right)
    return known[right]


def _ask(user: Any, right: str) -> Scope:
    app, codename = right.split(".")
    rows = Permission.objects.filter(content_type__app_label=app, codename=codename)
    open_groups = Group.objects.filter(permissions__in=rows, narrowed=None, user=user)
    if open_groups.exists() or rows.filter(user=user).exists():
        return EVERYWHERE
    return Scope(everywhere=False, provinces=frozenset(user.staff_provinces))
