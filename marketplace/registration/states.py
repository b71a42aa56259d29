"""Which state of a dossier may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.transitions import Table


class DossierState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("hồ sơ đăng ký", "Đang soạn")
    SUBMITTED = "submitted", pgettext_lazy("hồ sơ đăng ký", "Đã nộp")
    IN_REVIEW = "in_review", pgettext_lazy("hồ sơ đăng ký", "Đang kiểm tra")
    RETURNED = "returned", pgettext_lazy("hồ sơ đăng ký", "Cần bổ sung")
    ACCEPTED = "accepted", pgettext_lazy("hồ sơ đăng ký", "Hợp lệ, chờ cấp giấy")
    REGISTERED = "registered", pgettext_lazy("hồ sơ đăng ký", "Đã cấp giấy chứng nhận")
    REFUSED = "refused", pgettext_lazy("hồ sơ đăng ký", "Không tiếp nhận")
    WITHDRAWN = "withdrawn", pgettext_lazy("hồ sơ đăng ký", "Đã rút")


DOSSIER_TRANSITIONS: Table = {
    DossierState.DRAFT: frozenset({DossierState.SUBMITTED, DossierState.WITHDRAWN}),
    DossierState.SUBMITTED: frozenset(
        # Back to a draft while nobody at the focal point has opened it for review.
        {DossierState.IN_REVIEW, DossierState.DRAFT}
    ),
    DossierState.IN_REVIEW: frozenset(
        {DossierState.RETURNED, DossierState.ACCEPTED, DossierState.REFUSED}
    ),
    DossierState.RETURNED: frozenset({DossierState.SUBMITTED, DossierState.WITHDRAWN}),
    DossierState.ACCEPTED: frozenset({DossierState.REGISTERED, DossierState.IN_REVIEW}),
    DossierState.REGISTERED: frozenset(),
    DossierState.REFUSED: frozenset(),
    DossierState.WITHDRAWN: frozenset(),
}

#: The organisation writes.
EDITABLE_STATES = frozenset({DossierState.DRAFT, DossierState.RETURNED})
#: The focal point has to act.
DESK_STATES = frozenset({DossierState.SUBMITTED, DossierState.IN_REVIEW, DossierState.ACCEPTED})
#: What a focal point has ever received.
RECEIVED_STATES = DESK_STATES | {
    DossierState.RETURNED,
    DossierState.REGISTERED,
    DossierState.REFUSED,
}
#: A task has at most one dossier outside of these.
CLOSED_STATES = frozenset({DossierState.REFUSED, DossierState.WITHDRAWN})


class CopyState(models.TextChoices):
    REQUESTED = "requested", _("Chờ cấp")
    ISSUED = "issued", _("Đã cấp")
    DECLINED = "declined", _("Không cấp")


COPY_TRANSITIONS: Table = {
    CopyState.REQUESTED: frozenset({CopyState.ISSUED, CopyState.DECLINED}),
    CopyState.ISSUED: frozenset(),
    CopyState.DECLINED: frozenset(),
}


class TaskReportState(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("nhiệm vụ khai báo", "Chờ xác nhận")
    RETURNED = "returned", pgettext_lazy("nhiệm vụ khai báo", "Cần sửa")
    CONFIRMED = "confirmed", pgettext_lazy("nhiệm vụ khai báo", "Đã vào cơ sở dữ liệu")
    WITHDRAWN = "withdrawn", pgettext_lazy("nhiệm vụ khai báo", "Đã rút")


TASK_REPORT_TRANSITIONS: Table = {
    TaskReportState.SUBMITTED: frozenset(
        {TaskReportState.CONFIRMED, TaskReportState.RETURNED, TaskReportState.WITHDRAWN}
    ),
    TaskReportState.RETURNED: frozenset({TaskReportState.SUBMITTED, TaskReportState.WITHDRAWN}),
    TaskReportState.CONFIRMED: frozenset(),
    TaskReportState.WITHDRAWN: frozenset(),
}
