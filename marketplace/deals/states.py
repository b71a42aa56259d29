"""Lifecycles of this app as data."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.transitions import Table


class ExpressionState(models.TextChoices):
    SENT = "sent", _("Chờ trả lời")
    ACCEPTED = "accepted", _("Đã đồng ý kết nối")
    DECLINED = "declined", _("Đã từ chối")
    WITHDRAWN = "withdrawn", _("Đã rút lại")
    CLOSED = "closed", _("Cán bộ sàn đã đóng")


#: Whoever is first decides: an answer stays, and another try is another expression.
EXPRESSION_TRANSITIONS: Table = {
    ExpressionState.SENT: frozenset(
        {
            ExpressionState.ACCEPTED,
            ExpressionState.DECLINED,
            ExpressionState.WITHDRAWN,
            ExpressionState.CLOSED,
        }
    ),
}


class DealState(models.TextChoices):
    TALKING = "talking", _("Đang trao đổi")
    AGREED = "agreed", _("Đã thống nhất điều khoản")
    CONTRACTED = "contracted", _("Đã ký hợp đồng")
    COMPLETED = "completed", _("Đã thanh lý")
    TERMINATED = "terminated", _("Đã dừng")


#: Agreed terms may be opened again until there is a contract; what has ended stays ended.
DEAL_TRANSITIONS: Table = {
    DealState.TALKING: frozenset({DealState.AGREED, DealState.TERMINATED}),
    DealState.AGREED: frozenset({DealState.TALKING, DealState.CONTRACTED, DealState.TERMINATED}),
    DealState.CONTRACTED: frozenset({DealState.COMPLETED, DealState.TERMINATED}),
}
ENDED_DEALS: Final = (DealState.COMPLETED, DealState.TERMINATED)


class MilestoneState(models.TextChoices):
    """Where the money of a milestone stands; what was done for it is `WorkState`."""

    PLANNED = "planned", pgettext_lazy("mốc thanh toán", "Chưa đến lượt")
    REQUESTED = "requested", _("Đã đề nghị thanh toán")
    PAID = "paid", _("Đã thanh toán")
    CANCELLED = "cancelled", pgettext_lazy("mốc thanh toán", "Đã bỏ")


#: A payment that the bank or the card company took back leaves the milestone to be paid again.
MILESTONE_TRANSITIONS: Table = {
    MilestoneState.PLANNED: frozenset(
        {MilestoneState.REQUESTED, MilestoneState.PAID, MilestoneState.CANCELLED}
    ),
    MilestoneState.REQUESTED: frozenset(
        {MilestoneState.PLANNED, MilestoneState.PAID, MilestoneState.CANCELLED}
    ),
    MilestoneState.PAID: frozenset({MilestoneState.REQUESTED}),
}


class WorkState(models.TextChoices):
    """What was handed over for a milestone; an advance is paid before it, most others after."""

    OPEN = "open", _("Chưa bàn giao")
    DELIVERED = "delivered", _("Chờ nghiệm thu")
    ACCEPTED = "accepted", _("Đã nghiệm thu")


WORK_TRANSITIONS: Table = {
    WorkState.OPEN: frozenset({WorkState.DELIVERED}),
    WorkState.DELIVERED: frozenset({WorkState.OPEN, WorkState.ACCEPTED}),
}


class ReleaseState(models.TextChoices):
    OPEN = "open", _("Đang mở")
    REVOKED = "revoked", _("Đã thu hồi")


#: What was taken back stays so; opening it again is another line of the ledger.
RELEASE_TRANSITIONS: Table = {ReleaseState.OPEN: frozenset({ReleaseState.REVOKED})}


class SheetState(models.TextChoices):
    OFFERED = "offered", _("Chờ trả lời")
    COUNTERED = "countered", _("Có bản mới hơn")
    WITHDRAWN = "withdrawn", _("Đã rút lại")
    ACCEPTED = "accepted", _("Hai bên đã chấp thuận")
    REOPENED = "reopened", _("Đã mở lại đàm phán")


#: One version is offered at a time, and one is accepted until the talks are opened again.
SHEET_TRANSITIONS: Table = {
    SheetState.OFFERED: frozenset(
        {SheetState.COUNTERED, SheetState.WITHDRAWN, SheetState.ACCEPTED}
    ),
    SheetState.ACCEPTED: frozenset({SheetState.REOPENED}),
}


class LicenceState(models.TextChoices):
    """Of one version of a standard licence."""

    OFFERED = "offered", pgettext_lazy("giấy phép", "Đang mở")
    REPLACED = "replaced", pgettext_lazy("giấy phép", "Có bản mới hơn")
    WITHDRAWN = "withdrawn", pgettext_lazy("giấy phép", "Bên giao đã rút")
    TAKEN = "taken", pgettext_lazy("giấy phép", "Đã có bên nhận độc quyền")


#: What has ended is offered again as another version.
LICENCE_TRANSITIONS: Table = {
    LicenceState.OFFERED: frozenset(
        {LicenceState.REPLACED, LicenceState.WITHDRAWN, LicenceState.TAKEN}
    ),
}


class ContractState(models.TextChoices):
    DRAFT = "draft", _("Bản thảo")
    CONFIRMED = "confirmed", _("Hai bên đã xác nhận")
    DISCARDED = "discarded", _("Đã bỏ")


CONTRACT_TRANSITIONS: Table = {
    ContractState.DRAFT: frozenset({ContractState.CONFIRMED, ContractState.DISCARDED}),
}


class QuestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("câu hỏi", "Chờ trả lời")
    ANSWERED = "answered", pgettext_lazy("câu hỏi", "Đã trả lời")
    WITHDRAWN = "withdrawn", pgettext_lazy("câu hỏi", "Đã rút lại")


#: Answered once; what was wrong in the answer is corrected by a further version of it.
QUESTION_TRANSITIONS: Table = {
    QuestionState.OPEN: frozenset({QuestionState.ANSWERED, QuestionState.WITHDRAWN}),
}


class EvaluationState(models.TextChoices):
    """The stage that is scored; the codes are those of the criteria."""

    SCREENING = "screening", _("Sàng lọc")
    DETAILED = "detailed", _("Đánh giá chi tiết")
    CLOSED = "closed", pgettext_lazy("đánh giá", "Đã kết luận")


#: What fails in screening is concluded there.
EVALUATION_TRANSITIONS: Table = {
    EvaluationState.SCREENING: frozenset({EvaluationState.DETAILED, EvaluationState.CLOSED}),
    EvaluationState.DETAILED: frozenset({EvaluationState.CLOSED}),
}


class ReadinessState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("chuẩn bị", "Chưa xong")
    DONE = "done", pgettext_lazy("chuẩn bị", "Đã xong")
    LEFT_OUT = "left_out", pgettext_lazy("chuẩn bị", "Không cần")


READINESS_TRANSITIONS: Table = {
    ReadinessState.PLANNED: frozenset({ReadinessState.DONE, ReadinessState.LEFT_OUT}),
    ReadinessState.DONE: frozenset({ReadinessState.PLANNED}),
    ReadinessState.LEFT_OUT: frozenset({ReadinessState.PLANNED}),
}


class DisputeState(models.TextChoices):
    OPEN = "open", pgettext_lazy("khiếu nại", "Chờ bên kia trả lời")
    OVERDUE = "overdue", pgettext_lazy("khiếu nại", "Quá hạn trả lời")
    ANSWERED = "answered", pgettext_lazy("khiếu nại", "Đã trả lời, chờ hòa giải")
    MEDIATED = "mediated", pgettext_lazy("khiếu nại", "Đang hòa giải")
    SETTLED = "settled", pgettext_lazy("khiếu nại", "Đã giải quyết")
    WITHDRAWN = "withdrawn", pgettext_lazy("khiếu nại", "Đã rút lại")


_D = DisputeState
#: A late answer is an answer. Staff may step in at any time; only they settle, only who asked takes it back.
DISPUTE_TRANSITIONS: Table = {
    _D.OPEN: frozenset({_D.OVERDUE, _D.ANSWERED, _D.MEDIATED, _D.SETTLED, _D.WITHDRAWN}),
    _D.OVERDUE: frozenset({_D.ANSWERED, _D.MEDIATED, _D.SETTLED, _D.WITHDRAWN}),
    _D.ANSWERED: frozenset({_D.MEDIATED, _D.SETTLED, _D.WITHDRAWN}),
    _D.MEDIATED: frozenset({_D.SETTLED, _D.WITHDRAWN}),
}
ENDED_DISPUTES: Final = (_D.SETTLED, _D.WITHDRAWN)
