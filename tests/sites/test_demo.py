"""The demo's second site, which `make demo` fills and names."""

import pytest
from django.test import Client

from cms.setup import set_up_curation, set_up_pages
from marketplace.accounts.fronts import home_of
from marketplace.accounts.models import Exchange
from marketplace.demo.sites import HOST, exchange_of, seed_site
from tests.factories.accounts import OrganizationFactory


@pytest.fixture
def of_province(db, settings):
    settings.ALLOWED_HOSTS = [".localhost"]
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    set_up_curation()
    set_up_pages()
    return seed_site()


def test_is_opened_once_and_answers_at_its_host(of_province):
    assert seed_site() == of_province
    assert Exchange.objects.count() == 2
    assert home_of(of_province.pk).address == f"http://{HOST}:8000"
    text = Client(SERVER_NAME=HOST).get("/").content.decode()
    assert 'data-theme="blue"' in text
    assert "1900 0092" in text


def test_has_the_listings_of_its_province_alone(of_province):
    here, there = (OrganizationFactory(province_code=code) for code in ("92", "01"))
    assert exchange_of(here, of_province) == of_province
    assert exchange_of(there, of_province) == Exchange.default()
