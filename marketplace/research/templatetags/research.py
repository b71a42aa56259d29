"""Results on pages of other apps: an organisation's page, the page that hands a profile over."""

from typing import Any

from django import template

from marketplace.accounts.models import Organization
from marketplace.research.browsing import Filters, filed, in_order, newest
from marketplace.research.models import Register, Result

register = template.Library()

SHOWN = 6


@register.inclusion_tag("research/_organization_results.html")
def organization_results(organization: Organization) -> dict[str, Any]:
    """The newest results of an organisation, and how many there are; as the lists know them."""
    of_it = Filters(organization=str(organization.pk))
    return {
        "organization": organization,
        "results": in_order(
            Result.objects.public().for_cards(), newest(Register.RESULT, of_it, SHOWN)
        ),
        "count": filed(Register.RESULT, of_it),
    }


@register.simple_tag
def result_count(organization: Organization) -> int:
    return filed(Register.RESULT, Filters(organization=str(organization.pk)))
