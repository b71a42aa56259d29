from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.listings import services
from marketplace.listings.models import NeedSpecification, OfferIpRight
from marketplace.listings.search import build_document
from search.registry import sources
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import FACTORIES, NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


def source_of(kind):
    return next(source for source in sources() if source.kind == kind)


def test_document_holds_the_text_the_figures_and_the_tree_above_each_code():
    need = NeedFactory(
        published=True, industry_codes=["10"], required="Nhân nguyên cao", budget_max=1_800_000_000
    )
    need.specifications.add(NeedSpecification(name="Tỷ lệ nhân nguyên", low=92, unit="%"))
    need.save()

    document = build_document(need)

    assert document.id == f"need:{need.public_id}"
    assert document.title == need.title
    for part in (need.summary, need.problem, "Nhân nguyên cao", "Tỷ lệ nhân nguyên: ≥ 92 %"):
        assert part in document.text
    assert document.facets["field"] == ("4", "401", "40107")
    assert document.facets["industry"] == ("C", "10")
    assert document.facets["province"] == ("75",)
    assert document.numbers["deadline"] == need.deadline.toordinal()
    assert document.numbers["price"] == 1_800_000_000
    assert document.codes == ()


def test_document_of_an_offer_is_found_by_its_numbers():
    offer = OfferFactory(published=True)
    services.give_number(offer)
    offer.ip_rights.add(OfferIpRight(number="1-0042793"))
    offer.save()

    document = build_document(offer)

    assert set(document.codes) == {"CN-00001", "1-0042793"}
    assert document.facets["transfer"] == ("independent_contract",)
    assert document.numbers["trl"] == 8


@pytest.mark.parametrize("kind", list(FACTORIES))
def test_source_indexes_and_shows_public_listings_only(kind, owner, organization):
    source = source_of(kind)
    shown = FACTORIES[kind](published=True)
    FACTORIES[kind](organization=organization, contact=owner)
    past, withdrawn = FACTORIES[kind].create_batch(
        2, organization=organization, contact=owner, published=True
    )
    source.model.objects.filter(pk=past.pk).update(valid_until=clock.today() - timedelta(days=1))
    services.withdraw(withdrawn, by=owner)

    assert list(source.indexable(source.rows())) == [shown]
    assert list(source.visible(source.rows(), owner)) == [shown]


def test_renaming_the_organisation_makes_its_listings_stale():
    from marketplace.accounts.dependents import raise_dependents

    need = NeedFactory(published=True)
    version = need.content_version

    raise_dependents(need.organization)

    need.refresh_from_db()
    assert need.content_version == version + 1


@pytest.mark.parametrize(
    ("dong", "band"),
    [
        (None, ()), (0, ("100m",)), (99_999_999, ("100m",)), (100_000_000, ("500m",)),
        (999_999_999, ("1b",)), (1_000_000_000, ("5b",)), (5_000_000_000, ("more",)),
    ],
)  # fmt: skip
def test_price_has_its_band(dong, band):
    offer = OfferFactory(published=True, price_min=dong)
    assert build_document(offer).facets.get("price_band", ()) == band


def test_evidence_and_verification_are_filters_unless_they_name_a_hidden_owner():
    verified = OrganizationFactory(status="verified")
    values = {"organization": verified, "certificates": "ISO 22000", "results": ["bcdfghjkmn"]}
    shown, hidden = (
        build_document(OfferFactory(published=True, hide_owner=is_hidden, **values)).facets
        for is_hidden in (False, True)
    )
    assert shown["verified"] == ("yes",)
    assert shown["evidence"] == ("result", "certificate")
    assert "verified" not in hidden
    assert hidden["evidence"] == ("certificate",)
