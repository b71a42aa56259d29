"""What the people in a deal are told: one kind of notice, and a sentence for each event."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import MANAGING_ROLES, Organization, User
from marketplace.cases.models import Case
from marketplace.cases.officers import officers
from marketplace.deals.models import Deal, DealMember, DealMessage, Milestone
from marketplace.deals.models.deals import CASE
from marketplace.deals.replying import reply_address
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.models import Notice
from marketplace.notifications.services import notify

DEAL: Final = "deal.changed"
MESSAGE: Final = "deal.message"
EVENTS: Final[dict[str, str | Promise]] = {
    "opened": _("Giao dịch của tổ chức bạn đã mở, cần người phụ trách"),
    "follow_up": _("Công nghệ, thiết bị đã nhận nay dùng thế nào?"),
    "seated": _("Bạn tham gia giao dịch"),
    "reviewing": _("Bạn vào nhóm đánh giá của bên mình, hãy cho điểm"),
    "nda": _("Bên kia đã chấp thuận thỏa thuận bảo mật"),
    "released": _("Bên kia đã mở một phần bảo mật cho bạn"),
    "offered": _("Bên kia gửi một bản điều khoản"),
    "agreed": _("Hai bên đã thống nhất điều khoản"),
    "reopened": _("Đàm phán được mở lại"),
    "contract_drawn": _("Đã có bản thảo hợp đồng"),
    "contract_waits": _("Bên kia đã xác nhận hợp đồng, chờ bạn"),
    "contracted": _("Hợp đồng đã có hai bên xác nhận"),
    "signed_copy": _("Có bản hợp đồng đã ký"),
    "register": _("Sắp hết hạn đăng ký hợp đồng chuyển giao công nghệ"),
    "registered": _("Hợp đồng đã có số đăng ký"),
    "message": _("Có tin nhắn mới trong giao dịch"),
    "reply_without_files": _(
        "Thư trả lời của bạn đã vào giao dịch, tệp kèm thì chưa: hãy tải lên ở đó"
    ),
    "reply_empty": _("Thư trả lời của bạn không có lời nào nên chưa vào giao dịch"),
    "reply_too_long": _("Thư trả lời của bạn quá dài nên chưa vào giao dịch"),
    "reply_closed": _("Giao dịch đã kết thúc nên không nhận thư trả lời của bạn"),
    "file": _("Có tệp mới trong giao dịch"),
    "meeting": _("Có buổi gặp mới trong giao dịch"),
    "meeting_cancelled": _("Buổi gặp trong giao dịch đã hủy"),
    "completed": _("Giao dịch đã thanh lý"),
    "terminated": _("Giao dịch đã dừng"),
    "requested": _("Bên giao đề nghị thanh toán một mốc"),
    "paid": _("Một mốc đã được thanh toán"),
    "reversed": _("Khoản thanh toán của một mốc bị hoàn lại"),
    "delivered": _("Bên giao báo đã bàn giao, chờ nghiệm thu"),
    "accepted": _("Một mốc đã được nghiệm thu"),
    "returned": _("Bên nhận đề nghị bổ sung trước khi nghiệm thu"),
    "prepares": _("Bạn được giao một việc trong kế hoạch chuẩn bị"),
    "prepare_due": _("Sắp tới ngày một việc trong kế hoạch chuẩn bị"),
    "asked": _("Bên kia hỏi bạn một câu, có hạn trả lời"),
    "answered": _("Bên kia đã trả lời câu hỏi của bạn"),
    "answer_corrected": _("Bên kia đính chính một câu trả lời"),
    "question_due": _("Sắp hết hạn trả lời một câu hỏi"),
    "question_overdue": _("Một câu hỏi đã quá hạn trả lời"),
    "dispute_opened": _("Có khiếu nại trong giao dịch, cần trả lời đúng hạn"),
    "dispute_answered": _("Bên kia đã trả lời khiếu nại"),
    "dispute_added": _("Bên kia nói thêm trong khiếu nại"),
    "dispute_due": _("Sắp hết hạn trả lời khiếu nại"),
    "dispute_overdue": _("Khiếu nại quá hạn trả lời, cán bộ sàn được báo"),
    "dispute_mediated": _("Cán bộ sàn hòa giải khiếu nại"),
    "dispute_settled": _("Khiếu nại đã có kết quả"),
    "dispute_withdrawn": _("Khiếu nại đã được rút lại"),
}

#: What happens every day: it may wait for the digest, or be switched off.
_ROOM: Final = frozenset({"message", "file", "meeting", "meeting_cancelled"})


def register_deal_notices() -> None:
    register_kind(NoticeKind(DEAL, _("Giao dịch"), "deal_changed", transactional=True))
    register_kind(
        NoticeKind(
            MESSAGE,
            _("Tin nhắn, tệp và buổi gặp trong giao dịch"),
            "deal_changed",
            reply_to=_reply_to,
        )
    )


def _reply_to(notice: Notice) -> str:
    """The room; its name stands in the key by which a notice is told once."""
    return reply_address(notice.dedupe_key.split(":")[1], notice.recipient.pk)


def tell_both(deal: Deal, event: str, *, by: Any, key: str = "") -> None:
    """Everybody in the deal but the one who did it."""
    _tell(deal, event, by=by, key=key or event)


def tell_side(deal: Deal, side: Organization, event: str, *, by: Any, key: str = "") -> None:
    """The people of one side but the one who did it."""
    _tell(deal, event, by=by, key=key or event, side=side)


def tell_message(message: DealMessage, *, by: Any) -> None:
    tell_both(message.deal, "message", by=by, key=f"message:{message.pk}")


def tell_milestone(milestone: Milestone, event: str, *, by: Any) -> None:
    # A milestone may be asked for, paid back and asked for again: each time is told.
    key = f"{event}:{milestone.number}:{milestone.content_version}"
    tell_both(milestone.deal, event, by=by, key=key)


def tell_managers(deal: Deal, side: Organization) -> None:
    """Those who manage a side of which nobody sits in the deal yet."""
    managers = User.objects.filter(
        is_active=True,
        memberships__organization=side,
        memberships__role__in=MANAGING_ROLES,
    )
    for person in managers.distinct().order_by("pk"):
        tell_person(deal, person, "opened", key="opened")


def staff_of(deal: Deal) -> Sequence[User]:
    """The officer of the deal's case, or everybody who takes cases while nobody has it."""
    case = Case.objects.filter(kind=CASE, subject=deal.public_id).first()
    return [case.officer] if case is not None and case.officer is not None else list(officers())


def tell_person(deal: Deal, person: User, event: str, *, key: str) -> None:
    notify(
        kind=MESSAGE if event in _ROOM else DEAL,
        recipient=person,
        dedupe_key=f"deal:{deal.public_id}:{key}",
        context={"event": event, "title": deal.title},
        url=deal.get_absolute_url(),
    )


def _tell(deal: Deal, event: str, *, by: Any, key: str, side: Organization | None = None) -> None:
    seats = DealMember.objects.filter(deal=deal, left_at=None)
    if side is not None:
        seats = seats.filter(organization=side)
    people = User.objects.filter(is_active=True, pk__in=seats.values("user"))
    for person in people.exclude(pk=getattr(by, "pk", None) or 0).order_by("pk"):
        tell_person(deal, person, event, key=key)
