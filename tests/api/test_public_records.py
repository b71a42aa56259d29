"""What programs read of public pages without a key, and how search engines find the pages."""

import json

import pytest
from django.urls import reverse

from marketplace.listings import services
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import FACTORIES, NeedFactory, OfferFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def one(client, kind, row):
    return client.get(reverse("api:public_record", args=[kind, row.public_id]))


@pytest.mark.parametrize("kind", FACTORIES)
def test_listing_is_told_as_its_page_tells_it(client, kind):
    listing = FACTORIES[kind](published=True, confidential="công thức kín")
    told = one(client, kind, listing).json()
    assert told["title"] == listing.title
    assert told["address"].endswith(listing.get_absolute_url())
    assert told["schema"]["@type"] == ("Demand" if kind == "need" else "Offer")
    assert "công thức kín" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["need", "offer"])
def test_hidden_owner_is_not_told(client, kind):
    owner = OrganizationFactory(name="Công ty Kín Tiếng")
    listing = FACTORIES[kind](published=True, hide_owner=True, organization=owner)
    answer = one(client, kind, listing)
    assert answer.json()["owner"] is None
    assert "Kín Tiếng" not in answer.content.decode()
    assert "Kín Tiếng" not in client.get(listing.get_absolute_url()).content.decode()


def test_only_what_is_public_is_told(client):
    draft, shown = NeedFactory(), NeedFactory(published=True)
    gone = NeedFactory(published=True)
    services.withdraw(gone, by=gone.contact)
    assert one(client, "need", draft).status_code == 404
    assert one(client, "need", gone).status_code == 404
    listed = client.get(reverse("api:public_list", args=["need"])).json()
    assert [item["id"] for item in listed["items"]] == [shown.public_id]
    sitemap = client.get("/sitemap-need.xml").content.decode()
    assert shown.public_id in sitemap
    assert draft.public_id not in sitemap
    assert gone.public_id not in sitemap


def test_list_goes_on_behind_the_last_one_read(client, monkeypatch):
    monkeypatch.setattr("marketplace.api.public_records.PAGE", 2)
    rows = [NeedFactory(published=True) for _ in range(3)]
    address = reverse("api:public_list", args=["need"])
    first = client.get(address).json()
    rest = client.get(address, {"after": first["next_after"]}).json()
    read = [item["id"] for item in first["items"] + rest["items"]]
    assert read == [row.public_id for row in rows]
    assert rest["next_after"] is None
    assert client.get(address, {"after": "khongcogi"}).status_code == 400


@pytest.mark.parametrize("kind", ["nothing", "user"])
def test_unknown_kind_is_not_found(client, kind):
    assert client.get(reverse("api:public_list", args=[kind])).status_code == 404
    assert client.get(reverse("api:public_record", args=[kind, "x"])).status_code == 404


def test_results_and_organisations_have_theirs(client):
    result = ResultFactory()
    assert one(client, "result", result).json()["schema"]["@type"] == "Report"
    organization = OrganizationFactory(province_code="01")
    told = one(client, "organization", organization).json()
    assert told["schema"]["address"]["addressRegion"] == "Hà Nội"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_page_names_its_one_address_and_both_languages(client, prefix):
    offer = OfferFactory(published=True)
    plain = offer.get_absolute_url()
    path = f"{prefix}{plain}"
    page = client.get(path).content.decode()
    host = "http://testserver"
    assert f'<link rel="canonical" href="{host}{path}">' in page
    assert f'hreflang="vi" href="{host}{plain}"' in page
    assert f'hreflang="en" href="{host}/en{plain}"' in page
    assert page.count('rel="canonical"') == 1
    assert reverse("api:public_record", args=["offer", offer.public_id]) in page


def test_filters_and_pages_that_are_not_there_have_no_address_of_their_own(client):
    page = client.get("/nhu-cau/?tinh=01&page=1").content.decode()
    assert '<link rel="canonical" href="http://testserver/nhu-cau/">' in page
    assert 'rel="canonical"' not in client.get("/nhu-cau/x-abcdefghij/").content.decode()


def test_search_engines_are_led_to_the_sitemaps(client):
    robots = client.get("/robots.txt").content.decode()
    assert "/sitemap.xml" in robots
    assert "Disallow: /bang-dieu-khien/" in robots
    index = client.get("/sitemap.xml").content.decode()
    for section in ("need", "offer", "equipment", "service", "result", "organization"):
        assert f"/sitemap-{section}.xml" in index
