"""How listings are found. Documents hold public text only: neither the confidential part nor the
name of an owner who hides it; filters by organisation find only those who show themselves.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from marketplace.core import clock
from marketplace.listings.models import Equipment, Listing, Need, TechnologyOffer
from marketplace.listings.presentation import amount
from marketplace.listings.vocabularies import table, with_everything_above
from search.documents import Document
from search.facets import Facet, register_facet
from search.registry import Source, register

#: Text in the order of its weight for a reader; every piece is a sentence or a paragraph of its own.
TEXTS: dict[str, tuple[str, ...]] = {
    "need": ("summary", "problem", "required", "volume", "site", "partner_role"),
    "offer": (
        "summary", "problem", "advantage", "improvement", "compared_with", "principle", "customers",
        "certificates",
    ),
    "equipment": ("summary", "advantage", "principle", "manufacturer"),
}  # fmt: skip


def build_document(listing: Listing) -> Document:
    return Document(
        kind=listing.KIND,
        key=listing.public_id,
        title=listing.title,
        text="\n".join(filter(None, _texts(listing))),
        language="en" if listing.language == "en" else "vi",
        codes=tuple(filter(None, _codes(listing))),
        facets={name: values for name, values in _facets(listing).items() if values},
        numbers={name: value for name, value in _numbers(listing).items() if value is not None},
    )


def _texts(listing: Listing) -> list[str]:
    texts = [getattr(listing, name) for name in TEXTS[listing.KIND]]
    with override(listing.language):  # numbers as the rest of the text writes them
        texts += [f"{row.name}: {amount(row)}" for row in listing.specifications.all()]
    return [*texts, listing.keywords]


def _codes(listing: Listing) -> list[str]:
    codes = [listing.display_number]
    if isinstance(listing, TechnologyOffer):
        codes += [right.number for right in listing.ip_rights.all()]
    elif isinstance(listing, Equipment):
        codes.append(listing.model_name)
    return codes


def _facets(listing: Listing) -> dict[str, tuple[str, ...]]:
    owner = listing.public_owner()
    published = listing.first_published_at
    return {
        "field": with_everything_above("st-fields", listing.field_codes),
        "industry": with_everything_above("industries", listing.industry_codes),
        "province": (listing.province_code,) if listing.province_code else (),
        "organization": (owner.public_id,) if owner is not None else (),
        "year": (str(published.astimezone(clock.VIETNAM).year),) if published else (),
        "transfer": tuple(getattr(listing, "transfer_forms", ())),
    }


def _numbers(listing: Listing) -> dict[str, int | None]:
    published = listing.first_published_at
    deadline = getattr(listing, "deadline", None)
    price = getattr(listing, "price_min", None)
    return {
        "trl": getattr(listing, "trl", None),
        "price": listing.budget_max if isinstance(listing, Need) else price,
        "deadline": deadline.toordinal() if deadline else None,
        "published": published.astimezone(clock.VIETNAM).date().toordinal() if published else None,
    }


def _public(listings: QuerySet[Any]) -> QuerySet[Any]:
    return listings.public()  # type: ignore[attr-defined]


def _visible(listings: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Only what is public, for its owner too: what was withdrawn never comes back in a list."""
    return _public(listings)


def _choices(scheme: str) -> Callable[[], dict[str, str]]:
    return lambda: {code: entry.label for code, entry in table(scheme).items()}


def register_listings() -> None:
    sources: tuple[tuple[type[Listing], str | Promise, tuple[str, ...]], ...] = (
        (Need, _("Nhu cầu"), ("organization", "specifications")),
        (TechnologyOffer, _("Công nghệ"), ("organization", "specifications", "ip_rights")),
        (Equipment, _("Thiết bị"), ("organization", "specifications")),
    )
    for model, label, related in sources:
        register(
            Source(
                kind=model.KIND,
                label=label,
                model=model,
                indexable=_public,
                build=build_document,
                related=related,
                visible=_visible,
                card_template="listings/_hit.html",
            )
        )
    for name, label, scheme in (
        ("field", _("Lĩnh vực"), "st-fields"),
        ("industry", _("Ngành"), "industries"),
        ("province", _("Tỉnh, thành phố"), "provinces"),
        ("transfer", _("Hình thức chuyển giao"), "transfer-forms"),
    ):
        register_facet(Facet(name, label, choices=_choices(scheme)))
