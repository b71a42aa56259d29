"""Interests and deals of the demo, in several states; all of it goes the way that people go, through the services.

Each step looks for what is there already: killed in between, it goes on; run again, it does nothing.
"""

from dataclasses import replace
from typing import Any, Final

from django.db import transaction

from marketplace.accounts.models import Membership, Organization, Role
from marketplace.deals.models import Deal, ExpressionOfInterest, MemberRole, StandardLicence
from marketplace.deals.services import (
    accept_interest,
    decline_interest,
    deliver_milestone,
    express_interest,
)
from marketplace.deals.services.contracts import confirm_contract, draw_contract
from marketplace.deals.services.disclosure import accept_agreement, agreement_of
from marketplace.deals.services.disputes import open_dispute
from marketplace.deals.services.licences import LicenceTerms, offer_licence
from marketplace.deals.services.people import seat_person
from marketplace.deals.services.rooms import write_message
from marketplace.deals.services.terms import PlanLine, Terms, accept_terms, offer_terms
from marketplace.listings.models import Need, Service, TechnologyOffer

#: The firm and the institute whose accounts the demo's page names, and a second firm.
FIRM, SECOND, INSTITUTE = "a-org-01", "b-org-01", "a-org-07"
_TERMS: Final = Terms(
    price_form="instalments",
    contents={
        "object": "Quy trình, bản vẽ và tài liệu vận hành; chuyển giao cho một dây chuyền.",
        "quality": "Công suất và chất lượng sản phẩm như tin đăng, nghiệm thu sau 30 ngày chạy thử.",
        "rights": "Quyền sử dụng không độc quyền trong lãnh thổ Việt Nam, không chuyển giao lại.",
        "method": "Tài liệu, đào tạo 6 cán bộ, chuyên gia hướng dẫn 15 ngày.",
        "price": "1 tỷ đồng, chưa gồm thuế; trả theo ba mốc.",
        "term": "Ba năm kể từ ngày hai bên xác nhận.",
        "disputes": "Thương lượng; nếu không được thì đưa ra Tòa án nhân dân có thẩm quyền.",
    },
    plan=(
        PlanLine("Tạm ứng khi hợp đồng có hiệu lực", 300_000_000),
        PlanLine("Bàn giao tài liệu, chạy thử", 500_000_000),
        PlanLine("Nghiệm thu, đào tạo xong", 200_000_000),
    ),
)
#: Of a test of samples: smaller, and paid by card.
_TEST: Final = replace(
    _TERMS,
    contents=_TERMS.contents
    | {
        "object": "Thử hạn dùng của ba mẫu trái cây sấy, mỗi mẫu 90 ngày.",
        "quality": "Theo phương pháp nêu ở tin đăng; báo cáo có số liệu từng lần đo.",
        "rights": "Kết quả thử thuộc bên nhận; bên giao được dùng số liệu đã ẩn tên.",
        "method": "Bên nhận gửi mẫu; bên giao gửi báo cáo và số liệu gốc.",
        "price": "48 triệu đồng, chưa gồm thuế; trả theo hai mốc.",
        "term": "Sáu tháng kể từ ngày hai bên xác nhận.",
    },
    plan=(
        PlanLine("Đặt cọc khi gửi mẫu", 18_000_000),
        PlanLine("Nhận báo cáo thử nghiệm", 30_000_000),
    ),
)


#: Of a machine's drawings, to be accepted and paid without talks.
_LICENCE: Final = LicenceTerms(
    replace(
        _TERMS,
        contents=_TERMS.contents
        | {
            "object": "Bản vẽ chế tạo, quy trình vận hành và bảo trì của thiết bị trong tin; làm một máy.",
            "quality": "Đúng chỉ tiêu ghi ở tin đăng khi máy được làm theo bản vẽ.",
            "method": "Gửi bản vẽ và tài liệu; hướng dẫn lắp đặt từ xa ba buổi.",
            "price": "45 triệu đồng, chưa gồm thuế; trả theo hai mốc.",
        },
        plan=(
            PlanLine("Khi chấp nhận", 30_000_000),
            PlanLine("Nhận đủ bản vẽ, tài liệu", 15_000_000),
        ),
    ),
    days=(7, 30),
)


def seed_deals(organizations: dict[str, Organization]) -> tuple[int, int]:
    """How many interests and deals there are then."""
    firm, second, institute = (organizations[key] for key in (FIRM, SECOND, INSTITUTE))
    people = [person_of(one) for one in (firm, second, institute)]
    offers = list(
        TechnologyOffer.objects.public().filter(organization=institute).order_by("pk")[:3]
    )
    needs = list(Need.objects.public().filter(organization=firm).order_by("pk")[:1])
    tests = list(Service.objects.public().filter(organization=institute).order_by("pk")[:1])
    if None not in people and len(offers) == 3 and needs and tests:
        mai, bao, son = people
        _tested(tests[0], firm, institute, by=mai, other=son)
        _talking(offers[0], firm, institute, by=mai, other=son)
        _contracted(offers[1], second, institute, by=bao, other=son)
        _declined(offers[1], firm, by=mai, other=son)
        _waiting(offers[0], second, by=bao)
        _waiting(needs[0], institute, by=son)
        _licensed(offers[2], by=son)
    return ExpressionOfInterest.objects.count(), Deal.objects.count()


