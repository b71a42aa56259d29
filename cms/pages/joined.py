"""What the exchange has in some fields, or of one organisation, for pages that bring it together."""

from dataclasses import dataclass
from typing import Any, Final

from marketplace.accounts.fronts import Front
from marketplace.accounts.models import Organization
from marketplace.listings.models import Equipment, Need, TechnologyOffer
from marketplace.research.browsing import Filters, counted, in_order, newest
from marketplace.research.models import Register, Result

_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Joined:
    """The newest of each kind, and how many there are in all."""

    needs: list[Any]
    offers: list[Any]
    results: list[Any]
    need_count: int
    offer_count: int
    result_count: int

    @property
    def is_empty(self) -> bool:
        return not (self.needs or self.offers or self.results)


def joined(codes: list[str], front: Front) -> Joined:
    """Public records with a field at or below one of these codes; of nothing where none is named."""
    needs = Need.objects.public().shown_on(front).in_fields(*codes)
    supply = [
        model.objects.public().shown_on(front).in_fields(*codes)
        for model in (TechnologyOffer, Equipment)
    ]
    keys = [key for code in codes for key in newest(Register.RESULT, Filters(field=code), _SHOWN)]
    return Joined(
        needs=_newest(needs),
        offers=[row for rows in supply for row in _newest(rows)][:_SHOWN],
        results=in_order(Result.objects.public().for_cards(), sorted(set(keys))[-_SHOWN:][::-1]),
        need_count=needs.count(),
        offer_count=sum(rows.count() for rows in supply),
        result_count=sum(counted(Register.RESULT, field=code) for code in codes),
    )


def of_organization(organization: Organization, front: Front) -> Joined:
    own = [organization.pk]
    needs = Need.objects.public().shown_on(front).filter(organization__in=own, hide_owner=False)
    supply = [
        model.objects.public().shown_on(front).of_organizations(own)
        for model in (TechnologyOffer, Equipment)
    ]
    results = Result.objects.public().of_organizations(own)
    return Joined(
        needs=_newest(needs),
        offers=[row for rows in supply for row in _newest(rows)][:_SHOWN],
        results=list(results.for_cards().newest_first()[:_SHOWN]),
        need_count=needs.count(),
        offer_count=sum(rows.count() for rows in supply),
        result_count=results.count(),
    )


def _newest(rows: Any) -> list[Any]:
    return list(rows.select_related("organization").order_by("-first_published_at", "-pk")[:_SHOWN])
