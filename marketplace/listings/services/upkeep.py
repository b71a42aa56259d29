"""Ticks over what listings name: addresses are noted and tried, last days of rights are told of."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marketplace.core import clock
from marketplace.core.fetching import Fetcher, FetchLimits, FetchProblem, Network
from marketplace.listings.models import (
    LISTING_MODELS,
    LinksRead,
    LinkState,
    Listing,
    ListingLink,
    OfferIpRight,
    RightTold,
    TechnologyOffer,
)
from marketplace.listings.notices import DEAD_LINK, RIGHT_LAPSES
from marketplace.listings.services.rows import posters, record
from marketplace.listings.upkeep import addresses_in, host_of, rights_to_mend, stage_of
from marketplace.notifications.services import notify

#: One request a host in this time, whoever named it.
_BETWEEN: Final = timedelta(minutes=1)
#: A check that ends with its process is taken up again after this.
_CLAIM: Final = timedelta(minutes=30)
_AGAIN: Final = {
    LinkState.ALIVE: timedelta(days=30),
    LinkState.FAILING: timedelta(days=1),
    LinkState.DEAD: timedelta(days=7),
}
#: A page may be away for a day: so many failures, a day apart, make a dead one.
_DEAD_AFTER: Final = 3
#: Gone, says the server itself: two of them are enough.
_GONE: Final = frozenset({404, 410})
#: There is somebody, who does not like to be asked by a machine.
_THERE: Final = frozenset({401, 403, 405, 406, 429, 451, 999})
_LIMITS: Final = FetchLimits(size=64 * 1024, total=12, silence=8)
_AGENT: Final = {"User-Agent": "TechnologyExchange/1.0 (link check)"}


# --- addresses ------------------------------------------------------------------------------------


def note_links(limit: int = 200) -> int:
    """Writes down the addresses of shown listings that are new or were changed."""
    done = 0
    for kind, model in LISTING_MODELS.items():
        for pk in list(_unread(model).order_by("pk").values_list("pk", flat=True)[: limit - done]):
            done += _note(kind, model, pk)
    return done


def _unread(model: type[Listing]) -> QuerySet[Any]:
    read = LinksRead.objects.filter(kind=model.KIND, key=OuterRef("public_id")).values("version")
    rows = model.objects.public().annotate(read=Coalesce(Subquery(read), 0))
    return rows.filter(read__lt=F("content_version"))


@transaction.atomic
def _note(kind: str, model: type[Listing], pk: int) -> int:
    row = _unread(model).filter(pk=pk).first()
    if row is None:  # withdrawn since it was found
        return 0
    found = addresses_in(row)
    links = ListingLink.objects.filter(kind=kind, key=row.public_id)
    links.exclude(url__in=found).delete()
    ListingLink.objects.bulk_create(
        [ListingLink(kind=kind, key=row.public_id, url=url, host=host_of(url)) for url in found],
        ignore_conflicts=True,
    )
    LinksRead.objects.update_or_create(
        kind=kind, key=row.public_id, defaults={"version": row.content_version}
    )
    return 1


def check_links(limit: int = 8, *, inside: Iterable[Network] = ()) -> int:
    """Tries the addresses that are due: a few, one a host, none that was asked a minute ago."""
    claimed = _claim(limit)
    for link in claimed:
        _write(link, *_try(link.url, inside))
    return len(claimed)


def _claim(limit: int) -> list[ListingLink]:
    now = clock.now()
    asked = ListingLink.objects.filter(checked_at__gt=now - _BETWEEN).values("host")
    claimed: dict[str, ListingLink] = {}
    for link in ListingLink.objects.due().exclude(host__in=asked)[: limit * 20]:
        if len(claimed) == limit:
            break
        if link.host in claimed:
            continue
        mine = ListingLink.objects.filter(pk=link.pk, next_check_at=link.next_check_at)
        if mine.update(next_check_at=now + _CLAIM):
            claimed[link.host] = link
    return list(claimed.values())


def _try(url: str, inside: Iterable[Network]) -> tuple[bool, str, bool]:
    """Whether it answers, what it says otherwise, and whether it says that it is gone."""
    fetcher = Fetcher(inside=inside, limits=_LIMITS, headers=_AGENT)
    try:
        with fetcher.get(url):
            return True, "", False
    except FetchProblem as problem:
        return problem.status in _THERE, str(problem.message)[:300], problem.status in _GONE
    finally:
        fetcher.close()


@transaction.atomic
def _write(link: ListingLink, answers: bool, problem: str, gone: bool) -> None:
    row = ListingLink.objects.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if row is None:  # the listing names it no more
        return
    now = clock.now()
    row.failures = 0 if answers else row.failures + (2 if gone and row.failures else 1)
    dead = row.failures >= _DEAD_AFTER or (row.state == LinkState.DEAD and not answers)
    row.state = LinkState.ALIVE if answers else LinkState.DEAD if dead else LinkState.FAILING
    row.problem, row.checked_at = "" if answers else problem, now
    row.next_check_at = now + _AGAIN[LinkState(row.state)]
    was, row.dead_since = row.dead_since, (row.dead_since or now) if dead else None
    row.save()
    if dead and was is None:
        _tell_of_link(row)


def _tell_of_link(link: ListingLink) -> None:
    listing = LISTING_MODELS[link.kind].objects.public().filter(public_id=link.key).first()
    if listing is None:
        return
    record("dead_link", listing, "listings.check_links", host=link.host)
    for person in posters(listing, None):
        notify(
            kind=DEAD_LINK,
            recipient=person,
            dedupe_key=f"{DEAD_LINK}:{link.pk}:{link.dead_since:%Y%m%d%H%M%S}",
            context={"title": listing.title, "url": link.url, "problem": link.problem},
            url=listing.owner_url,
        )


# --- rights ---------------------------------------------------------------------------------------


def tell_of_rights(limit: int = 100) -> int:
    """Tells owners of shown offers of rights that lapse or have lapsed, and asks for missing last days."""
    done = 0
    for pk in list(_untold().order_by("pk").values_list("pk", flat=True)[:limit]):
        done += _tell_of_right(pk)
    return done


def _untold() -> QuerySet[Any]:
    today = clock.today()
    told = RightTold.objects.filter(key=OuterRef("listing__public_id"), number=OuterRef("number"))
    dated = told.filter(lapses_on=OuterRef("lapses_on"))
    shown = TechnologyOffer.objects.public().values("pk")
    rows = OfferIpRight.objects.filter(rights_to_mend(), listing__in=shown)
    return rows.exclude(
        Q(Exists(told.filter(stage=RightTold.Stage.UNDATED)), lapses_on=None)
        | Q(Exists(dated.filter(stage=RightTold.Stage.LAPSED)), lapses_on__lt=today)
        | Q(Exists(dated.filter(stage=RightTold.Stage.SOON)), lapses_on__gte=today)
    )


@transaction.atomic
def _tell_of_right(pk: int) -> int:
    row = _untold().select_related("listing__organization").filter(pk=pk).first()
    stage = stage_of(row) if row is not None else None
    if row is None or stage is None:
        return 0
    offer = row.listing
    RightTold.objects.create(
        key=offer.public_id, number=row.number, stage=stage, lapses_on=row.lapses_on
    )
    record(f"right_{stage}", offer, "listings.rights", number=row.number)
    day = f"{row.lapses_on:%d/%m/%Y}" if row.lapses_on else ""
    for person in posters(offer, None):
        notify(
            kind=RIGHT_LAPSES,
            recipient=person,
            dedupe_key=f"{RIGHT_LAPSES}:{offer.public_id}:{row.number}:{stage}:{day}",
            context={"title": offer.title, "number": row.number, "stage": str(stage), "day": day},
            url=offer.owner_url,
        )
    return 1
