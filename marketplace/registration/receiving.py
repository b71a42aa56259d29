"""Which focal point receives a task's dossier: by level, then by the managing authority or province."""

from collections.abc import Sequence

from marketplace.accounts.names import organization_key
from marketplace.core.errors import DomainError
from marketplace.registration.models import FocalPoint


class NobodyReceives(DomainError):
    """No focal point is named for such a task; the agency has to say who receives it."""


def receiving_points() -> list[FocalPoint]:
    """The focal points that receive anything now; for who asks about many tasks at once."""
    return list(FocalPoint.objects.active().select_related("organization").order_by("pk"))


def find_focal_point(
    *,
    level: str,
    agency: str,
    province_code: str = "",
    among: Sequence[FocalPoint] | None = None,
) -> FocalPoint | None:
    """The focal point of such a task, or None where no row receives it.

    A ministry's or province's own body goes before the agency, which receives what is left of the
    levels in its row. A task of an institution ("cấp cơ sở") follows its managing authority, then the
    province of the lead organisation.
    """
    among = receiving_points() if among is None else among
    points = [point for point in among if level in point.levels]
    key = organization_key(agency)
    for point in points:
        if key and key in {organization_key(name) for name in point.agencies}:
            return point
    for point in points:
        is_near = bool(province_code) and province_code in point.province_codes
        if is_near and point.kind == FocalPoint.Kind.PROVINCE and level != "ministry":
            return point
    return next((point for point in points if point.is_agency), None)
