"""Letters at the desk: drafted for a unit or for all that are late, numbered by the clerk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.text import slugify
from marketplace.registration.compliance_forms import NumberForm
from marketplace.registration.documents import DOCX, letter_document
from marketplace.registration.models import Duty, FocalPoint, Letter, LetterState
from marketplace.registration.services import letters as lettering
from marketplace.registration.views.compliance import PAGE_SIZE, chosen_point, unit_at_desk
from marketplace.registration.views.desk import desk_view
from marketplace.registration.views.papers import made_file

TONES = {LetterState.DRAFT: "warn", LetterState.ISSUED: "good", LetterState.DROPPED: "open"}


@require_safe
@desk_view
def letters(request: SignedInRequest) -> HttpResponse:
    points, chosen = chosen_point(request)
    found = Letter.objects.at_desk(request.user)
    if chosen is not None:
        found = found.filter(focal_point=chosen)
    page = Paginator(found.for_rows(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "letter": letter,
            "state": letter.get_state_display(),
            "tone": TONES[LetterState(letter.state)],
        }
        for letter in page.object_list
    ]
    return render(
        request,
        "registration/compliance/letters.html",
        {
            "points": points,
            "chosen": chosen,
            "page": page,
            "rows": rows,
            "own": list(FocalPoint.objects.staffed_by(request.user).order_by("slug")),
        },
    )


@require_POST
@desk_view
@idempotent
def draft(request: SignedInRequest, unit: str) -> HttpResponse:
    """A letter to one unit about what the own focal point follows of it."""
    found = unit_at_desk(request, unit)
    managed = Duty.objects.managed_by(request.user).filter(organization=found)
    if not managed.exists():
        raise Http404
    duties = list(managed.owed().for_rows())
    late = [duty for duty in duties if duty.days_late] or duties
    if not late:
        messages.warning(request, _("Đơn vị này không còn nợ báo cáo nào."))
        return redirect("compliance:unit", found.public_id)
    point = late[0].focal_point
    letter = lettering.draft_letter(
        point, found, [duty for duty in late if duty.focal_point == point], by=request.user
    )
    messages.success(request, _("Đã soạn công văn. Tải về, sửa nếu cần, rồi lấy số."))
    return redirect("compliance:letter", letter.public_id)


@require_POST
@desk_view
@idempotent
def draft_all(request: SignedInRequest, focal_point: str) -> HttpResponse:
    point = get_object_or_404(FocalPoint.objects.staffed_by(request.user), slug=focal_point)
    count = len(lettering.draft_for_late_units(point, by=request.user))
    if count:
        messages.success(
            request,
            ngettext(
                "Đã soạn %(count)d công văn, mỗi đơn vị quá hạn một bản.",
                "Đã soạn %(count)d công văn, mỗi đơn vị quá hạn một bản.",
                count,
            )
            % {"count": count},
        )
    else:
        messages.info(request, _("Không có đơn vị nào quá hạn."))
    return redirect("compliance:letters")


def _at_desk(request: SignedInRequest, public_id: str) -> Letter:
    return get_object_or_404(Letter.objects.at_desk(request.user).for_rows(), public_id=public_id)


def _managed(request: SignedInRequest, public_id: str) -> Letter:
    return get_object_or_404(
        Letter.objects.managed_by(request.user).for_rows(), public_id=public_id
    )


@require_safe
@desk_view
def letter(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, _at_desk(request, public_id), None)


def _page(request: SignedInRequest, found: Letter, form: NumberForm | None) -> HttpResponse:
    managed = Letter.objects.managed_by(request.user).filter(pk=found.pk).exists()
    return render(
        request,
        "registration/compliance/letter.html",
        {
            "letter": found,
            "printed": found.printed,
            "status": {
                "label": found.get_state_display(),
                "tone": TONES[LetterState(found.state)],
            },
            "can_write": managed and found.state == LetterState.DRAFT,
            "form": form or NumberForm(initial={"issued_on": clock.today()}),
        },
    )


@require_safe
@desk_view
def document(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    found = _at_desk(request, public_id)
    name = f"cong-van-{slugify(found.recipient)[:60]}-{found.drafted_on:%Y-%m-%d}.docx"
    return made_file(letter_document(found), name=name, content_type=DOCX)


@require_POST
@desk_view
@idempotent
def number(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _managed(request, public_id)
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            lettering.number_letter(
                found,
                by=request.user,
                number=form.cleaned_data["number"],
                issued_on=form.cleaned_data["issued_on"],
            )
        except lettering.NumberTaken as error:
            form.add_error("number", str(error.message))
        except DomainError as error:
            messages.warning(request, str(error.message))
            return redirect("compliance:letter", found.public_id)
        else:
            messages.success(request, _("Đã ghi số. Đơn vị được báo."))
            return redirect("compliance:letter", found.public_id)
    found.refresh_from_db()
    return _page(request, found, form)


@require_POST
@desk_view
@idempotent
def drop(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _managed(request, public_id)
    try:
        lettering.drop_letter(found, by=request.user)
    except DomainError as error:
        messages.warning(request, str(error.message))
    else:
        messages.success(request, _("Đã bỏ bản thảo công văn."))
    return redirect("compliance:letters")
