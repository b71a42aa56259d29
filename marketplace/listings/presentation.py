"""Listings as readers see them: cards, facts, figures. Only public parts, and the owner unless hidden."""

from collections.abc import Hashable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from marketplace.core.fields import show_number
from marketplace.core.templatetags.design import date_vi, money, money_range
from marketplace.listings.forms.transfer import COUNTRIES
from marketplace.listings.models import (
    Equipment,
    Listing,
    ListingStatus,
    Need,
    PricedListing,
    Service,
    Specification,
    TechnologyOffer,
)
from marketplace.listings.models.listing import CARD_FIELDS
from marketplace.taxonomy.labels import label, labels

HIDDEN_OWNER = gettext_lazy("Doanh nghiệp ẩn tên")
Facts = list[tuple[str, str]]

#: Status → (tone, icon) of components/status.html.
STATUS_LOOKS: dict[str, tuple[str, str]] = {
    ListingStatus.DRAFT: ("open", "edit"),
    ListingStatus.OWN_REVIEW: ("warn", "clock"),
    ListingStatus.IN_REVIEW: ("warn", "clock"),
    ListingStatus.RETURNED: ("care", "alert"),
    ListingStatus.PUBLISHED: ("good", "check"),
    ListingStatus.CHANGES_IN_REVIEW: ("good", "clock"),
    ListingStatus.CHANGES_OWN_REVIEW: ("good", "clock"),
    ListingStatus.CHANGES_RETURNED: ("care", "alert"),
    ListingStatus.CHANGES_DRAFT: ("good", "edit"),
    ListingStatus.EXPIRED: ("warn", "calendar"),
    ListingStatus.SUSPENDED: ("care", "clock"),
    ListingStatus.WITHDRAWN: ("open", "minus"),
}


def owner_name(listing: Listing) -> str:
    owner = listing.public_owner()
    return owner.name if owner is not None else str(HIDDEN_OWNER)


def price(listing: Listing) -> str:
    """What a card says about money; nothing where nothing is stated."""
    if isinstance(listing, Need):
        sums = money_range(listing.budget_min, listing.budget_max)
        return _("Ngân sách %(sums)s") % {"sums": sums} if sums else ""
    if isinstance(listing, PricedListing):
        if listing.price_mode in ("contact", "free"):
            return label("price-modes", listing.price_mode)
        if listing.price_min is not None and listing.price_max is None:
            return money(listing.price_min)
        return money_range(listing.price_min, listing.price_max)
    return ""


def card(listing: Listing) -> dict[str, Any]:
    """What the card of a listing says (`components/listing_card.html`)."""
    said, basis, owner = price(listing), getattr(listing, "price_basis", ""), listing.public_owner()
    if said and basis:
        said = f"{said} · {label('price-bases', basis)}"
    return {
        "kind": listing.KIND,
        "title": str(listing),
        "url": listing.get_absolute_url(),
        "lang": listing.language,
        "summary": listing.summary,
        "place": label("provinces", listing.province_code) if listing.province_code else "",
        "trl": getattr(listing, "trl", None),
        "price": said,
        "deadline": getattr(listing, "deadline", None),
        "turnaround": getattr(listing, "turnaround", ""),
        "organization": owner_name(listing),
        "verified": owner is not None and owner.is_verified,
    }


def card_key(listing: Listing) -> tuple[Hashable, ...]:
    """All that `card` is made of, for less than making it."""
    owner = listing.public_owner()
    return (
        listing.KIND,
        listing.public_id,
        str(listing),
        label("provinces", listing.province_code) if listing.province_code else "",
        owner and (owner.name, owner.is_verified),
        *(getattr(listing, name, None) for name in CARD_FIELDS),
        *(
            label(scheme, code) if (code := getattr(listing, name, "")) else ""
            for name, scheme in (("price_basis", "price-bases"), ("price_mode", "price-modes"))
        ),
    )


def amount(row: Specification) -> str:
    """A figure in words and signs: ≥ 92 %, 45–50 °C, không phát hiện."""
    operator = Specification.Operator
    low = show_number(row.low) if row.low is not None else ""
    high = show_number(row.high) if row.high is not None else ""
    if row.operator == operator.TEXT:
        figure = row.text
    elif row.operator == operator.AT_LEAST:
        figure = f"≥ {low or high}"
    elif row.operator == operator.AT_MOST:
        figure = f"≤ {high or low}"
    elif row.operator == operator.BETWEEN:
        figure = f"{low}–{high}"
    else:
        figure = low or high
    return f"{figure} {row.unit}".strip()


def facts(listing: Listing) -> Facts:
    """The few facts a reader decides by, for the panel beside the text; all of them short."""
    return [(name, value) for name, value in _FACTS[listing.KIND](listing) if value]


