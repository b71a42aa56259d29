"""Notices about duties: to the unit, to the desk, and to who stands above."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, User
from marketplace.core.templatetags.design import date_vi
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify
from marketplace.registration.models import Duty, FocalPoint, Letter

DUTY_SOON = "registration.duty_soon"
DUTY_LATE = "registration.duty_late"
DUTY_LETTER = "registration.duty_letter"
DUTY_HEAD = "registration.duty_head"
LETTER_ISSUED = "registration.letter_issued"

KINDS = (
    NoticeKind(DUTY_SOON, _("Sắp đến hạn báo cáo"), "registration_duty_soon", digest=False),
    NoticeKind(DUTY_LATE, _("Quá hạn báo cáo"), "registration_duty_late", digest=False),
    NoticeKind(DUTY_LETTER, _("Công văn đôn đốc chờ số"), "registration_duty_letter", digest=False, desk=True),
    NoticeKind(
        DUTY_HEAD, _("Đơn vị quá hạn báo cáo kéo dài"), "registration_duty_head", digest=False, desk=True
    ),
    NoticeKind(
        LETTER_ISSUED, _("Công văn của đầu mối"), "registration_letter_issued", transactional=True
    ),
)  # fmt: skip
MOST_NAMED = 5


def register_duty_notices() -> None:
    for kind in KINDS:
        register_kind(kind)


def managers_of(organization: int) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__organization=organization,
        memberships__role__in=Membership.MANAGING_ROLES,
    ).order_by("pk")


def officers_of(point: FocalPoint | int) -> QuerySet[User]:
    return User.objects.filter(is_active=True, focal_offices__focal_point=point).order_by("pk")


def tell_unit(duties: Sequence[Duty], *, step: str) -> int:
    """One notice to each who manages the unit; returns how many people that are.

    Of a focal point that owes its own report, its officers are told.
    """
    first = duties[0]
    people = managers_of(first.organization_id) | User.objects.filter(
        is_active=True, focal_offices__focal_point__organization=first.organization_id
    )
    is_late = any(duty.days_late for duty in duties)
    kind = DUTY_LATE if is_late else DUTY_SOON
    return _tell(people.distinct().order_by("pk"), kind, duties, step, "/nghia-vu-bao-cao/")


def tell_desk_of_letter(letter: Letter, duties: Sequence[Duty], *, step: str) -> None:
    _tell(
        officers_of(letter.focal_point_id), DUTY_LETTER, duties, step,
        f"/dau-moi/cong-van/{letter.public_id}/",
    )  # fmt: skip


def tell_agency(agency: FocalPoint, duties: Sequence[Duty], *, step: str) -> None:
    unit = duties[0].organization.public_id
    _tell(officers_of(agency), DUTY_HEAD, duties, step, f"/dau-moi/nghia-vu/don-vi/{unit}/")


def tell_unit_of_letter(letter: Letter) -> None:
    for person in managers_of(letter.organization_id):
        with translation.override(person.language):
            context = {
                "number": letter.number,
                "subject": letter.subject,
                "body": letter.focal_point.name,
                "issued_on": date_vi(letter.issued_on),
            }
        notify(
            kind=LETTER_ISSUED, recipient=person, context=context, url="/nghia-vu-bao-cao/",
            dedupe_key=f"letter:{letter.public_id}",
        )  # fmt: skip


def _tell(people: Iterable[User], kind: str, duties: Sequence[Duty], step: str, url: str) -> int:
    first = min(duties, key=lambda duty: (duty.due_on, duty.pk))
    told = 0
    for person in people:
        with translation.override(person.language):
            context = {
                "unit": first.organization.name,
                "body": first.focal_point.name,
                "count": len(duties),
                "due_on": date_vi(first.due_on),
                "lines": [
                    f"{duty.get_kind_display()}: {duty.subject[:160]} ({date_vi(duty.due_on)})"
                    for duty in duties[:MOST_NAMED]
                ],
                "more": max(0, len(duties) - MOST_NAMED),
            }
        notify(
            kind=kind, recipient=person, context=context, url=url,
            dedupe_key=f"duty:{first.public_id}:{first.due_on}:{step}:{kind}",
        )  # fmt: skip
        told += 1
    return told
