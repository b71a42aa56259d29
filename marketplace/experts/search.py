"""How experts are found. Documents hold what the person let be shown, and nothing else."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.experts.models import Expert, ExpertField, ExpertQuerySet
from marketplace.taxonomy.choices import with_everything_above
from marketplace.taxonomy.labels import label, labels
from search.documents import Document
from search.registry import Facts, Source, register

KIND = "expert"


def build_document(expert: Expert) -> Document:
    said = expert.public_value
    fields = said(ExpertField.FIELDS) or []
    owner = expert.public_owner()
    province = said(ExpertField.PROVINCE)
    texts = [said(ExpertField.ADVICE), said(ExpertField.EXPERIENCE), *labels("st-fields", fields)]
    facets = {
        "field": with_everything_above("st-fields", fields),
        "province": (province,) if province else (),
        "organization": (owner.public_id,) if owner else (),
        "language": ("en" if expert.language == "en" else "vi",),
        "verified": ("yes",) if owner is not None and owner.is_verified else (),
    }
    return Document(
        kind=KIND,
        key=expert.public_id,
        title=expert.title,
        text="\n".join(filter(None, texts)),
        language="en" if expert.language == "en" else "vi",
        facets={name: values for name, values in facets.items() if values},
    )


def expert_facts(expert: Expert) -> Facts:
    owner, province = expert.public_owner(), expert.public_value(ExpertField.PROVINCE)
    return Facts(
        by=owner.name if owner else "", place=label("provinces", province) if province else ""
    )


def _public(rows: QuerySet[Any]) -> QuerySet[Any]:
    assert isinstance(rows, ExpertQuerySet)
    return rows.public()


def _visible(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return _public(rows)


def register_experts() -> None:
    register(
        Source(
            kind=KIND,
            label=_("Chuyên gia"),
            model=Expert,
            since=attrgetter("published_at"),
            indexable=_public,
            build=build_document,
            related=("user", "organization"),
            visible=_visible,
            card_template="experts/_hit.html",
            facts=expert_facts,
            similar=(KIND,),
        )
    )