def details(listing: Listing) -> Facts:
    """The other facts, which may be long."""
    return [(name, value) for name, value in _DETAILS[listing.KIND](listing) if value]


def _codes(scheme: str, codes: list[str]) -> str:
    return "; ".join(labels(scheme, codes))


def _code(scheme: str, code: str) -> str:
    return label(scheme, code) if code else ""


def _country(code: str) -> str:
    return str(dict(COUNTRIES).get(code, code)) if code else ""


def _subject(listing: Listing) -> Facts:
    return [
        (_("Lĩnh vực"), _codes("st-fields", listing.field_codes)),
        (_("Ngành"), _codes("industries", listing.industry_codes)),
    ]


def _need_facts(need: Need) -> Facts:
    return [
        (_("Ngân sách"), money_range(need.budget_min, need.budget_max) or _("thương lượng")),
        (_("Hạn nhận đề xuất"), date_vi(need.deadline)),
        (
            _("Mức sẵn sàng"),
            _("từ TRL %(level)s") % {"level": need.required_trl} if need.required_trl else "",
        ),
        (_("Địa điểm"), _code("provinces", need.province_code)),
        (_("Hiển thị đến"), date_vi(need.valid_until)),
        (_("Đăng qua"), credited_broker(need)),
    ]


def credited_broker(need: Need) -> str:
    """Who found the need and posted it for the firm; not beside a hidden firm, whom it might name."""
    return need.found_by.name if need.found_by is not None and not need.hide_owner else ""


def _need_details(need: Need) -> Facts:
    return [
        (_("Loại nhu cầu"), _codes("need-kinds", need.need_kinds)),
        (_("Quy mô, sản lượng"), need.volume),
        (_("Mặt bằng, điều kiện"), need.site),
        (_("Đối tác cần tìm"), _codes("partner-kinds", need.partners_sought)),
        (_("Việc của đối tác"), need.partner_role),
        *_subject(need),
    ]


def _price_fact(listing: PricedListing) -> tuple[str, str]:
    is_stated = bool(listing.price_mode) and listing.price_mode not in ("contact", "free")
    return (label("price-modes", listing.price_mode) if is_stated else _("Giá"), price(listing))


def _offer_facts(offer: TechnologyOffer) -> Facts:
    return [
        _price_fact(offer),
        (_("Sở hữu trí tuệ"), _code("ip-statuses", offer.ip_status)),
        (_("Căn cứ quyền"), _code("right-bases", offer.right_basis)),
        (_("Xuất xứ"), _country(offer.origin)),
        (_("Địa điểm"), _code("provinces", offer.province_code)),
    ]


def _offer_details(offer: TechnologyOffer) -> Facts:
    is_transfer = (
        pgettext("chuyển giao công nghệ", "Có")
        if offer.is_technology_transfer
        else _("Không, chỉ bán thiết bị")
    )
    return [
        (_("Chuyển giao công nghệ"), is_transfer),
        (_("Hình thức chuyển giao"), _codes("transfer-forms", offer.transfer_forms)),
        (_("Quyền được chuyển giao"), _codes("transfer-rights", offer.transfer_rights)),
        (_("Phương thức chuyển giao"), _codes("transfer-methods", offer.transfer_methods)),
        (_("Phương thức cung cấp"), _codes("supply-ways", offer.supply_ways)),
        (_("Giá gồm"), offer.price_note),
        (_("Chi phí phát sinh"), offer.extra_costs),
        (_("Bảo hành, hỗ trợ"), offer.warranty),
        (_("Mức độ phát triển"), _code("development-levels", offer.development_level)),
        (_("Chứng nhận"), offer.certificates),
        (_("Khách hàng mục tiêu"), offer.customers),
        *_subject(offer),
    ]


def _equipment_facts(equipment: Equipment) -> Facts:
    return [
        _price_fact(equipment),
        (_("Ký hiệu"), equipment.model_name),
        (_("Hãng sản xuất"), equipment.manufacturer),
        (_("Năm sản xuất"), str(equipment.year_made or "")),
        (_("Tình trạng máy"), _code("equipment-conditions", equipment.condition)),
        (_("Xuất xứ"), _country(equipment.origin)),
        (_("Địa điểm"), _code("provinces", equipment.province_code)),
    ]


def _equipment_details(equipment: Equipment) -> Facts:
    return [
        (_("Cách cung cấp"), _codes("supply-modes", equipment.supply_modes)),
        (_("Phương thức cung cấp"), _codes("supply-ways", equipment.supply_ways)),
        (
            _("Chuyển giao công nghệ"),
            _("Kèm theo máy") if equipment.is_technology_transfer else "",
        ),
        (_("Giá gồm"), equipment.price_note),
        (_("Bảo hành, hỗ trợ"), equipment.warranty),
        (_("Mức độ phát triển"), _code("development-levels", equipment.development_level)),
        *_subject(equipment),
    ]


