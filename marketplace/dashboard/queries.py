"""What the pages of this app read, in a fixed number of queries whatever there is to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.fronts import Front
from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.kept_pages import kept_part
from marketplace.deals.models import FinderCredit
from marketplace.listings.liveness import confirmed_share, liveness_terms
from marketplace.listings.models import (
    LISTING_MODELS,
    SUPPLY_MODELS,
    DailyViews,
    Listing,
    ListingStatus,
    Need,
)
from marketplace.mandates.models import (
    Mandate,
    MandateState,
    Scope,
    brokers_of,
    firms_acted_for,
)
from marketplace.matching.models import Band, LiveQuality, Match
from marketplace.notifications.models import Notice
from marketplace.notifications.rendering import subject_of
from marketplace.research.models import FacetCount, Register, Result
from marketplace.taxonomy.labels import label

#: What needs its owner first stands first.
_ORDER = (
    ListingStatus.RETURNED,
    ListingStatus.CHANGES_RETURNED,
    ListingStatus.SUSPENDED,
    ListingStatus.DRAFT,
    ListingStatus.EXPIRED,
    ListingStatus.CHANGES_DRAFT,
    ListingStatus.OWN_REVIEW,
    ListingStatus.CHANGES_OWN_REVIEW,
    ListingStatus.IN_REVIEW,
    ListingStatus.CHANGES_IN_REVIEW,
    ListingStatus.PUBLISHED,
    ListingStatus.WITHDRAWN,
)
NEXT_STEPS: dict[str, str | Promise] = {
    ListingStatus.RETURNED: _("Sửa theo lý do cán bộ nêu rồi gửi lại"),
    ListingStatus.CHANGES_RETURNED: _("Sửa theo lý do cán bộ nêu rồi gửi lại"),
    ListingStatus.DRAFT: _("Viết tiếp và gửi duyệt"),
    ListingStatus.EXPIRED: _("Chọn ngày mới rồi gửi duyệt lại"),
    ListingStatus.SUSPENDED: _("Xác nhận tin còn đúng để hiển thị lại ngay"),
    ListingStatus.CHANGES_DRAFT: _("Bản sửa chưa gửi duyệt"),
    ListingStatus.OWN_REVIEW: _("Chờ người quản lý của tổ chức duyệt"),
    ListingStatus.CHANGES_OWN_REVIEW: _("Bản sửa chờ người quản lý của tổ chức duyệt"),
    ListingStatus.IN_REVIEW: _("Chờ cán bộ sàn"),
    ListingStatus.CHANGES_IN_REVIEW: _("Bản sửa chờ cán bộ sàn"),
    ListingStatus.PUBLISHED: "",
    ListingStatus.WITHDRAWN: "",
}
STILL_RIGHT = _("Lâu chưa xác nhận: xác nhận nếu còn đúng")
ENDS_SOON = _("Sắp hết hạn hiển thị: gia hạn nếu còn đúng")


@dataclass(frozen=True, slots=True)
class Row:
    listing: Listing
    status: ListingStatus
    next_step: str | Promise
    needs_owner: bool

    @property
    def title(self) -> str:
        return self.listing.draft_title or str(self.listing)


def my_listings(user: User, organization: Organization) -> list[Row]:
    """Every kind of an organisation the person belongs to, what needs them first."""
    rows = []
    for model in LISTING_MODELS.values():
        owned = model.objects.owned_by(user).filter(organization=organization).with_status()
        rows += [_row(listing) for listing in owned.defer("confidential", "draft_inputs")]
    return sorted(rows, key=_urgency)


def _row(listing: Listing) -> Row:
    status = listing.status
    soon = (
        listing.is_public
        and listing.valid_until is not None
        and listing.valid_until <= clock.today() + timedelta(days=liveness_terms().ends_soon_days)
    )
    waits_for_owner = status in _ORDER[:5]
    asked = listing.is_public and listing.asked_at is not None
    step = NEXT_STEPS[status] or (ENDS_SOON if soon else STILL_RIGHT if asked else "")
    return Row(listing, status, step, waits_for_owner or soon or asked)


def _urgency(row: Row) -> tuple[bool, int, float]:
    moment = row.listing.submitted_at or row.listing.created_at
    return not row.needs_owner, _ORDER.index(row.status), -moment.timestamp()


def counts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    first = clock.today() - timedelta(days=29)
    views = DailyViews.objects.filter(
        key__in=[row.listing.public_id for row in rows], day__gte=first
    ).aggregate(total=Sum("count"))
    by_status = [row.status for row in rows]
    return [
        {"label": _("Cần bạn làm"), "value": sum(row.needs_owner for row in rows)},
        {
            "label": _("Chờ duyệt"),
            "value": by_status.count(ListingStatus.IN_REVIEW)
            + by_status.count(ListingStatus.CHANGES_IN_REVIEW),
        },
        {"label": _("Đang hiển thị"), "value": sum(row.listing.is_public for row in rows)},
        {"label": _("Lượt xem 30 ngày qua"), "value": views["total"] or 0},
    ]


@dataclass(frozen=True, slots=True)
class FirmOfBroker:
    """A firm that lets a broker act, what the broker posted for it and what it may read."""

    mandate: Mandate
    posted: tuple[Row, ...]
    #: The firm's open needs with how many matches each has; empty where the broker may not read them.
    matched: tuple[tuple[Need, int], ...]


@dataclass(frozen=True, slots=True)
class BrokerDesk:
    brokers: tuple[Organization, ...]
    firms: tuple[FirmOfBroker, ...]
    waiting: tuple[Mandate, ...]
    over: tuple[Mandate, ...]
    #: Needs that the brokers are credited with, and how many of them are open.
    found: int
    found_open: int
    #: Contracts that came of them.
    contracts: int


def broker_desk(user: User) -> BrokerDesk:
    """Of all brokers for which the person writes."""
    mandates = list(Mandate.objects.held_by(user).select_related("broker", "firm"))
    posted = [
        _row(need)
        for need in Need.objects.posted_through(user)
        .with_status()
        .select_related("organization")
        .defer("confidential", "draft_inputs")
    ]
    firms = firms_acted_for(user, Scope.MATCHES)
    open_needs = list(Need.objects.public().filter(organization__in=firms).order_by("-pk")[:200])
    counts = dict(
        Match.objects.shown_to(user)
        .filter(need__in=[need.pk for need in open_needs])
        .order_by()
        .values_list("need")
        .annotate(Count("pk"))
    )
    credited = Need.objects.found_by_brokers_of(user)
    return BrokerDesk(
        brokers=tuple(brokers_of(user).order_by("name", "pk")),
        firms=tuple(
            FirmOfBroker(
                mandate,
                tuple(
                    row
                    for row in sorted(posted, key=_urgency)
                    if row.listing.organization_id == mandate.firm_id
                    and row.listing.found_by_id == mandate.broker_id
                ),
                tuple(
                    (need, counts.get(need.pk, 0))
                    for need in open_needs
                    if mandate.may_read_matches and need.organization_id == mandate.firm_id
                ),
            )
            for mandate in mandates
            if mandate.is_in_force
        ),
        waiting=tuple(one for one in mandates if one.state == MandateState.ASKED),
        over=tuple(
            one for one in mandates if one.state != MandateState.ASKED and not one.is_in_force
        ),
        found=credited.count(),
        found_open=credited.public().count(),
        contracts=FinderCredit.objects.filter(broker__in=brokers_of(user)).count(),
    )


def newest_notices(user: User, most: int = 5) -> list[dict[str, Any]]:
    notices = Notice.objects.filter(recipient=user, retired_at=None).select_related("recipient")
    return [
        {"notice": notice, "text": subject_of(notice)}
        for notice in notices.order_by("-created_at", "-pk")[:most]
    ]


def newest_matches(user: User, organization: Organization, most: int = 5) -> list[Match]:
    """What was found last for the organisation's needs, without what was passed or is weak."""
    found = Match.objects.shown_to(user).with_candidates()
    return list(
        found.filter(need__organization=organization, passed_at=None)
        .exclude(band=Band.WEAK)
        .order_by("-first_matched_at", "rank", "pk")[:most]
    )


