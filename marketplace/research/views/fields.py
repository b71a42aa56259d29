"""A page per field: what is known, offered, sought and done in it."""

from collections import Counter

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from marketplace.accounts.models import Organization
from marketplace.core.kept_pages import kept
from marketplace.research.browsing import CAP, Filters, counted, in_order, newest
from marketplace.research.models import EntryField, FacetCount, Register, Result, Task
from marketplace.taxonomy.models import Term

_SHOWN = 6


@login_not_required
@require_GET
@kept()
def field_list(request: HttpRequest) -> HttpResponse:
    """The tree of fields with how many results and tasks there are in each."""
    tree = Term.objects.in_vocabulary("st-fields").filter(level__lte=2).tree()
    counts = {
        register: dict(
            FacetCount.objects.filter(register=register, by="", facet="field").values_list(
                "value", "count"
            )
        )
        for register in (Register.RESULT, Register.TASK)
    }
    for root in tree:
        for term in (root, *root.branches):
            term.result_count = counts[Register.RESULT].get(term.code, 0)
            term.task_count = counts[Register.TASK].get(term.code, 0)
    return render(request, "research/field_list.html", {"tree": tree})


@login_not_required
@require_GET
@kept()
def field(request: HttpRequest, code: str) -> HttpResponse:
    term = Term.objects.in_vocabulary("st-fields").filter(code=code).first()
    if term is None:
        raise Http404
    of_it = Filters(field=code)
    context = {
        "term": term,
        "ancestors": [*reversed(list(term.ancestors()))],
        "children": list(term.children.order_by("position", "code")),
        "results": in_order(
            Result.objects.public().for_cards(), newest(Register.RESULT, of_it, _SHOWN)
        ),
        "tasks": in_order(Task.objects.public().for_cards(), newest(Register.TASK, of_it, _SHOWN)),
        "result_count": counted(Register.RESULT, field=code),
        "task_count": counted(Register.TASK, field=code),
        "organizations": _organizations(code),
    }
    return render(request, "research/field.html", context)


def _organizations(code: str) -> list[Organization]:
    """Who leads most of the field's newest results; of a large field the newest `CAP` are looked at."""
    rows = (
        EntryField.objects.filter(register=Register.RESULT, code=code)
        .order_by("-year", "-record")
        .values_list("organization", flat=True)[:CAP]
    )
    counter = Counter(pk for pk in rows if pk is not None)
    found = Organization.objects.public().in_bulk([pk for pk, _count in counter.most_common(8)])
    organizations = []
    for pk, count in counter.most_common(8):
        if pk in found:
            found[pk].field_results = count
            organizations.append(found[pk])
    return organizations
