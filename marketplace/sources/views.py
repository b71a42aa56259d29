from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.research.models import Result, Task
from marketplace.sources.models import Run, Source
from marketplace.sources.rules import rules

PAGE = 30
RUNS = 10


@login_not_required
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    found = Source.objects.visible_to(request.user).select_related("focal_organization")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    counts = _result_counts(request, [one.slug for one in page.object_list])
    rows = [(one, counts.get(one.slug, 0)) for one in page.object_list]
    return render(request, "sources/source_list.html", {"page": page, "rows": rows})


@login_not_required
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(
        Source.objects.visible_to(request.user).select_related("focal_organization"), slug=slug
    )
    runs = list(found.runs.exclude(finished_at=None)[:RUNS])
    last = runs[0] if runs else None
    context = {
        "source": found,
        "count": _result_counts(request, [found.slug]).get(found.slug, 0),
        "tasks": Task.objects.visible_to(request.user).filter(source=found.slug).count(),
        "latest": Result.objects.visible_to(request.user)
        .filter(source=found.slug)
        .for_cards()
        .order_by("-pk")[:5],
        "runs": runs,
        "last": last,
        # By rule: what a value was is for the source's own people.
        "faults": _faults(last) if last else [],
        "crumbs": [(_("Các nguồn dữ liệu"), reverse("sources:source_list"))],
    }
    return render(request, "sources/source.html", context)


def _result_counts(request: HttpRequest, slugs: list[str]) -> dict[str, int]:
    counted = Result.objects.visible_to(request.user).filter(source__in=slugs).order_by()
    return dict(counted.values_list("source").annotate(count=Count("pk")))


def _faults(run: Run) -> list[dict[str, object]]:
    known = rules()
    counted = run.faults.order_by().values("rule", "is_refusal").annotate(count=Count("pk"))
    return [
        {
            "rule": known.get(row["rule"]),
            "code": row["rule"],
            "is_refusal": row["is_refusal"],
            "count": row["count"],
        }
        for row in counted.order_by("-is_refusal", "-count")
    ]
