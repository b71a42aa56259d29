from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from marketplace.accounts.models import Organization
from marketplace.core.templatetags.design import money
from marketplace.research.citations import bibtex
from marketplace.research.models import Result
from marketplace.taxonomy.labels import label
from marketplace.taxonomy.models import Term

PAGE = 20


@login_not_required
@require_GET
def result_list(request: HttpRequest) -> HttpResponse:
    """All results by field, year and organisation. Words are looked for by the search page."""
    field = request.GET.get("linh-vuc", "")
    year = request.GET.get("nam", "")
    of = request.GET.get("to-chuc", "").replace("\0", "")
    results = Result.objects.visible_to(request.user)
    years = list(
        results.exclude(year=None).order_by("-year").values_list("year", flat=True).distinct()
    )
    organization = Organization.objects.public().filter(public_id=of).first() if of else None
    if field.isdecimal():
        results = results.in_field(field)
    if year.isdecimal() and len(year) == 4:
        results = results.filter(year=int(year))
    if of:
        results = results.filter(organization=organization)
    page = Paginator(results.newest_first().for_cards(), PAGE).get_page(request.GET.get("page"))
    terms = Term.objects.in_vocabulary("st-fields").filter(level__lte=2)
    context = {
        "page": page,
        "fields": terms,
        "field": field,
        "years": years,
        "year": year,
        "organization": organization,
        "search_hidden": [("loai", "result")],
        "chips": _chips(request, field, year, organization),
        "clear_url": reverse("research:result_list"),
    }
    return render(request, "research/result_list.html", context)


def _chips(
    request: HttpRequest, field: str, year: str, organization: Organization | None
) -> list[dict[str, str]]:
    """The filters that hold, each with the address without it."""
    held = {
        "linh-vuc": label("st-fields", field) if field else "",
        "nam": year,
        "to-chuc": organization.name if organization else "",
    }
    chips = []
    for name, shown in held.items():
        if shown:
            rest = request.GET.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            chips.append({"label": shown, "url": f"?{rest.urlencode()}"})
    return chips


@login_not_required
@require_GET
def result(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = get_object_or_404(Result.objects.select_related("organization"), public_id=public_id)
    if found.withdrawn_at is not None:
        return render(request, "research/result_gone.html", status=410)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    return render(request, "research/result.html", {"result": found, "facts": _facts(found)})


def _facts(result: Result) -> list[tuple[str, object]]:
    span = " – ".join(filter(None, (result.started_on, result.ended_on)))
    return [
        (_("Cấp nhiệm vụ"), result.get_level_display() if result.level else ""),
        (_("Năm"), str(result.year or "")),
        (_("Thời gian thực hiện"), _months(span)),
        (_("Cơ quan chủ quản"), result.agency),
        (_("Số hồ sơ lưu"), result.archive_number),
        (_("Mã kết quả"), result.result_code),
        (_("Số giấy chứng nhận đăng ký"), result.certificate_number),
        (_("Kinh phí"), money(result.funding)),
    ]


def _months(span: str) -> str:
    """2020-01 – 2022-06 → 01/2020 – 06/2022, days likewise."""
    return " – ".join("/".join(reversed(day.split("-"))) for day in span.split(" – ") if day)


@login_not_required
@require_GET
def citation(request: HttpRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(
        Result.objects.visible_to(request.user).select_related("organization"),
        public_id=public_id,
    )
    url = request.build_absolute_uri(found.get_absolute_url())
    response = HttpResponse(
        bibtex(found, url=url), content_type="application/x-bibtex; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{found.public_id}.bib"'
    return response
