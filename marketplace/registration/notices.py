"""Kinds of notice about dossiers, and whom they go to; registered when the app is ready."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, User
from marketplace.core.templatetags.design import date_vi
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify
from marketplace.registration import rules
from marketplace.registration.models import Dossier, DossierEntry, TaskReport

RECEIVED = "registration.received"
RETURNED = "registration.returned"
REFUSED = "registration.refused"
ACCEPTED = "registration.accepted"
CERTIFICATE = "registration.certificate"
DUE_SOON = "registration.due_soon"
OVERDUE = "registration.overdue"
COPY_ISSUED = "registration.copy_issued"
ARRIVED = "registration.arrived"
COPY_ASKED = "registration.copy_asked"
DESK_DUE_SOON = "registration.desk_due_soon"
DESK_OVERDUE = "registration.desk_overdue"
TASK_REPORTED = "registration.task_reported"
TASK_ANSWERED = "registration.task_answered"

#: What answers an act, and what a term hangs on, goes at once.
KINDS = (
    NoticeKind(
        RECEIVED, _("Hồ sơ đăng ký đã được nhận"), "registration_received", transactional=True
    ),
    NoticeKind(RETURNED, _("Hồ sơ đăng ký cần bổ sung"), "registration_returned", transactional=True),
    NoticeKind(
        REFUSED, _("Hồ sơ đăng ký không được tiếp nhận"), "registration_refused", transactional=True
    ),
    NoticeKind(ACCEPTED, _("Hồ sơ đăng ký hợp lệ"), "registration_accepted", transactional=True),
    NoticeKind(
        CERTIFICATE, _("Đã cấp giấy chứng nhận"), "registration_certificate", transactional=True
    ),
    NoticeKind(
        COPY_ISSUED, _("Đã cấp bản sao giấy chứng nhận"), "registration_copy_issued",
        transactional=True,
    ),
    NoticeKind(DUE_SOON, _("Sắp hết hạn đăng ký kết quả"), "registration_due_soon", digest=False),
    NoticeKind(OVERDUE, _("Quá hạn đăng ký kết quả"), "registration_overdue", digest=False),
    NoticeKind(ARRIVED, _("Có hồ sơ đăng ký mới"), "registration_arrived", digest=False, desk=True),
    NoticeKind(COPY_ASKED, _("Có đề nghị cấp bản sao"), "registration_copy_asked", digest=False, desk=True),
    NoticeKind(
        DESK_DUE_SOON, _("Hồ sơ sắp hết hạn xử lý"), "registration_desk_due_soon", digest=False, desk=True
    ),
    NoticeKind(DESK_OVERDUE, _("Hồ sơ quá hạn xử lý"), "registration_desk_overdue", digest=False, desk=True),
    NoticeKind(
        TASK_REPORTED, _("Có nhiệm vụ chờ xác nhận"), "registration_task_reported", digest=False, desk=True
    ),
    NoticeKind(
        TASK_ANSWERED, _("Nhiệm vụ khai báo được trả lời"), "registration_task_answered",
        transactional=True,
    ),
)  # fmt: skip


def register_notices() -> None:
    for kind in KINDS:
        register_kind(kind)


def tell_organization(
    dossier: Dossier, kind: str, *, also: User | None = None, copy: str = "", step: str = ""
) -> None:
    """Who manages the lead organisation, who began the dossier and who acted."""
    members = User.objects.filter(is_active=True, memberships__organization=dossier.organization_id)
    wanted = {person.pk for person in (also,) if person} | {dossier.created_by_id}
    managers = members.filter(memberships__role__in=Membership.MANAGING_ROLES)
    people = (managers | members.filter(pk__in=[pk for pk in wanted if pk])).distinct()
    _tell(
        dossier, kind, people.order_by("pk"), f"/dang-ky-ket-qua/{dossier.public_id}/", copy, step
    )


def tell_desk(dossier: Dossier, kind: str, *, copy: str = "", step: str = "") -> None:
    """The focal point's officers."""
    officers = User.objects.filter(
        is_active=True, focal_offices__focal_point=dossier.focal_point_id
    ).order_by("pk")
    _tell(dossier, kind, officers, f"/dau-moi/ho-so/{dossier.public_id}/", copy, step)


def _tell(
    dossier: Dossier, kind: str, people: Iterable[User], url: str, copy: str, step: str
) -> None:
    last = dossier.log.order_by("-at", "-pk").first()
    # Each return, each copy and each step of reminding is a notice of its own.
    once = f"{copy}{step}:{dossier.due_on}" if copy or step else f"{last.pk if last else 0}"
    for person in people:
        with translation.override(person.language):
            context = _context(dossier, last)
        notify(
            kind=kind,
            recipient=person,
            dedupe_key=f"dossier:{dossier.public_id}:{kind}:{once}",
            context=context,
            url=url,
        )


def tell_of_task_report(report: TaskReport, kind: str) -> None:
    """The focal point's officers of what came in, the unit's people of the answer."""
    active = User.objects.filter(is_active=True)
    if kind == TASK_REPORTED:
        people = active.filter(focal_offices__focal_point=report.focal_point_id)
        url = f"/dau-moi/nhiem-vu/{report.public_id}/"
    else:
        managers = active.filter(
            memberships__organization=report.organization_id,
            memberships__role__in=Membership.MANAGING_ROLES,
        )
        people = (
            managers | active.filter(pk__in=[pk for pk in (report.created_by_id,) if pk])
        ).distinct()
        url = report.get_absolute_url()
    # Each sending and each answer is a notice of its own.
    at = report.submitted_at if kind == TASK_REPORTED else report.decided_at
    for person in people.order_by("pk"):
        notify(
            kind=kind,
            recipient=person,
            dedupe_key=f"task_report:{report.public_id}:{kind}:{at:%Y%m%d%H%M%S}",
            context={
                "title": report.title,
                "organization": report.organization.name,
                "body": report.focal_point.name,
                "reason": report.reason,
                "is_confirmed": report.task_id is not None,
            },
            url=url,
        )


def _context(dossier: Dossier, last: DossierEntry | None) -> dict[str, Any]:
    certificate = getattr(dossier, "certificate", None)
    return {
        "title": dossier.title,
        "organization": dossier.organization.name,
        "body": dossier.focal_point.name if dossier.focal_point else "",
        "due_on": date_vi(dossier.due_on),
        "reasons": reason_lines(dossier, last) if last else [],
        "note": last.note if last else "",
        "number": certificate.number if certificate else "",
    }


def reason_lines(dossier: Dossier, entry: DossierEntry) -> list[str]:
    """The reasons of one line of the history, each with the part of the dossier it is about."""
    labels = {reason.code: reason.label for reason in rules.reasons(dossier.ruled_on)}
    items = {item.code: item.label for item in rules.items(dossier.ruled_on)}
    lines = []
    for given in entry.reasons:
        label = labels.get(given["code"], given["code"])
        about = items.get(given.get("item", ""), "")
        lines.append(f"{about}: {label}" if about else label)
    return lines
