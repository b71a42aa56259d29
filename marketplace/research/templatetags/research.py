"""Results on pages of other apps: an organisation's page, the page that hands a profile over."""

from typing import Any

from django import template

from marketplace.accounts.models import Organization
from marketplace.research.models import Result

register = template.Library()

SHOWN = 6


@register.inclusion_tag("research/_organization_results.html")
def organization_results(organization: Organization) -> dict[str, Any]:
    """The newest results of an organisation, and how many there are."""
    results = Result.objects.public().filter(organization=organization)
    return {
        "organization": organization,
        "results": results.newest_first().for_cards()[:SHOWN],
        "count": results.count(),
    }


@register.simple_tag
def result_count(organization: Organization) -> int:
    return Result.objects.public().filter(organization=organization).count()
