"""The demo's second site: a province's exchange that shows its own listings alone, in a colour of its own."""

from typing import Final

from cms.pages.setup import PAGE_RIGHTS
from cms.setup import group_named
from cms.sites.opening import open_site
from marketplace.accounts.models import Exchange, Organization

#: Names below `localhost` lead to this machine in every browser, without anybody's DNS.
HOST: Final = "cantho.localhost"
_SLUG: Final = "can-tho"
_PROVINCE: Final = "92"


def seed_site() -> Exchange:
    """Before the listings, some of which are this exchange's."""
    known = Exchange.objects.filter(slug=_SLUG).first()
    if known is not None:
        return known
    exchange = Exchange(
        slug=_SLUG,
        name="Sàn giao dịch công nghệ và thiết bị Cần Thơ",
        name_en="Can Tho Technology and Equipment Exchange",
        operator="Sở Khoa học và Công nghệ thành phố Cần Thơ (bản thử)",
        address="Số 2 đường Thử Nghiệm, Cần Thơ",
        hotline="1900 0092",
        email="san.cantho@example.vn",
        shows=Exchange.Shows.OWN,
    )
    open_site(
        exchange,
        hostname=HOST,
        groups={key: group_named(key) for key in PAGE_RIGHTS},
        theme="blue",
        sections=["needs", "offers", "equipment", "services", "organizations"],
        featured_fields=["401", "405", "207", "203"],
    )
    return exchange


def exchange_of(organization: Organization, own: Exchange) -> Exchange:
    """Whose listings an organisation's are: its province's, where that has an exchange."""
    return own if organization.province_code == _PROVINCE else Exchange.default()