def views_by_day(listing: Listing, days: int = 30) -> list[tuple[date, int]]:
    first = clock.today() - timedelta(days=days - 1)
    found = dict(
        DailyViews.objects.filter(
            kind=listing.KIND, key=listing.public_id, day__gte=first
        ).values_list("day", "count")
    )
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def views_in_all(listing: Listing) -> int:
    views = DailyViews.objects.filter(kind=listing.KIND, key=listing.public_id)
    return views.aggregate(total=Sum("count"))["total"] or 0


def front_page_numbers(front: Front) -> dict[str, list[dict[str, Any]]]:
    """Everything that is counted for the front page; remembered as long as pages are kept."""
    key = f"front-page:{front.key}:{get_language()}"
    found: dict[str, list[dict[str, Any]]] | None = cache.get(key)
    if found is None:
        found = {
            "figures": front_page_figures(front),
            "fields": front_page_fields(front),
            # It is measured over all listings: of the site's own alone it would not be true.
            "quality": [] if front.own_only else front_page_quality(),
        }
        for items in found.values():
            for item in items:
                # In the words of this language, not of the next reader's.
                item.update({name: str(item[name]) for name in ("label", "note") if name in item})
        cache.set(key, found, settings.KEPT_PAGES_SECONDS)
    return found


def front_page_figures(front: Front) -> list[dict[str, Any]]:
    offered = sum(
        model.objects.public().shown_on(front).count() for model in SUPPLY_MODELS.values()
    )
    return [
        {"label": _("Nhu cầu đang mở"), "value": Need.objects.public().shown_on(front).count()},
        {"label": _("Kết quả nghiên cứu"), "value": Result.objects.public().count()},
        {"label": _("Công nghệ, thiết bị, dịch vụ"), "value": offered},
        {"label": _("Tổ chức"), "value": Organization.objects.public().count()},
    ]