def _service_facts(service: Service) -> Facts:
    return [
        _price_fact(service),
        (_("Giá tính theo"), _code("price-bases", service.price_basis)),
        (_("Thời gian hoàn thành"), service.turnaround),
        (_("Nhận việc ở"), places_served(service)),
        (_("Cơ sở tại"), _code("provinces", service.province_code)),
    ]


def places_served(service: Service) -> str:
    return _("Cả nước") if service.is_nationwide else _codes("provinces", service.served_provinces)


def _service_details(service: Service) -> Facts:
    return [
        (_("Loại dịch vụ"), _codes("service-kinds", service.service_kinds)),
        (_("Khách hàng chuẩn bị"), service.client_provides),
        (_("Giá gồm"), service.price_note),
        *_subject(service),
    ]


_FACTS: dict[str, Any] = {
    "need": _need_facts,
    "offer": _offer_facts,
    "equipment": _equipment_facts,
    "service": _service_facts,
}
_DETAILS: dict[str, Any] = {
    "need": _need_details,
    "offer": _offer_details,
    "equipment": _equipment_details,
    "service": _service_details,
}


def passages(listing: Listing) -> Facts:
    """The running text, headed."""
    if isinstance(listing, Need):
        found = [
            (_("Vấn đề và hiện trạng"), listing.problem),
            (_("Kết quả cần đạt"), listing.required),
        ]
    elif isinstance(listing, TechnologyOffer):
        found = [
            (_("Vấn đề được giải quyết"), listing.problem),
            (_("Ưu điểm"), listing.advantage),
            (_("Tốt hơn bao nhiêu"), _joined(listing.improvement, listing.compared_with)),
            (_("Nguyên lý, quy trình"), listing.principle),
        ]
    elif isinstance(listing, Service):
        found = [
            (_("Nội dung công việc"), listing.scope),
            (_("Khách hàng nhận được gì"), listing.deliverables),
            (_("Việc đã làm"), listing.experience),
        ]
    else:
        assert isinstance(listing, Equipment)
        found = [
            (_("Ưu điểm"), listing.advantage),
            (_("Nguyên lý làm việc"), listing.principle),
        ]
    return [(heading, text) for heading, text in found if text]


def decided_by(listing: Listing) -> str:
    """The sentence a buyer decides by, where it has a place of its own on the page."""
    return listing.improvement if isinstance(listing, TechnologyOffer) else ""


def disclosure(listing: Listing) -> list[tuple[str, str]]:
    """What readers see and what waits for both sides' word: icon and sentence. Never what it says."""
    told = [("eye", _("Mọi điều trên trang này là công khai"))]
    if listing.hide_owner:
        told.append(("lock", _("Tên tổ chức: khi hai bên đồng ý")))
    if listing.confidential:
        told.append(("lock", _("Phần bảo mật: khi hai bên đồng ý")))
    attachments: Any = listing.attachments
    if any(file.is_confidential and not file.is_right_evidence for file in attachments.all()):
        told.append(("lock", _("Một số tài liệu: khi bên đăng đồng ý")))
    return told


def provenance(listing: Listing) -> Facts:
    """Who says so, since when, and until when it holds."""
    known = [
        (_("Số tin"), listing.display_number),
        (_("Đăng ngày"), date_vi(listing.first_published_at)),
        (_("Sửa gần nhất"), date_vi(listing.last_published_at)),
        (_("Bên đăng xác nhận"), date_vi(listing.last_confirmed_at)),
        (_("Hiển thị đến"), date_vi(listing.valid_until)),
        (_("Kiểm tra"), _("Cán bộ sàn đã duyệt trước khi đăng") if listing.live else ""),
    ]
    return [(name, value) for name, value in known if value]


def _joined(improvement: str, compared_with: str) -> str:
    if not compared_with:
        return improvement
    compared = _("So với: %(solution)s") % {"solution": compared_with}
    return f"{improvement}\n{compared}".strip()


def life(listing: Listing) -> list[dict[str, str]]:
    """The stages of a listing for its owner, as components/steps.html takes them."""
    status = listing.status
    submitted = status not in (
        ListingStatus.DRAFT,
        ListingStatus.RETURNED,
        ListingStatus.OWN_REVIEW,
    )
    stages = [(_("Soạn"), "done" if submitted else "current")]
    reviewed = listing.first_published_at is not None
    stages.append(
        (
            pgettext("tiến trình", "Duyệt"),
            "done" if reviewed else "current" if submitted else "todo",
        )
    )
    stages.append(
        (_("Hiển thị"), "current" if listing.is_public else "done" if reviewed else "todo")
    )
    return [{"label": name, "state": state} for name, state in stages]
