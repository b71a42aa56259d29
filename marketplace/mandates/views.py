"""Both sides of a mandate. What is nobody's business is not found."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.models import Organization, Role
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import sensitive
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.mandates import services
from marketplace.mandates.forms import AskForm, ConfirmForm
from marketplace.mandates.models import BROKER_KINDS, Mandate, MandateState, Scope

_MOST_FOUND = 10


@require_safe
def given(request: SignedInRequest) -> HttpResponse:
    """Who may act for the person's organisations, and who asks to."""
    mandates = Mandate.objects.filter(firm__in=Organization.objects.managed_by(request.user))
    rows = list(mandates.select_related("broker", "firm").order_by("-asked_at", "-pk")[:100])
    context = {
        "waiting": [row for row in rows if row.state == MandateState.ASKED],
        "in_force": [row for row in rows if row.is_in_force],
        "over": [row for row in rows if row.state != MandateState.ASKED and not row.is_in_force],
    }
    return render(request, "mandates/given.html", context)


def _broker(request: SignedInRequest) -> Organization:
    """The broker for which the person asks: the one they act for, or another that they manage."""
    brokers = list(
        Organization.objects.managed_by(request.user)
        .filter(kind__in=BROKER_KINDS)
        .order_by("name", "pk")
    )
    if not brokers:
        raise Http404
    acting = acting_organization(request)
    return acting if acting in brokers and acting is not None else brokers[0]


@require_safe
def find_firm(request: SignedInRequest) -> HttpResponse:
    """Firms on the exchange by their names."""
    broker = _broker(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:120]
    found: list[Organization] = []
    if words:
        firms = Organization.objects.public().exclude(pk=broker.pk).exclude(status="unclaimed")
        found = list(firms.named_like(words).order_by("name", "pk")[:_MOST_FOUND])
    context = {"broker": broker, "words": words, "found": found}
    return render(request, "mandates/find_firm.html", context)


@require_http_methods(["GET", "POST"])
@idempotent
def ask(request: SignedInRequest, public_id: str) -> HttpResponse:
    broker = _broker(request)
    firm = get_object_or_404(Organization.objects.public(), public_id=public_id)
    form = AskForm(request.POST or None, initial={"scopes": list(Scope)})
    if request.method == "POST" and form.is_valid():
        try:
            mandate = services.ask_for_mandate(
                broker,
                firm=firm,
                scopes=form.cleaned_data["scopes"],
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã gửi. Chủ tài khoản của doanh nghiệp được báo."))
            return redirect("mandates:mandate", mandate.public_id)
    context = {"broker": broker, "firm": firm, "form": form}
    return render(request, "mandates/ask.html", context, status=400 if form.errors else 200)


def _confirms(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("viec") == "dong-y"


@require_http_methods(["GET", "POST"])
@sensitive(when=_confirms)
@idempotent
def mandate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What was asked for or agreed. The firm answers and takes back, the broker stops."""
    found = get_object_or_404(
        Mandate.objects.visible_to(request.user).select_related("broker", "firm", "asked_by"),
        public_id=public_id,
    )
    sides = _sides(request, found)
    form = None
    if "owner" in sides and found.state == MandateState.ASKED:
        form = ConfirmForm(request.POST if _confirms(request) else None, asked=found.scopes)
    if request.method == "POST" and (answer := _answer(request, found, sides, form)) is not None:
        return answer
    context = {
        "mandate": found,
        "sides": sides,
        "form": form,
        "is_asked": found.state == MandateState.ASKED,
    }
    refused = form is not None and bool(form.errors)
    return render(request, "mandates/mandate.html", context, status=400 if refused else 200)


def _sides(request: SignedInRequest, mandate: Mandate) -> set[str]:
    """What the person is to it: "owner" and "manager" of the firm, "broker"."""
    managed = Organization.objects.managed_by(request.user)
    found = set()
    if managed.filter(pk=mandate.firm_id).exists():
        found.add("manager")
        if managed.filter(
            pk=mandate.firm_id, memberships__user=request.user, memberships__role=Role.OWNER
        ).exists():
            found.add("owner")
    if managed.filter(pk=mandate.broker_id).exists():
        found.add("broker")
    return found


#: What is done → who may do it, how, and what is said then.
_ACTS: dict[str, tuple[str, Any, str]] = {
    "tu-choi": ("manager", services.decline_mandate, "declined"),
    "rut": ("manager", services.withdraw_mandate, "withdrawn"),
    "thoi": ("broker", services.end_mandate, "ended"),
}


def _answer(
    request: SignedInRequest, mandate: Mandate, sides: set[str], form: ConfirmForm | None
) -> HttpResponse | None:
    """None where the form is to be shown again with what is wrong."""
    try:
        if _confirms(request):
            if "owner" not in sides:
                raise Http404
            if form is not None and not form.is_valid():
                return None
            if form is None:
                raise DomainError(_("Đề nghị này đã được trả lời."))
            services.confirm_mandate(mandate, by=request.user, **form.cleaned_data)
            messages.success(request, _("Đã đồng ý. Bạn rút lại được ngay trên trang này."))
        else:
            side, act, said = _ACTS.get(request.POST.get("viec", ""), ("", None, ""))
            if act is None or side not in sides:
                raise Http404
            act(mandate, by=request.user)
            messages.success(request, _said(said))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("mandates:mandate", mandate.public_id)


def _said(what: str) -> str:
    return {
        "declined": _("Đã từ chối. Bên môi giới được báo."),
        "withdrawn": _("Đã rút. Từ bây giờ bên môi giới không làm được gì thay bạn nữa."),
        "ended": _("Đã thôi. Doanh nghiệp được báo."),
    }[what]
