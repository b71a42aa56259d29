"""Pages of one record: a result, a task."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from marketplace.accounts.fronts import address_at, belongs_to, default_front
from marketplace.core.kept_pages import kept
from marketplace.core.structured import script
from marketplace.core.templatetags.design import date_vi, money
from marketplace.research.citations import FORMATS, written_out
from marketplace.research.extras import shown_extra
from marketplace.research.forwarding import forwarded
from marketplace.research.models import (
    Attachment,
    Form,
    FormField,
    PersonRole,
    PublicationState,
    Record,
    Register,
    Result,
    Task,
)
from marketplace.research.names import person_key
from marketplace.research.structured import describe_result, describe_task
from marketplace.taxonomy.labels import label

Facts = list[tuple[str, object]]


@login_not_required
@require_GET
@kept()
def result(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = get_object_or_404(
        Result.objects.select_related("organization", "programme", "task"), public_id=public_id
    )
    if found.withdrawn_at is not None:
        return _gone(request, found)
    if found.publication_state != PublicationState.PUBLISHED:
        return render(request, "research/result_held.html", status=404)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    belongs_to(request, default_front())
    context = {
        "result": found,
        "task": found.task if found.task and found.task.withdrawn_at is None else None,
        "people": _people(found, found.participations.all()),
        "applications": list(found.applications.standing().select_related("organization")),
        "files": _files(request, found.attachments.standing()),
        "facts": _facts(found),
        "registration": _registration(found),
        "extra": _extra(found, Register.RESULT),
        "bases": _bases(Register.RESULT),
        "citation": written_out(found, stable_address(request, found)),
        "citation_formats": FORMATS.values(),
        "structured": script(describe_result(found, stable_address(request, found))),
    }
    return render(request, "research/result.html", context)


def _gone(request: HttpRequest, found: Result | Task) -> HttpResponse:
    if target := forwarded(found):
        # Not for ever: that one record stands for another may be taken back.
        return redirect(target)
    return render(request, "research/result_gone.html", status=410)


@login_not_required
@require_GET
@kept()
def task(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = get_object_or_404(
        Task.objects.select_related("organization", "programme"), public_id=public_id
    )
    if found.withdrawn_at is not None:
        return _gone(request, found)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    belongs_to(request, default_front())
    context = {
        "task": found,
        "people": _people(found, found.participations.all()),
        "results": list(found.results.public().for_cards().newest_first()[:20]),
        "files": _files(request, found.attachments.standing()),
        "facts": _task_facts(found),
        "extra": _extra(found, Register.TASK),
        "bases": _bases(Register.TASK),
        "structured": script(describe_task(found, stable_address(request, found))),
    }
    return render(request, "research/task.html", context)


@login_not_required
@require_GET
def citation(request: HttpRequest, public_id: str, suffix: str) -> HttpResponse:
    """A file for reference managers."""
    wanted = FORMATS.get(suffix)
    if wanted is None:
        raise Http404
    found = get_object_or_404(
        Result.objects.visible_to(request.user).select_related("organization"),
        public_id=public_id,
    )
    response = HttpResponse(
        wanted.write(found, stable_address(request, found)),
        content_type=f"{wanted.media_type}; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{found.public_id}.{suffix}"'
    return response


def stable_address(request: HttpRequest, record: Record) -> str:
    """The record's page in Vietnamese on the main site, whichever language and site the reader has: what
    others write down."""
    with override("vi"):
        return address_at(request, default_front(), record.get_absolute_url())


def _people(record: Record, participations: Any) -> list[dict[str, Any]]:
    """The people as the record prints them, each with the page of whom it is; none has a page whose
    part the tick has not seen yet, or who asked for none."""
    known = {
        part.name_key: part.person
        for part in participations.select_related("person")
        if not part.person.is_hidden
    }
    return [
        {
            **entry,
            "role_label": PersonRole(role).label
            if (role := entry.get("role")) in (PersonRole.LEAD, PersonRole.SECRETARY)
            else "",
            "person": known.get(person_key(entry.get("name", ""))),
        }
        for entry in record.people
    ]


def _files(request: HttpRequest, attachments: Any) -> list[dict[str, Any]]:
    """The files a record has, and how a reader comes to each."""
    readable = set(
        attachments.filter(pk__in=Attachment.objects.readable_by(request.user).values("pk"))
        .exclude(file="")
        .values_list("pk", flat=True)
    )
    return [{"file": one, "is_readable": one.pk in readable} for one in attachments]


def _facts(result: Result) -> Facts:
    return [
        (_("Cấp nhiệm vụ"), result.get_level_display() if result.level else ""),
        (_("Năm"), str(result.year or "")),
        (_("Thời gian thực hiện"), _span(result)),
        (_("Cơ quan chủ quản"), result.agency),
        *_money(result),
    ]


def _registration(result: Result) -> Facts:
    return [
        (_("Số giấy chứng nhận đăng ký"), result.certificate_number),
        (_("Ngày cấp"), date_vi(result.issued_on)),
        (_("Cơ quan đăng ký"), result.registering_body),
        (_("Số hồ sơ lưu"), result.archive_number),
        (_("Mã kết quả"), result.result_code),
        (_("Cơ quan tổ chức nghiệm thu"), result.accepting_body),
        (_("Hội đồng nghiệm thu"), result.acceptance_council),
        (_("Ngày họp nghiệm thu"), date_vi(result.accepted_on)),
        (
            _("Quyết định công nhận kết quả"),
            _number_and_day(result.acceptance_decision, result.decided_on),
        ),
    ]


def _task_facts(task: Task) -> Facts:
    months = _("%(count)s tháng") % {"count": task.months} if task.months else ""
    return [
        (_("Mã số nhiệm vụ"), task.code),
        (_("Loại nhiệm vụ"), label("task-kinds", task.kind) if task.kind else ""),
        (_("Cấp nhiệm vụ"), task.get_level_display() if task.level else ""),
        (_("Thời gian thực hiện"), ", ".join(filter(None, (_span(task), months)))),
        (_("Ngày nghiệm thu"), date_vi(task.accepted_on)),
        (_("Cơ quan chủ quản"), task.agency),
        *_money(task),
        (_("Quyết định phê duyệt"), _number_and_day(task.approval_number, task.approved_on)),
        (_("Hợp đồng thực hiện"), _number_and_day(task.contract_number, task.contracted_on)),
    ]


def _money(record: Record) -> Facts:
    return [
        (_("Kinh phí"), money(record.funding)),
        (_("Từ ngân sách nhà nước"), money(record.funding_state)),
        (_("Vốn tự có"), money(record.funding_own)),
        (_("Từ nguồn khác"), money(record.funding_other)),
    ]


def _number_and_day(number: str, day: Any) -> str:
    if not day:
        return number
    if not number:
        return date_vi(day)
    return _("%(number)s, ngày %(day)s") % {"number": number, "day": date_vi(day)}


def _span(record: Record) -> str:
    """2020-01 – 2022-06 → 01/2020 – 06/2022, days likewise."""
    days = filter(None, (record.started_on, record.ended_on))
    return " – ".join("/".join(reversed(day.split("-"))) for day in days)


def _extra(record: Record, register: str) -> Facts:
    """Values of fields that the form has and no column holds, those that are public."""
    if not record.extra:
        return []
    fields = FormField.objects.filter(
        form__register=register, code__in=record.extra, is_public=True
    ).order_by("position", "pk")
    shown = {
        field.code: (field.label, shown_extra(field, record.extra[field.code])) for field in fields
    }
    return list(shown.values())


def _bases(register: str) -> list[Form]:
    """Forms in use that stand on a text whose standing is under review: the page says so."""
    return [
        form
        for form in Form.objects.valid_on().filter(register=register)
        if form.is_under_review and form.legal_basis
    ][:1]
