"""Which exchange a request is for, and how its site shows itself: the one place where that is asked.

Sites are kept by the CMS, which registers how one is found by its host. Where no site names an exchange,
everything is of the default one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Exchange
from marketplace.notifications.letterheads import Letterhead

#: The languages that a site may offer; the first has no prefix in addresses and is always offered.
LANGUAGES: Final = ("vi", "en")


class Section(models.TextChoices):
    """Entries of the main menu in their order, by the names that `components/nav_links.html` has for them."""

    NEEDS = "needs", _("Nhu cầu")
    OFFERS = "offers", _("Công nghệ")
    EQUIPMENT = "equipment", _("Thiết bị")
    SERVICES = "services", _("Dịch vụ")
    RESULTS = "results", _("Kết quả nghiên cứu")
    ORGANIZATIONS = "organizations", _("Tổ chức")


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What one host shows."""

    exchange: Exchange
    #: Of the default exchange, to which everything belongs that names none.
    is_default: bool = True
    #: Tells what is remembered for one site from what is remembered for another.
    key: str = ""
    #: Where the site answers, as `PUBLIC_URL`.
    address: str = field(default_factory=lambda: settings.PUBLIC_URL.rstrip("/"))
    theme: str = ""
    #: Address of the picture beside the name; "" for the mark of the product.
    logo: str = ""
    #: Entries of the main menu; none for all of them.
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = LANGUAGES
    #: Codes of the fields on the front page; none for those with most in them.
    fields: tuple[str, ...] = ()

    @property
    def own_only(self) -> bool:
        """Whether it shows the listings of its own exchange alone."""
        return self.exchange.shows == Exchange.Shows.OWN

    @property
    def hostname(self) -> str:
        return urlsplit(self.address).hostname or "localhost"

    def shows(self, exchange_id: int) -> bool:
        """Whether listings of this exchange stand on the site."""
        return not self.own_only or exchange_id == self.exchange.pk

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


class Fronts(Protocol):
    def find(self, request: Any) -> Front: ...

    def home_of(self, exchange_id: int) -> Front:
        """The site of an exchange; the default one where it has none of its own."""

    def main(self) -> Front:
        """The site of the default exchange."""

    def all(self) -> Iterable[Front]: ...

    def forget(self) -> None:
        """Something that they are made of has changed: in this transaction, if there is one."""


class _Default:
    """A single site, of the default exchange."""

    def find(self, request: Any) -> Front:
        return self.main()

    def home_of(self, exchange_id: int) -> Front:
        return self.main()

    def main(self) -> Front:
        return Front(exchange=Exchange.default())

    def all(self) -> Iterable[Front]:
        return [self.main()]

    def forget(self) -> None: ...


_known: list[Fronts] = [_Default()]


def register_fronts(fronts: Fronts) -> None:
    _known[:] = [fronts]


def front_of(request: Any) -> Front:
    """The site that a request is for; found once a request, and only where it is asked."""
    found: Front | None = getattr(request, "_front", None)
    if found is None:
        found = _known[0].find(request)
        request._front = found
    return found


def home_of(exchange_id: int) -> Front:
    """Where things of this exchange have their page: the site of its own, or the default one."""
    return _known[0].home_of(exchange_id)


def default_front() -> Front:
    return _known[0].main()


def name_elsewhere(request: Any, exchange_id: int) -> str:
    """What the exchange of a listing is called on the site of another one; "" on its own."""
    if exchange_id == front_of(request).exchange.pk:
        return ""
    known: dict[int, str] = request.__dict__.setdefault("_exchange_names", {})
    if exchange_id not in known:
        exchange = home_of(exchange_id).exchange
        known[exchange_id] = exchange.local_name if exchange.pk == exchange_id else ""
    return known[exchange_id]


def address_at(request: Any, home: Front, path: str) -> str:
    """The whole address of a page that stands on several sites: the one on the site that it is of."""
    is_here = home.key == front_of(request).key
    return str(request.build_absolute_uri(path)) if is_here else home.url(path)


def belongs_to(request: Any, home: Front) -> None:
    """One page of a thing counts for search engines, on whichever sites it stands: that on this one."""
    if home.key != front_of(request).key:
        request.canonical_address = home.url(request.path)


def on_main_site(request: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What all sites share is in the map for search engines of one of them."""
    return rows if front_of(request).key == default_front().key else rows.none()


def letterhead(front: Front) -> Letterhead:
    """Of mails about things of this exchange."""
    exchange = front.exchange
    return Letterhead(exchange.name, exchange.name_en, front.address, front.languages)


def forget_fronts() -> None:
    _known[0].forget()


def all_fronts() -> list[Front]:
    return list(_known[0].all())
