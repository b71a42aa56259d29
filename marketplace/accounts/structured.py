"""An organisation as machines read it (schema.org)."""

from typing import Any

from marketplace.accounts.models import Organization
from marketplace.core.structured import stated
from marketplace.taxonomy.labels import label, labels

_TYPES = {"university": "CollegeOrUniversity", "institute": "ResearchOrganization"}


def describe_organization(organization: Organization, url: str) -> dict[str, Any]:
    """What its page says, and nothing that it does not."""
    place = organization.province_code
    return stated(
        {
            "@type": _TYPES.get(organization.kind, "Organization"),
            "@id": url,
            "url": url,
            "name": organization.name,
            "alternateName": organization.name_en,
            "description": organization.description,
            "taxID": organization.public_tax_code,
            "address": place
            and {
                "@type": "PostalAddress",
                "addressRegion": label("provinces", place),
                "addressCountry": "VN",
            },
            "knowsAbout": labels("st-fields", organization.field_codes),
        }
    )
