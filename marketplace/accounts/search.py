"""How organisations are found."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, OrganizationQuerySet
from marketplace.taxonomy.labels import label
from search.documents import Document
from search.registry import Facts, Source, register


def build_document(organization: Organization) -> Document:
    names = (organization.name_en, organization.short_name)
    fields = dict.fromkeys(
        code[:length] for code in organization.field_codes for length in (1, 3, 5, 7)
    )
    facets = {
        "field": tuple(fields),
        "province": (organization.province_code,) if organization.province_code else (),
        "organization": (organization.public_id,),
        "organization_kind": (organization.kind,),
        "verified": ("yes",) if organization.is_verified else (),
    }
    return Document(
        kind="organization",
        key=organization.public_id,
        title=organization.name,
        text="\n".join(filter(None, (*names, organization.description))),
        codes=(organization.public_tax_code,) if organization.public_tax_code else (),
        facets={name: values for name, values in facets.items() if values},
    )


def organization_facts(organization: Organization) -> Facts:
    province = organization.province_code
    return Facts(
        number=organization.public_tax_code,
        by=organization.get_kind_display(),
        place=label("provinces", province) if province else "",
    )


def _indexable(organizations: QuerySet[Any]) -> QuerySet[Any]:
    return organizations.filter(is_hidden=False)


def _visible(organizations: QuerySet[Any], user: Any) -> QuerySet[Any]:
    assert isinstance(organizations, OrganizationQuerySet)
    return organizations.visible_to(user)


def register_organizations() -> None:
    register(
        Source(
            kind="organization",
            label=_("Tổ chức"),
            model=Organization,
            since=attrgetter("created_at"),
            indexable=_indexable,
            build=build_document,
            related=(),
            title_field="name",
            visible=_visible,
            card_template="accounts/organizations/_hit.html",
            facts=organization_facts,
        )
    )
