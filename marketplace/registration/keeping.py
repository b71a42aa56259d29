"""Who keeps the registered documents: the focal point that registered them, else the agency.

Registered with `research.full_texts.holders`, which knows no focal point.
"""

from collections.abc import Iterable
from typing import Any

from marketplace.accounts.models import Organization, User
from marketplace.registration.models import Certificate, FocalPoint
from marketplace.research.models import Result


class FocalKeeper:
    def find(self, record: Any) -> Organization | None:
        """By the certificate of a result; what was registered elsewhere is kept by the agency."""
        active = FocalPoint.objects.active().select_related("organization")
        if isinstance(record, Result):
            certificate = Certificate.objects.filter(result=record).first()
            point = certificate and active.filter(pk=certificate.focal_point_id).first()
            if point:
                return point.organization
        agency = active.filter(kind=FocalPoint.Kind.AGENCY).first()
        return agency.organization if agency else None

    def organizations_of(self, user: User) -> Iterable[int]:
        return FocalPoint.objects.staffed_by(user).values_list("organization", flat=True)

    def people_of(self, organization: Organization) -> Iterable[User]:
        return User.objects.filter(
            is_active=True, focal_offices__focal_point__organization=organization
        ).distinct()
