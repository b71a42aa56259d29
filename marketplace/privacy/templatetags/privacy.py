from typing import Any

from django import template

from marketplace.accounts.models import Organization
from marketplace.privacy import ledger
from marketplace.privacy.published import published_people

register = template.Library()


@register.simple_tag
def required_documents() -> list[ledger.Document]:
    """What is part of having an account, in the versions in force."""
    return ledger.required_documents()


@register.inclusion_tag("privacy/_organization_people.html")
def organization_people(organization: Organization) -> dict[str, Any]:
    return {"people": published_people(organization)}