def person_of(organization: Organization, role: str = Role.OWNER) -> Any:
    """The first of an organisation's people in a role; none where there is nobody."""
    held = Membership.objects.filter(organization=organization, role=role).select_related("user")
    found = held.order_by("user_id").first()
    return found.user if found else None


def _sent(subject: Any, asker: Organization, *, by: Any, why: str, wants: str) -> Any:
    """The interest, where it is not there yet."""
    rows = ExpressionOfInterest.objects.filter(
        kind=subject.KIND, subject_id=subject.pk, asker=asker
    )
    if rows.exists():
        return None
    return express_interest(subject, kind=subject.KIND, asker=asker, why=why, wants=wants, by=by)


@transaction.atomic
def _talking(
    offer: Any, firm: Organization, institute: Organization, *, by: Any, other: Any
) -> None:
    sent = _sent(offer, firm, by=by, wants="transfer", why="Muốn đưa vào xưởng trong năm tới.")
    if sent is None:
        return
    deal = accept_interest(sent, by=other)
    _seat_others(deal, (institute, other), (firm, by))
    write_message(deal, text="Chào anh, bên tôi muốn xem số liệu chạy thử.", side=firm, by=by)
    write_message(
        deal, text="Chào chị, mời chị xem ở trang Bảo mật sau khi hai bên chấp thuận thỏa thuận.",
        side=institute, by=other,
    )  # fmt: skip
    _agree_on_secrecy(deal, (institute, other))
    offer_terms(deal, _TERMS, side=institute, by=other)


@transaction.atomic
def _contracted(
    offer: Any, firm: Organization, institute: Organization, *, by: Any, other: Any
) -> None:
    sent = _sent(offer, firm, by=by, wants="transfer", why="Cần cho dây chuyền đang lắp.")
    if sent is None:
        return
    deal = accept_interest(sent, by=other)
    _seat_others(deal, (institute, other), (firm, by))
    _agree_on_secrecy(deal, (institute, other), (firm, by))
    _sign(deal, _TERMS, (institute, other), (firm, by))
    deliver_milestone(deal.milestones.get(number=2), by=other)


@transaction.atomic
def _tested(test: Any, firm: Organization, institute: Organization, *, by: Any, other: Any) -> None:
    """A small one in which nothing is confidential, and of which something is disputed."""
    sent = _sent(test, firm, by=by, wants="quote", why="Cần biết hạn dùng trước khi in bao bì.")
    if sent is not None:
        deal = accept_interest(sent, by=other)
        _seat_others(deal, (institute, other), (firm, by))
        _sign(deal, _TEST, (institute, other), (firm, by))
        open_dispute(
            deal, side=firm, milestone=deal.milestones.get(number=1), reason="late_work",
            text="Mẫu đã gửi hai tuần, bên giao chưa có lịch thử.",
            wanted="Gửi lịch thử của ba mẫu trong năm ngày làm việc.", by=by,
        )  # fmt: skip


def _sign(deal: Deal, terms: Terms, *sides: tuple[Organization, Any]) -> None:
    """The first side offers, the other accepts; both confirm the contract."""
    (seller, offering), (buyer, accepting) = sides
    sheet = offer_terms(deal, terms, side=seller, by=offering)
    accept_terms(sheet, side=buyer, sha256=sheet.sha256, by=accepting)
    contract = draw_contract(deal, by=offering)
    for side, person in reversed(sides):
        confirm_contract(contract, side=side, sha256=contract.sha256, signed_as="owner", by=person)


def _seat_others(deal: Deal, *sides: tuple[Organization, Any]) -> None:
    """Who signs with a second factor, and who asks for money and pays it."""
    for side, lead in sides:
        for rank, role in (
            (Role.MANAGER, MemberRole.SIGNATORY),
            (Role.FINANCE, MemberRole.FINANCE),
        ):
            person = person_of(side, rank)
            if person is not None:
                seat_person(deal, person=person, organization=side, role=role, by=lead)


def _agree_on_secrecy(deal: Deal, *sides: tuple[Organization, Any]) -> None:
    for side, person in sides:
        accept_agreement(
            deal, side=side, sha256=agreement_of(deal).sha256, signed_as="lead",
            by_second_factor=False, by=person,
        )  # fmt: skip


@transaction.atomic
def _declined(offer: Any, firm: Organization, *, by: Any, other: Any) -> None:
    sent = _sent(offer, firm, by=by, wants="quote", why="Xin báo giá cho quy mô nhỏ.")
    if sent is not None:
        decline_interest(sent, reason="already_bound", note="Đã có bên nhận độc quyền", by=other)


def _licensed(offer: TechnologyOffer, *, by: Any) -> None:
    if not StandardLicence.objects.of(offer.KIND, offer.pk).exists():
        offer_licence(offer, kind=offer.KIND, terms=_LICENCE, by=by)


def _waiting(subject: Any, asker: Organization, *, by: Any) -> None:
    _sent(subject, asker, by=by, wants="meeting", why="Xin hẹn trao đổi trong tháng này.")
