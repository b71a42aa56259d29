"""From a registered result to a draft offer of the organisation that led its task."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.listings.models import Listing, OfferFromResult, TechnologyOffer
from marketplace.listings.prefill import offer_values
from marketplace.listings.services.drafts import create_draft, save_draft
from marketplace.listings.services.rows import record, reread
from marketplace.registration.models import Certificate
from marketplace.research.models import Result


def find_offer_from_result(result: Result, organization: Organization) -> TechnologyOffer | None:
    made = (
        OfferFromResult.objects.filter(result=result, organization=organization)
        .select_related("offer__organization")
        .first()
    )
    return made.offer if made else None


def offer_from_result(
    result: Result, *, organization: Organization, by: User, exchange: Exchange | None = None
) -> tuple[Listing, bool]:
    """A draft offer filled from the result, and whether it was made now.

    An organisation makes one offer of a result: whoever asks again, or at the same moment, is given
    the first one, whatever has become of it since.
    """
    if known := find_offer_from_result(result, organization):
        return known, False
    try:
        return _make(result, organization, by, exchange), True
    except IntegrityError:
        if known := find_offer_from_result(result, organization):
            return known, False
        raise


@transaction.atomic
def _make(
    result: Result, organization: Organization, by: User, exchange: Exchange | None
) -> Listing:
    language = result.language or "vi"
    offer = create_draft(
        "offer", organization=organization, contact=by, language=language, exchange=exchange
    )
    OfferFromResult.objects.create(result=result, organization=organization, offer=offer)
    values = offer_values(
        result, aims=result.task.aims if result.task else "", sheet=technology_sheet(result)
    )
    save_draft(offer, changes=values | {"province_code": organization.province_code}, by=by)
    record("made_of_result", offer, by, result=result.public_id)
    return reread(offer)


def technology_sheet(result: Result) -> Mapping[str, Any]:
    """Form 8 of the dossier by which the result was registered here; empty where it has none."""
    certificate = Certificate.objects.filter(result=result).select_related("dossier").first()
    if certificate is None or not certificate.dossier.form.get("has_process"):
        return {}
    form: dict[str, Any] = certificate.dossier.form
    return form
