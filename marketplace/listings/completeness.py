"""What a listing needs before staff see it. Drafts may lack any of it; submissions may not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.listings.models import (
    Equipment,
    Listing,
    Need,
    PricedListing,
    Service,
    TechnologyOffer,
)

NOT_YET_ASSIGNED = "not_yet"
STATE_ASSIGNED = "state_assigned"
CO_OWNER = "co_owner"
RIGHT_FIELDS = frozenset({"right_basis", "right_decision", "co_owner_share"})


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing: the field it is about and what to do."""

    field: str
    message: str | Promise


def gaps(listing: Listing) -> list[Gap]:
    """What is missing in a draft, in the order of its form."""
    return list(_CHECKS[listing.KIND](listing))


def right_gaps(listing: Listing) -> list[Gap]:
    """Which step towards the right to transfer is still missing; the rest of the form aside."""
    return [gap for gap in gaps(listing) if gap.field in RIGHT_FIELDS]


def _missing(listing: Listing, *wanted: tuple[str, Any]) -> Iterator[Gap]:
    for field, message in wanted:
        value = getattr(listing, field)
        if value is None or value == "" or value == []:
            yield Gap(field, message)


def _need(need: Need) -> Iterator[Gap]:
    yield from _missing(
        need,
        ("need_kinds", _("Chọn ít nhất một loại nhu cầu.")),
        ("title", _("Đặt tên cho nhu cầu.")),
        ("summary", _("Viết tóm tắt trong một câu.")),
        ("field_codes", _("Chọn ít nhất một lĩnh vực.")),
    )
    if not need.problem and not need.required:
        yield Gap("problem", _("Mô tả hiện trạng hoặc kết quả cần đạt."))
    if need.deadline is None and need.valid_until is None:
        yield Gap("deadline", _("Đặt hạn nhận đề xuất hoặc ngày hiển thị đến."))
    yield from _past(need, "deadline", "valid_until")
    yield from _missing(need, ("province_code", _("Chọn nơi sử dụng.")))
    yield from _no_contact(need)


def _offer(offer: TechnologyOffer) -> Iterator[Gap]:
    yield from _missing(
        offer,
        ("title", _("Đặt tên cho công nghệ.")),
        ("summary", _("Viết tóm tắt trong một câu.")),
        ("field_codes", _("Chọn ít nhất một lĩnh vực.")),
        ("advantage", _("Nêu ưu điểm.")),
        ("trl", _("Chọn mức độ sẵn sàng (TRL).")),
    )
    if offer.is_technology_transfer:
        yield from _missing(offer, ("transfer_forms", _("Chọn ít nhất một hình thức chuyển giao.")))
    elif not offer.supply_ways:
        yield Gap("supply_ways", _("Chọn ít nhất một phương thức cung cấp."))
    yield from _price(offer)
    yield from _past(offer, "valid_until")
    yield from _no_contact(offer)
    yield from _rights(offer)


def _rights(offer: TechnologyOffer) -> Iterator[Gap]:
    if not offer.right_basis:
        yield Gap("right_basis", _("Chọn căn cứ quyền."))
    elif offer.right_basis == NOT_YET_ASSIGNED:
        yield Gap(
            "right_basis",
            _(
                "Công nghệ chưa được giao quyền nên chưa gửi duyệt được. Bước còn thiếu: cơ quan chủ"
                " quản nhiệm vụ ra quyết định giao quyền sở hữu hoặc quyền sử dụng kết quả. Bản nháp"
                " vẫn được giữ; khi có quyết định, đổi căn cứ quyền và ghi số, ngày quyết định."
            ),
        )
    elif offer.right_basis == STATE_ASSIGNED and not offer.right_decision:
        yield Gap("right_decision", _("Ghi số và ngày quyết định giao quyền."))
    elif offer.right_basis == CO_OWNER and not offer.co_owner_share:
        yield Gap("co_owner_share", _("Ghi các đồng chủ sở hữu và tỷ lệ."))
    yield from _missing(offer, ("ip_status", _("Chọn tình trạng sở hữu trí tuệ.")))
    if offer.ip_status in ("filed", "granted") and not offer.ip_rights.all():
        yield Gap("ip_rights", _("Ghi số đơn hoặc số bằng."))


def _equipment(equipment: Equipment) -> Iterator[Gap]:
    yield from _missing(
        equipment,
        ("title", _("Đặt tên cho thiết bị.")),
        ("summary", _("Viết tóm tắt trong một câu.")),
        ("field_codes", _("Chọn ít nhất một lĩnh vực.")),
        ("advantage", _("Nêu ưu điểm.")),
        ("development_level", _("Chọn mức độ phát triển.")),
        ("supply_modes", _("Chọn ít nhất một cách cung cấp.")),
    )
    yield from _price(equipment)
    yield from _past(equipment, "valid_until")
    yield from _no_contact(equipment)


def _service(service: Service) -> Iterator[Gap]:
    yield from _missing(
        service,
        ("service_kinds", _("Chọn ít nhất một loại dịch vụ.")),
        ("title", _("Đặt tên cho dịch vụ.")),
        ("summary", _("Viết tóm tắt trong một câu.")),
        ("field_codes", _("Chọn ít nhất một lĩnh vực.")),
        ("scope", _("Ghi nội dung công việc.")),
        ("deliverables", _("Ghi khách hàng nhận được gì.")),
        ("turnaround", _("Ghi thời gian thực hiện.")),
    )
    yield from _accreditations(service)
    yield from _price(service)
    if not service.is_nationwide and not service.served_provinces:
        yield Gap("served_provinces", _("Chọn nơi nhận việc, hoặc “cả nước”."))
    yield from _past(service, "valid_until")
    yield from _no_contact(service)


def _accreditations(service: Service) -> Iterator[Gap]:
    for row in service.accreditations.all():
        if not row.number:
            yield Gap("accreditations", _("Ghi số của “%(name)s”.") % {"name": row.name})
        elif row.valid_until is not None and row.valid_until < clock.today():
            yield Gap(
                "accreditations",
                _("“%(name)s” đã hết hiệu lực: cập nhật hoặc bỏ đi.") % {"name": row.name},
            )


def _price(listing: PricedListing) -> Iterator[Gap]:
    if not listing.price_mode:
        yield Gap("price_mode", _("Chọn cách nêu giá."))
    elif listing.price_mode not in ("contact", "free") and listing.price_min is None:
        yield Gap("price_min", _("Ghi mức giá, hoặc chọn “liên hệ để biết giá”."))


def _past(listing: Listing, *fields: str) -> Iterator[Gap]:
    for field in fields:
        day = getattr(listing, field)
        if day is not None and day < clock.today():
            yield Gap(field, _("Ngày này đã qua, chọn ngày khác."))


def _no_contact(listing: Listing) -> Iterator[Gap]:
    # A firm without an account, for which staff write, has nobody to choose yet.
    if listing.contact_id is None and listing.organization.is_claimed:
        yield Gap("contact", _("Chọn người phụ trách."))


_CHECKS: dict[str, Any] = {
    Need.KIND: _need,
    TechnologyOffer.KIND: _offer,
    Equipment.KIND: _equipment,
    Service.KIND: _service,
}
