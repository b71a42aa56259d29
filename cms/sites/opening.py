"""A new site: its exchange, its first page in each language, its host. One act, or nothing of it is there."""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from cms.pages.models import SITE_DEPTH, ContentPage
from cms.pages.setup import PAGE_RIGHTS, grant_pages
from cms.sites.indexing import write_pages_again
from cms.sites.models import SiteLook
from marketplace.accounts.fronts import forget_fronts
from marketplace.accounts.models import Exchange
from marketplace.core.errors import DomainError

_OPENING: Final = {
    "vi": "Sàn là gì, hoạt động ra sao và liên hệ với ai.",
    "en": "What the exchange is, how it works and whom to ask.",
}


@transaction.atomic
def open_site(exchange: Exchange, *, hostname: str, groups: dict[str, Any], **look: Any) -> Site:
    """The site of an exchange at a host.

    Args:
        exchange: saved here if it is new.
        hostname: in the address, without scheme and port.
        groups: the groups that write its pages, by their key in `PAGE_RIGHTS`.
        look: fields of its `SiteLook`.

    Raises:
        DomainError: another site has the host.
    """
    if Site.objects.filter(hostname=hostname).exists():
        raise DomainError(_("Đã có trang web ở tên miền này."))
    Exchange.default()  # the first row is the default one: never this
    exchange.save()
    tops = _tops(exchange)
    site = Site.objects.create(hostname=hostname, site_name=exchange.name, root_page=tops["vi"])
    SiteLook.objects.create(site=site, exchange=exchange, **look)
    for key, group in groups.items():
        for top in tops.values():
            grant_pages(group, top, PAGE_RIGHTS[key])
    write_pages_again()
    forget_fronts()
    return site


def _tops(exchange: Exchange) -> dict[str, ContentPage]:
    made: dict[str, ContentPage] = {}
    for code, words in _OPENING.items():
        with override(code):
            title = exchange.local_name
        page = ContentPage(
            title=title,
            # Its address shows nowhere: the host stands for it.
            slug=exchange.slug if code == "vi" else f"{exchange.slug}-{code}",
            introduction=words,
            locale=Locale.objects.get(language_code=code),
        )
        if made:
            page.translation_key = made["vi"].translation_key
        tree = Page.objects.filter(depth=SITE_DEPTH - 1).order_by("path")[0]
        tree.add_child(instance=page)
        page.save_revision().publish()
        made[code] = page
    return made
