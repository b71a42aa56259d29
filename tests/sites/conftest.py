"""Two sites on one database: the default one, and a province's at a host of its own."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from cms.setup import set_up_curation, set_up_pages
from cms.sites.models import SiteLook
from cms.sites.opening import open_site
from marketplace.accounts.models import Exchange

HOST = "cantho.localhost"


@dataclass
class Province:
    """The second site, with what a test needs of it."""

    exchange: Exchange
    site: Any
    client: Client = field(default_factory=lambda: Client(SERVER_NAME=HOST))

    @property
    def look(self) -> SiteLook:
        return SiteLook.objects.get(site=self.site)

    def shows(self, what: str) -> None:
        self.exchange.shows = what
        self.exchange.save()

    def text(self, path: str) -> str:
        return self.client.get(path).content.decode()


@pytest.fixture
def province(db, settings) -> Province:
    settings.ALLOWED_HOSTS = ["testserver", HOST]
    settings.PUBLIC_URL = "http://testserver"
    set_up_curation()
    set_up_pages()
    exchange = Exchange(
        slug="can-tho",
        name="Sàn giao dịch Cần Thơ",
        name_en="Can Tho Exchange",
        hotline="1900 0092",
        shows=Exchange.Shows.OWN,
    )
    site = open_site(exchange, hostname=HOST, groups={}, theme="blue")
    return Province(exchange, site)
