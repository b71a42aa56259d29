"""Which exchange a host is of (`accounts.fronts`): Wagtail's sites, each with how it shows itself.

All sites are read at once and remembered together: few change, and every page asks.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http.request import split_domain_port
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page, Site

from cms.sites.models import SiteLook
from marketplace.accounts.fronts import LANGUAGES, Front
from marketplace.accounts.models import Exchange
from marketplace.core.kept_pages import forget_pages

_KEY: Final = "cms:fronts"
_KEPT_SECONDS: Final = 60
_LOGO: Final = "max-480x80"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFront(Front):
    """``tops`` are the paths of its pages at the top, one a language."""

    tops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The sites by (host, port), by host where one site alone has it, and by the exchange they are of."""

    default: SiteFront
    #: That of the default exchange; the one for unknown hosts may be another's.
    main: SiteFront
    by_host: dict[tuple[str, str] | str, SiteFront] = field(default_factory=dict)
    by_exchange: dict[int, SiteFront] = field(default_factory=dict)


class SiteFronts:
    def find(self, request: Any) -> SiteFront:
        known = known_fronts()
        if not known.by_host:
            return known.default
        # As Wagtail finds the site: before the host is checked, and the default one for any other.
        host = split_domain_port(request._get_raw_host())[0]
        exact = known.by_host.get((host, request.get_port()))
        return exact or known.by_host.get(host) or known.default

    def home_of(self, exchange_id: int) -> SiteFront:
        known = known_fronts()
        return known.by_exchange.get(exchange_id) or known.main

    def main(self) -> SiteFront:
        return known_fronts().main

    def all(self) -> list[SiteFront]:
        known = known_fronts()
        found = {front.key: front for front in known.by_host.values()}
        return list(found.values()) or [known.default]

    def forget(self) -> None:
        # Now, for the rest of this transaction; and again, should somebody have read meanwhile.
        cache.delete(_key())
        transaction.on_commit(lambda: cache.delete(_key()))
        forget_pages()


def known_fronts() -> Known:
    known: Known | None = cache.get(_key())
    if known is None:
        known = _read()
        cache.set(_key(), known, _KEPT_SECONDS)
    return known


def _key() -> str:
    # Addresses are made of it: a program that answers elsewhere has others.
    return f"{_KEY}:{settings.PUBLIC_URL}"


def _read() -> Known:
    default_exchange = Exchange.default()
    sites = list(
        Site.objects.select_related("root_page", "sitelook__exchange", "sitelook__logo").order_by(
            "-is_default_site", "hostname", "port"
        )
    )
    fronts = [(site, _front(site, default_exchange, several=len(sites) > 1)) for site in sites]
    by_host: dict[tuple[str, str] | str, SiteFront] = {}
    by_exchange: dict[int, SiteFront] = {}
    times = Counter(site.hostname for site in sites)
    for site, front in fronts:
        by_host[site.hostname, str(site.port)] = front
        if times[site.hostname] == 1:
            by_host[site.hostname] = front
        by_exchange.setdefault(front.exchange.pk, front)
    default = next((front for site, front in fronts if site.is_default_site), None)
    default = default or SiteFront(exchange=default_exchange)
    main = by_exchange.get(default_exchange.pk, default)
    return Known(default, main, by_host, by_exchange)


def _front(site: Site, default_exchange: Exchange, *, several: bool) -> SiteFront:
    look: SiteLook = getattr(site, "sitelook", None) or SiteLook(site=site)
    exchange = look.exchange or default_exchange
    return SiteFront(
        exchange=exchange,
        is_default=exchange.pk == default_exchange.pk,
        key=str(site.pk),
        address=_address(site),
        theme=look.theme,
        logo=_logo(look),
        sections=tuple(look.sections),
        languages=LANGUAGES if look.offers_english else LANGUAGES[:1],
        fields=tuple(look.featured_fields),
        tops=_tops(site.root_page) if several else (),
    )


def _address(site: Site) -> str:
    """The default site answers at PUBLIC_URL, and the others as it does, but for their host; a site with a
    port of its own says where."""
    public: str = settings.PUBLIC_URL.rstrip("/")
    if site.is_default_site:
        return public
    if site.port != 80:
        return str(site.root_url)
    parts = urlsplit(public)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{site.hostname}{port}"


def _logo(look: SiteLook) -> str:
    if look.logo is None:
        return ""
    try:
        return str(look.logo.get_rendition(_LOGO).url)
    except (InvalidFilterSpecError, SourceImageIOError):
        return ""  # the file is gone: the mark of the product stands there


def _tops(root: Page) -> tuple[str, ...]:
    return tuple(
        root.get_translations(inclusive=True).order_by("path").values_list("path", flat=True)
    )
