"""Letters: drafted from what a unit owes, numbered by the clerk, kept as they were."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.templatetags.design import date_vi
from marketplace.core.text import nfc
from marketplace.core.transitions import transition
from marketplace.registration import rules
from marketplace.registration.duty_notices import tell_unit_of_letter
from marketplace.registration.models import (
    LETTER_TRANSITIONS,
    Duty,
    FocalPoint,
    Letter,
    LetterState,
)
from marketplace.taxonomy.clocks import next_working_day

REMINDER, HEAD = "duty-reminder", "duty-head"
#: How long a unit is given to answer.
ANSWER_WITHIN = timedelta(days=15)


class NumberTaken(DomainError):
    """The clerk's book has this number already."""


@transaction.atomic
def draft_letter(
    focal_point: FocalPoint,
    organization: Organization,
    duties: Sequence[Duty],
    *,
    by: User | None,
    wording: str = REMINDER,
) -> Letter:
    """A letter about what a unit owes. One that still waits for its number is written anew instead of
    a second one beside it.

    Raises:
        DomainError: the unit owes nothing.
    """
    if not duties:
        raise DomainError(_("Đơn vị này không còn nợ báo cáo nào."))
    FocalPoint.objects.select_for_update(of=("self",)).get(pk=focal_point.pk)
    letter = Letter.objects.filter(
        focal_point=focal_point, organization=organization, wording=wording,
        state=LetterState.DRAFT,
    ).order_by("pk").first() or Letter(
        focal_point=focal_point, organization=organization, wording=wording
    )  # fmt: skip
    with translation.override("vi"):
        letter.printed = _printed(focal_point, organization, duties, wording)
        letter.subject = str(rules.letter(wording).label_vi)[:300]
    letter.recipient = letter.printed["recipient"]
    letter.drafted_on, letter.drafted_by = clock.today(), by
    letter.save()
    audit.record("letter.drafted", f"letter:{letter.public_id}", by=by or "registration.duties")
    return letter


def _printed(
    focal_point: FocalPoint, organization: Organization, duties: Sequence[Duty], wording: str
) -> dict[str, Any]:
    today = clock.today()
    text = rules.letter(wording, today)
    ordered = sorted(duties, key=lambda duty: (duty.due_on, duty.pk))
    recipient = _superior(ordered) if wording == HEAD else organization.name
    values = {
        "recipient": recipient,
        "unit": organization.name,
        "body_name": focal_point.name,
        "count": len(ordered),
        "today": date_vi(today),
        "answer_by": date_vi(next_working_day(today + ANSWER_WITHIN)),
        "legal_basis": "; ".join(dict.fromkeys(duty.legal_basis for duty in ordered)),
    }
    return {
        "superior": focal_point.superior,
        "body": focal_point.name,
        "body_code": focal_point.body_code,
        "place": focal_point.place,
        "signer_title": focal_point.signer_title,
        "signer_name": focal_point.signer_name,
        "contact": " · ".join(filter(None, [focal_point.phone, focal_point.email])),
        "recipient": recipient,
        "opening": text.opening.format(**values),
        "paragraphs": [paragraph.format(**values) for paragraph in text.body],
        "closing": text.closing.format(**values),
        "rows": [
            {
                "kind": str(duty.get_kind_display()),
                "subject": duty.subject,
                "code": duty.task.code if duty.task else "",
                "due_on": duty.due_on.isoformat(),
                "days_late": duty.days_late,
                "is_presumed": duty.is_presumed,
            }
            for duty in ordered
        ],
        "copies": [organization.name] if wording == HEAD else [],
    }


def _superior(duties: Iterable[Duty]) -> str:
    """Who stands above the unit: the managing authority that its records name."""
    for duty in duties:
        record = duty.task or duty.result
        if record is not None and record.agency:
            return str(record.agency)
    return str(_("Cơ quan chủ quản"))


@transaction.atomic
def number_letter(letter: Letter, *, by: User, number: str, issued_on: date) -> Letter:
    """Enters the number and day from the clerk's book; the unit is told.

    Raises:
        DomainError: no number, or a day that has not come.
        NumberTaken: another letter of this focal point and year has it.
        InvalidTransition: it has its number already, or was dropped.
    """
    written = " ".join(nfc(number).split())[:60]
    if not written:
        raise DomainError(_("Nhập số và ký hiệu như trong sổ công văn."))
    if issued_on > clock.today():
        raise DomainError(_("Ngày ban hành chưa đến."))
    # The book is one a year: 12/SKHCN and "12 / skhcn" are the same number.
    key = "".join(written.split()).casefold()
    try:
        with transaction.atomic():
            Letter.objects.filter(pk=letter.pk, state=LetterState.DRAFT).update(
                number=written, number_key=key, issued_on=issued_on, year=issued_on.year,
                numbered_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise NumberTaken(
            _("Số %(number)s đã dùng cho công văn khác trong năm %(year)s.")
            % {"number": written, "year": issued_on.year}
        ) from error
    transition(letter, LetterState.ISSUED, table=LETTER_TRANSITIONS, by=by)
    letter.refresh_from_db()
    tell_unit_of_letter(letter)
    return letter


def drop_letter(letter: Letter, *, by: User) -> None:
    transition(letter, LetterState.DROPPED, table=LETTER_TRANSITIONS, by=by)


def draft_for_late_units(focal_point: FocalPoint, *, by: User) -> list[Letter]:
    """One letter for each unit that is late with anything; each in its own transaction."""
    late = (
        Duty.objects.late()
        .filter(focal_point=focal_point)
        .for_rows()
        .order_by("organization", "due_on", "pk")
    )
    units: dict[int, list[Duty]] = {}
    for duty in late:
        units.setdefault(duty.organization_id, []).append(duty)
    return [
        draft_letter(focal_point, duties[0].organization, duties, by=by)
        for duties in units.values()
    ]
