"""What a mark says and rests on, and what readers of a profile miss."""

from django import template

from marketplace.accounts import verification_rules
from marketplace.accounts.models import Organization
from marketplace.accounts.profile_gaps import ProfileGap, profile_gaps

register = template.Library()


@register.filter
def verified_level(organization: Organization) -> verification_rules.Level | None:
    """The level reached, by the rules of the day it was reached on; None for marks older than levels."""
    if not organization.verified_level:
        return None
    day = organization.verified_at.date() if organization.verified_at else None
    return verification_rules.edition_on(day).level(organization.verified_level)


@register.simple_tag
def gaps_of(organization: Organization) -> list[ProfileGap]:
    return profile_gaps(organization)
