"""A hidden owner and a confidential part are found nowhere: pages, addresses, documents, mails."""

import pytest
from django.core import mail
from django.urls import reverse

from marketplace.accounts.models import OrganizationStatus
from marketplace.listings import services
from marketplace.listings.search import build_document
from marketplace.notifications.models import Notice
from search.sync import sync_all
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.listings import FACTORIES

KINDS = list(FACTORIES)
OWNER = "Kim Tước 7391"
SECRET = "Chim Chích 58"


@pytest.fixture(params=KINDS)
def hidden(request, db):
    organization = OrganizationFactory(
        name=f"Công ty TNHH {OWNER}", status=OrganizationStatus.VERIFIED
    )
    contact = MembershipFactory(organization=organization).user
    return FACTORIES[request.param](
        organization=organization, contact=contact, hide_owner=True, confidential=f"Mật danh {SECRET}", published=True
    )  # fmt: skip


def public_addresses(listing):
    return [
        "/",
        listing.get_absolute_url(),
        f"/en{listing.get_absolute_url()}",
        reverse(f"listings:{listing.KIND}_list"),
        reverse(f"listings:{listing.KIND}_list") + "?linh-vuc=4&tinh=75",
        # The organisation itself is public and may be found by its name; what it hides is not.
        reverse("search:search") + f"?q={OWNER}&loai={listing.KIND}",
    ]


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_hidden_owner_and_confidential_part_are_on_no_public_page(who, hidden, client, request):
    if who == "stranger":
        client.force_login(request.getfixturevalue("stranger"))
    for url in public_addresses(hidden):
        response = client.get(url)
        body = response.content.decode().replace(f'value="{OWNER}"', "")
        assert response.status_code == 200, url
        assert SECRET not in body, url
        assert hidden.organization.name not in body, url
        assert hidden.organization.public_id not in body, url


@pytest.mark.parametrize("is_indexed", [True, False])
def test_search_for_the_owner_does_not_lead_to_what_it_hides(
    is_indexed, hidden, client, search_engine, settings, tmp_path
):
    if is_indexed:
        sync_all()
    else:  # the reduced listing from the database
        settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"

    page = client.get(reverse("search:search"), {"q": OWNER}).content.decode()

    assert hidden.organization.public_id in page
    assert hidden.public_id not in page
    assert hidden.title not in page


def test_hidden_owner_and_confidential_part_enter_no_document(hidden):
    document = repr(build_document(hidden))

    for canary in (OWNER, hidden.organization.public_id, SECRET):
        assert canary not in document


def test_hidden_owner_is_named_to_members_and_staff_only(hidden, client, curator):
    client.force_login(hidden.contact)
    assert SECRET in client.get(hidden.get_absolute_url()).content.decode()
    client.force_login(curator)
    page = client.get(hidden.get_absolute_url()).content.decode()
    assert SECRET in page
    assert "Doanh nghiệp ẩn tên" in page


def test_shown_owner_is_a_facet_of_the_document(db):
    offer = FACTORIES["offer"](published=True)

    assert build_document(offer).facets["organization"] == (offer.organization.public_id,)


def test_preview_shows_what_the_public_will_see(hidden, client):
    client.force_login(hidden.contact)

    page = client.get(
        reverse("listings:preview", args=[hidden.KIND, hidden.public_id])
    ).content.decode()

    assert SECRET not in page
    assert hidden.organization.name not in page


def test_notices_of_reviews_hold_nothing_confidential(hidden, curator):
    services.record_review(
        hidden, decision="published", step="", reason_codes=[], note="", by=curator
    )

    told = repr(list(Notice.objects.values_list("context", flat=True))) + repr(mail.outbox)
    assert SECRET not in told
    assert OWNER not in told
