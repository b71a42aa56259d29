"""The buyer's plan of preparation: read by both sides and staff, kept by the buyer."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.models import User
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.idempotency import idempotent
from marketplace.deals.forms.readiness import AssignmentForm, PreparationForm
from marketplace.deals.models import Deal, ReadinessItem
from marketplace.deals.models.deals import WRITING
from marketplace.deals.preparing import edition_on
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import readiness as services
from marketplace.deals.states import DealState, ReadinessState
from marketplace.deals.views.acts import do, send
from marketplace.deals.views.rooms import visible_deal

#: What a button does to a thing of the plan.
ACTS: Final = {
    "xong": ReadinessState.DONE,
    "bo": ReadinessState.LEFT_OUT,
    "lai": ReadinessState.PLANNED,
}


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, visible_deal(request, public_id))


def _page(request: SignedInRequest, found: Deal, *, at: str = "", **wrong: Any) -> HttpResponse:
    """With a form that was filled in wrongly in place of an empty one: of the item whose key is `at`, or of a new one."""
    keeps = (
        found.state == DealState.CONTRACTED
        and Deal.objects.bought_by(request.user, WRITING).filter(pk=found.pk).exists()
    )
    items = list(found.readiness.select_related("person").in_order_of_work())
    people = _people(found) if keeps else []
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in items:
        form = wrong.get("assign") if one.key == at else None
        groups.setdefault(one.group, []).append(
            {"row": one, "form": form or (_form(one, people) if keeps else None)}
        )
    edition = edition_on(items[0].listed_on if items else found.opened_on)
    context = {
        "deal": found,
        "tabs": tabs_of(found, "chuan-bi/"),
        "keeps": keeps,
        "may_plan": keeps and not items,
        "groups": [(one.label, groups[one.code]) for one in edition.groups if one.code in groups],
        "edition": edition,
        "add_form": wrong.get("add") or PreparationForm(prefix="add"),
    }
    return render(request, "deals/readiness.html", context, status=400 if wrong else 200)


def _people(found: Deal) -> list[User]:
    seats = found.members.filter(left_at=None, organization=found.buyer_id)
    return [one.user for one in seats.select_related("user")]


def _form(row: ReadinessItem, people: list[User]) -> AssignmentForm:
    said = {"person": row.person_id, "due_on": row.due_on, "note": row.note}
    return AssignmentForm(prefix=f"item-{row.key}", people=people, initial=said)


def _kept(request: SignedInRequest, public_id: str) -> Deal:
    rows = Deal.objects.bought_by(request.user, WRITING).with_sides()
    return get_object_or_404(rows, public_id=public_id)


@require_POST
@idempotent
def plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    """For a contract that was confirmed before there were such plans."""
    found = _kept(request, public_id)
    return do(
        request,
        lambda: services.plan_readiness(found, by=request.user),
        said=_("Đã lập kế hoạch từ danh mục của loại giao dịch."),
        to=_url(found),
    )


@require_POST
@idempotent
def add(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _kept(request, public_id)
    form = PreparationForm(request.POST, prefix="add")
    return send(
        request,
        form,
        lambda: services.add_preparation(found, title=form.cleaned_data["title"], by=request.user),
        said=_("Đã thêm vào kế hoạch."),
        to=_url(found),
        again=lambda: _page(request, found, add=form),
    )


def _item(found: Deal, key: str) -> ReadinessItem:
    return get_object_or_404(found.readiness.select_related("deal"), key=key)


@require_POST
@idempotent
def assign(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = _kept(request, public_id)
    item = _item(found, key)
    form = AssignmentForm(request.POST, prefix=f"item-{key}", people=_people(found))
    return send(
        request,
        form,
        lambda: services.assign_preparation(item, by=request.user, **form.cleaned_data),
        said=_("Đã ghi."),
        to=_url(found),
        again=lambda: _page(request, found, at=key, assign=form),
    )


@require_POST
@idempotent
def move(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = _kept(request, public_id)
    item, to = _item(found, key), ACTS.get(request.POST.get("viec", ""))
    if to is None:
        raise Http404
    return do(
        request,
        lambda: services.move_preparation(item, to=to, by=request.user),
        said=_("Đã ghi."),
        to=_url(found),
    )


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}chuan-bi/"