_FIELDS_SHOWN = 12


def front_page_fields(front: Front) -> list[dict[str, Any]]:
    """The fields that the site features, in their order; else those of the second level with most results."""
    counts = FacetCount.objects.filter(register=Register.RESULT, by="", facet="field")
    if front.fields:
        known = dict(counts.filter(value__in=front.fields).values_list("value", "count"))
        return [
            {"code": code, "label": label("st-fields", code), "count": known.get(code, 0)}
            for code in front.fields
        ]
    rows = counts.alias(level=Length("value")).filter(level=3, count__gt=0)
    return [
        {"code": code, "label": label("st-fields", code), "count": count}
        for code, count in rows.order_by("-count", "value").values_list("value", "count")[
            :_FIELDS_SHOWN
        ]
    ]


def front_page_quality() -> list[dict[str, Any]]:
    """What the exchange says of itself: how many needs are met, how fresh its listings are."""
    items = []
    today = LiveQuality.objects.order_by("-day").first()
    if today is not None and today.needs:
        items.append(
            {
                "label": _("Nhu cầu đang mở có ít nhất một gợi ý đủ tốt"),
                "value": f"{round(100 * today.needs_met / today.needs)} %",
                "note": _("%(met)s trên %(needs)s nhu cầu")
                % {"met": today.needs_met, "needs": today.needs},
            }
        )
    confirmed = confirmed_share()
    if confirmed.shown:
        items.append(
            {
                "label": _("Tin được bên đăng xác nhận trong %(days)s ngày qua")
                % {"days": confirmed.days},
                "value": f"{confirmed.percent} %",
            }
        )
    return items


def newest(model: type[Listing], most: int, front: Front) -> list[Listing]:
    def read() -> list[Listing]:
        return list(model.objects.public().shown_on(front).own_first(front).for_cards()[:most])

    return kept_part(f"newest:{model.KIND}:{most}:{front.key}", read)
