"""Lifecycles of this app as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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
