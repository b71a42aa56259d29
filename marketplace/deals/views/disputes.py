"""Disputes about a deal: one page for both sides and staff."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.deals.disputing import answer_by, terms_on
from marketplace.deals.forms.disputes import DisputeForm, MediationForm, SayForm, SettlementForm
from marketplace.deals.models import Deal, DealFileVersion, Dispute, DisputeEntry
from marketplace.deals.models.deals import CHANGE, NEGOTIATING
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import disputes as services
from marketplace.deals.services.rooms import add_file
from marketplace.deals.views.acts import deal_for, do, send, side_or_404
from marketplace.deals.views.rooms import visible_deal

#: What a side says: what it does, and the answer to it.
SAYINGS: Final = {
    "answer": (
        services.answer_dispute,
        gettext_lazy("Đã trả lời. Bên kia và cán bộ sàn được báo."),
    ),
    "add": (services.add_to_dispute, gettext_lazy("Đã ghi. Bên kia được báo.")),
}


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, visible_deal(request, public_id))


def _page(request: SignedInRequest, found: Deal, *, at: str = "", **wrong: Any) -> HttpResponse:
    """The page, with a form that was filled in wrongly in place of an empty one: that of a new dispute, or of the one
    whose key is `at`."""
    deals = Deal.objects.filter(pk=found.pk)
    speaks = deals.acted_on_by(request.user, NEGOTIATING).exists()
    side = found.side_of(request.user)
    entries = DisputeEntry.objects.select_related("organization", "by", "file")
    rows = found.disputes.with_all().prefetch_related(
        Prefetch("entries", entries.order_by("at", "pk"))
    )
    disputes = [_shown(one, side, wrong if one.key == at else {}) for one in rows]
    own = [one for one in disputes if one["row"].is_open and one["is_own"]]
    context = {
        "deal": found,
        "tabs": tabs_of(found, "khieu-nai/"),
        "disputes": disputes,
        "speaks": speaks,
        "may_open": speaks and not own,
        "curates": deals.curated_by(request.user, CHANGE).exists(),
        "answer_by": answer_by(clock.today()),
        "terms": terms_on(clock.today()),
        "open_form": wrong.get("open") or DisputeForm(prefix="open", deal=found),
    }
    return render(request, "deals/disputes.html", context, status=400 if wrong else 200)


def _shown(row: Dispute, side: Any, wrong: dict[str, Any]) -> dict[str, Any]:
    """A dispute with its forms, each under a name of its own."""
    is_own = side is not None and row.organization_id == side.pk
    return {
        "row": row,
        "is_own": is_own,
        "answers": row.waits_for_answer and not is_own,
        "say": wrong.get("say") or SayForm(prefix=f"say-{row.key}"),
        "mediate": wrong.get("mediate") or MediationForm(prefix=f"mediate-{row.key}"),
        "settle": wrong.get("settle") or SettlementForm(prefix=f"settle-{row.key}"),
    }


def _with_file(
    request: SignedInRequest,
    deal: Deal,
    form: Any,
    side: Any,
    act: Callable[[DealFileVersion | None], object],
) -> None:
    """Does it with the file put into the room, where both sides have it; what is refused leaves none."""
    checked = form.cleaned_data["file"]
    if not checked:
        act(None)
        return
    file = add_file(deal, checked=checked, side=side, when_ended=True, by=request.user)
    try:
        act(file)
    except DomainError:
        file.file.storage.delete(str(file.file.name))
        raise


def _send(
    request: SignedInRequest,
    found: Deal,
    act: Callable[[], object],
    said: str,
    at: str = "",
    **forms: Any,
) -> HttpResponse:
    """A form of this page, by its name on it."""
    (form,) = forms.values()
    again = partial(_page, request, found, at=at, **forms)
    return send(request, form, act, said=said, to=_url(found), again=again)


@require_POST
@idempotent
def open_one(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    form = DisputeForm(request.POST, request.FILES, prefix="open", deal=found)

    def opened(file: DealFileVersion | None) -> None:
        values = form.cleaned_data | {"file": file}
        services.open_dispute(found, side=side, by=request.user, **values)

    return _send(
        request,
        found,
        lambda: _with_file(request, found, form, side, opened),
        _("Đã gửi khiếu nại. Bên kia có hạn trả lời; cán bộ sàn được báo."),
        open=form,
    )


def _dispute(found: Deal, key: str) -> Dispute:
    return get_object_or_404(Dispute.objects.filter(deal=found).with_all(), key=key)


@require_POST
@idempotent
def say(request: SignedInRequest, public_id: str, key: str, act: str) -> HttpResponse:
    """The other side answers, or either says more."""
    service, told = SAYINGS[act]
    found = deal_for(request, public_id, NEGOTIATING)
    side, dispute = side_or_404(found, request), _dispute(found, key)
    form = SayForm(request.POST, request.FILES, prefix=f"say-{key}")

    def said(file: DealFileVersion | None) -> None:
        text = form.cleaned_data["text"]
        service(dispute, side=side, text=text, file=file, by=request.user)

    return _send(
        request,
        found,
        lambda: _with_file(request, found, form, side, said),
        str(told),
        at=key,
        say=form,
    )


@require_POST
@idempotent
def withdraw(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side, dispute = side_or_404(found, request), _dispute(found, key)
    return do(
        request,
        lambda: services.withdraw_dispute(dispute, side=side, by=request.user),
        said=_("Đã rút khiếu nại. Bên kia được báo."),
        to=_url(found),
    )


def _curated(request: SignedInRequest, public_id: str) -> Deal:
    rows = Deal.objects.curated_by(request.user, CHANGE).with_sides()
    return get_object_or_404(rows, public_id=public_id)


@require_POST
@idempotent
def mediate(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """Staff note a step."""
    found = _curated(request, public_id)
    dispute = _dispute(found, key)
    form = MediationForm(request.POST, prefix=f"mediate-{key}")
    return _send(
        request,
        found,
        lambda: services.mediate_dispute(dispute, text=form.cleaned_data["text"], by=request.user),
        _("Đã ghi và báo hai bên."),
        at=key,
        mediate=form,
    )


@require_POST
@idempotent
def settle(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """Staff say how it ended."""
    found = _curated(request, public_id)
    dispute = _dispute(found, key)
    form = SettlementForm(request.POST, prefix=f"settle-{key}")
    return _send(
        request,
        found,
        lambda: services.settle_dispute(dispute, by=request.user, **form.cleaned_data),
        _("Đã ghi kết quả và báo hai bên."),
        at=key,
        settle=form,
    )


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}khieu-nai/"
