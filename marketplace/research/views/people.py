"""Pages of people and programmes."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from marketplace.accounts.fronts import belongs_to, default_front
from marketplace.research.browsing import Filters, counted, counts_of, in_order, newest
from marketplace.research.models import (
    Participation,
    Person,
    Programme,
    Register,
    Result,
    Task,
)

_PAGE = 20
#: A name that thousands bear is told more of, not turned through page by page.
_MOST = 200
#: Bearers of a name that are looked at; of a name with more of them, these stand for all.
_LOOKED_AT = 1000


@login_not_required
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """People by name; without one, nobody: the register is no directory to be walked through."""
    words = " ".join(request.GET.get("ten", "").replace("\0", "").split())[:80]
    found, is_cut = _people_named(words) if len(words) > 1 else ([], False)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {"words": words, "page": page, "is_cut": is_cut, "most": _MOST}
    return render(request, "research/person_list.html", context)


def _people_named(words: str) -> tuple[list[Person], bool]:
    """At most `_MOST` of them by name, and whether there are more.

    In two steps: asked at once, the database goes through the records of everybody who bears the name,
    or through all names in their order, before it takes the first ones.
    """
    named = Person.objects.current().named_like(words)
    keys = list(named.values_list("pk", flat=True)[: _LOOKED_AT + 1])
    public = Person.objects.public().filter(pk__in=keys).select_related("organization")
    found = list(public.order_by("name_folded", "pk")[: _MOST + 1])
    return found[:_MOST], len(found) > _MOST or len(keys) > _LOOKED_AT


@login_not_required
@require_GET
def person(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """What public records print of a person, and nothing else."""
    found = get_object_or_404(
        Person.objects.select_related("merged_into", "organization"), public_id=public_id
    )
    if found.merged_into is not None:
        return redirect(found.merged_into, permanent=True)
    get_object_or_404(Person.objects.visible_to(request.user), pk=found.pk)
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    belongs_to(request, default_front())
    results = _parts(found, "result", Result.objects.public().for_cards())
    tasks = _parts(found, "task", Task.objects.public().for_cards())
    colleagues = (
        Person.objects.public()
        .filter(
            participations__result__in=[part["record"].pk for part in results],
            merged_into=None,
        )
        .exclude(pk=found.pk)
        .distinct()
        .order_by("name_folded", "pk")[:12]
    )
    context = {
        "person": found,
        "results": results,
        "tasks": tasks,
        "colleagues": list(colleagues),
        "shows_identifiers": found.agreed_on is not None and (found.orcid or found.isni),
    }
    return render(request, "research/person.html", context)


def _parts(found: Person, column: str, records: Any) -> list[dict[str, Any]]:
    parts = Participation.objects.filter(person=found, **{f"{column}__isnull": False})
    roles = dict(parts.values_list(column, "role"))
    order = "newest_first"
    rows = getattr(records.filter(pk__in=roles), order)()[:_MOST]
    return [{"record": row, "role": roles[row.pk]} for row in rows]


@login_not_required
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse:
    words = " ".join(request.GET.get("ten", "").replace("\0", "").split())[:80]
    programmes = Programme.objects.public().named_like(words).select_related("agency")
    page = Paginator(programmes.order_by("-start_year", "code"), _PAGE).get_page(
        request.GET.get("page")
    )
    keys = [str(one.pk) for one in page.object_list]
    results, tasks = (
        counts_of(register, "programme", keys) for register in (Register.RESULT, Register.TASK)
    )
    for one in page.object_list:
        one.result_count = results.get(str(one.pk), 0)
        one.task_count = tasks.get(str(one.pk), 0)
    return render(request, "research/programme_list.html", {"page": page, "words": words})


@login_not_required
@require_GET
def programme(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    found = get_object_or_404(
        Programme.objects.visible_to(request.user).select_related("agency"), public_id=public_id
    )
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    belongs_to(request, default_front())
    of_it = Filters(programme=str(found.pk))
    results = newest(Register.RESULT, of_it, 8)
    tasks = newest(Register.TASK, of_it, 8)
    context = {
        "programme": found,
        "results": in_order(Result.objects.public().for_cards(), results),
        "tasks": in_order(Task.objects.public().for_cards(), tasks),
        "result_count": counted(Register.RESULT, programme=str(found.pk)),
        "task_count": counted(Register.TASK, programme=str(found.pk)),
    }
    return render(request, "research/programme.html", context)
