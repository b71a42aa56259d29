"""Lifecycles of this app as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.transitions import Table


class AccountState(models.TextChoices):
    NEW = "new", _("Chờ xác minh")
    VERIFIED = "verified", _("Đã xác minh")
    RETIRED = "retired", _("Không dùng nữa")


ACCOUNT_TRANSITIONS: Table = {
    AccountState.NEW: frozenset({AccountState.VERIFIED, AccountState.RETIRED}),
    AccountState.VERIFIED: frozenset({AccountState.RETIRED}),
}


class PaymentState(models.TextChoices):
    PREPARED = "prepared", _("Đang mở cổng thanh toán")
    WAITING = "waiting", _("Chờ thanh toán")
    PARTIAL = "partial", _("Đã nhận một phần")
    SETTLED = "settled", _("Đã thanh toán")
    REFUNDED = "refunded", _("Đã hoàn tiền")
    CANCELLED = "cancelled", pgettext_lazy("thanh toán", "Đã hủy")
    FAILED = "failed", _("Không thành công")


_P = PaymentState
#: Money that came after a payment had ended reopens it by a decision at the desk alone.
PAYMENT_TRANSITIONS: Table = {
    _P.PREPARED: frozenset({_P.WAITING, _P.PARTIAL, _P.SETTLED, _P.CANCELLED, _P.FAILED}),
    _P.WAITING: frozenset({_P.PARTIAL, _P.SETTLED, _P.CANCELLED, _P.FAILED}),
    _P.PARTIAL: frozenset({_P.PARTIAL, _P.SETTLED, _P.REFUNDED}),
    _P.SETTLED: frozenset({_P.REFUNDED}),
    _P.CANCELLED: frozenset({_P.PARTIAL, _P.SETTLED}),
    _P.FAILED: frozenset({_P.PARTIAL, _P.SETTLED}),
}
OPEN_STATES = (_P.PREPARED, _P.WAITING, _P.PARTIAL)
#: Those that may still be given up: nothing has come in.
UNPAID_STATES = (_P.PREPARED, _P.WAITING)


class RefundState(models.TextChoices):
    ASKED = "asked", _("Đang hoàn tiền")
    DONE = "done", _("Đã hoàn")
    FAILED = "failed", _("Không hoàn được")


REFUND_TRANSITIONS: Table = {
    RefundState.ASKED: frozenset({RefundState.DONE, RefundState.FAILED}),
}


class DeskState(models.TextChoices):
    OPEN = "open", _("Cần xem")
    CLOSED = "closed", _("Đã xử lý")


DESK_TRANSITIONS: Table = {DeskState.OPEN: frozenset({DeskState.CLOSED})}


class DeskKind(models.TextChoices):
    """Why money and paper do not fit."""

    PARTIAL = "partial", _("Chuyển thiếu")
    OVER = "over", _("Chuyển thừa")
    DOUBLE = "double", _("Chuyển hai lần")
    WRONG = "wrong", _("Sai nội dung chuyển khoản")
    UNKNOWN = "unknown", _("Không rõ khoản nào")
    AMOUNT = "amount", _("Số tiền ở cổng không khớp")
    CURRENCY = "currency", _("Loại tiền không khớp")
    LATE = "late", _("Tiền đến sau khi đã hủy")
    LEDGER = "ledger", _("Sổ cái không khớp")
    MISSING = "missing", _("Cổng thanh toán không có khoản này")


class EventState(models.TextChoices):
    NEW = "new", _("Chờ xử lý")
    DONE = "done", _("Đã xử lý")
    IGNORED = "ignored", _("Không liên quan")
