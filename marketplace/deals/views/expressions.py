"""Pages of expressions of interest. What is nobody's business is not found."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.scopes import scope_of
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.deals.forms.expressions import (
    DeclineForm,
    ExpressionForm,
    IntroductionForm,
    StaffNoteForm,
)
from marketplace.deals.models import Deal, ExpressionOfInterest
from marketplace.deals.models.expressions import CHANGE
from marketplace.deals.services import expressions as services
from marketplace.deals.subjects import open_subjects
from marketplace.deals.terms import due_after
from marketplace.deals.views.acts import do, send
from marketplace.mandates.models import Scope, firms_acted_for
from marketplace.matching.models import Match

PAGE: Final = 20


def _askers(request: SignedInRequest, subject: Any, match: Match | None) -> list[Organization]:
    """Organisations for which the person may ask about a row: the one they act for first.

    A broker asks from a match, for the firm whose need it is of, where that firm lets it.
    """
    acting = Membership.objects.filter(user=request.user, role__in=Membership.EDITING_ROLES)
    rows = Organization.objects.filter(pk__in=acting.values("organization"))
    found = list(rows.exclude(pk=subject.organization_id).order_by("name", "pk"))
    chosen = acting_organization(request)
    found.sort(key=lambda one: one != chosen)
    firms = firms_acted_for(request.user, Scope.CONNECT).exclude(pk__in=[one.pk for one in found])
    of_match = match.need.organization_id if match is not None else None
    return [*firms.filter(pk=of_match).exclude(pk=subject.organization_id), *found]


@require_safe
def expressions(request: SignedInRequest) -> HttpResponse:
    """What the person's organisations were asked, or asked others."""
    sent = request.GET.get("loai") == "da-gui"
    mine = Organization.objects.filter(memberships__user=request.user).values("pk")
    of_mine = ExpressionOfInterest.objects.sent_for(request.user)
    rows = of_mine if sent else ExpressionOfInterest.objects.filter(receiver__in=mine)
    rows = rows.with_sides()
    waiting = ExpressionOfInterest.objects.waiting()
    page = Paginator(rows.in_order_of_work(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "sent": sent,
        "tabs": [
            {
                "label": _("Nhận được"),
                "url": request.path,
                "current": not sent,
                "count": waiting.filter(receiver__in=mine).count(),
            },
            {
                "label": _("Đã gửi"),
                "url": f"{request.path}?loai=da-gui",
                "current": sent,
                "count": of_mine.waiting().count(),
            },
        ],
    }
    return render(request, "deals/expressions.html", context)


@require_http_methods(["GET", "POST"])
@idempotent
def express(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    rows = open_subjects(kind)
    if rows is None:
        raise Http404
    subject = get_object_or_404(rows.select_related("organization"), public_id=public_id)
    match = _match(request, kind, subject)
    askers = _askers(request, subject, match)
    if subject.organization is None or not askers:
        return render(request, "deals/cannot_express.html", {"subject": subject}, status=403)
    form = ExpressionForm(
        request.POST or None,
        organizations=Organization.objects.filter(pk__in=[one.pk for one in askers]).order_by(
            "name", "pk"
        ),
        initial={"organization": askers[0].public_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.express_interest(
                subject,
                kind=kind,
                match=match,
                by=request.user,
                **form.values(),
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã gửi. Bên kia được báo và có hạn trả lời."))
            return redirect(made.get_absolute_url())
    context = {
        "subject": subject,
        "kind": kind,
        "form": form,
        "due_on": due_after(clock.today()),
        "hides_receiver": getattr(subject, "hide_owner", False),
        "firm": None if _writes_for(request, askers[0]) else askers[0],
    }
    return render(request, "deals/express.html", context, status=400 if form.errors else 200)


def _writes_for(request: SignedInRequest, organization: Organization) -> bool:
    rows = Membership.objects.filter(user=request.user, organization=organization)
    return rows.exists()


@require_http_methods(["GET", "POST"])
@idempotent
def introduce(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """An officer brings another organisation to the owner of a row."""
    rows = open_subjects(kind)
    scope = scope_of(request.user, CHANGE)
    if rows is None or not (scope.everywhere or scope.provinces):
        raise Http404
    if scope.is_narrowed:
        rows = rows.filter(organization__province_code__in=scope.provinces)
    subject = get_object_or_404(
        rows.filter(organization__isnull=False).select_related("organization"), public_id=public_id
    )
    form = IntroductionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            made = services.express_interest(
                subject, kind=kind, asker=values.pop("organization"), introduced=True,
                by=request.user, **values,
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Đã giới thiệu. Hai bên được báo."))
            return redirect(made.get_absolute_url())
    context = {"subject": subject, "kind": kind, "form": form}
    return render(request, "deals/introduce.html", context, status=400 if form.errors else 200)


def _match(request: SignedInRequest, kind: str, subject: Any) -> Match | None:
    """The match from which the person came, where they may see it and it is of this row."""
    found = Match.objects.shown_to(request.user).filter(public_id=request.GET.get("goi-y", ""))
    match = found.first()
    if match is None:
        return None
    of_row = match.need_id == subject.pk if kind == "need" else match.candidate_id == subject.pk
    return match if of_row and kind in ("need", match.kind) else None


@require_safe
def expression(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, _visible(request, public_id))


def _visible(request: SignedInRequest, public_id: str) -> ExpressionOfInterest:
    rows = ExpressionOfInterest.objects.visible_to(request.user).with_sides()
    return get_object_or_404(rows, public_id=public_id)


def _page(
    request: SignedInRequest,
    found: ExpressionOfInterest,
    *,
    decline: DeclineForm | None = None,
    staff: StaffNoteForm | None = None,
) -> HttpResponse:
    rows = ExpressionOfInterest.objects
    mine = Organization.objects.filter(memberships__user=request.user)
    receives = mine.filter(pk=found.receiver_id).exists()
    curates = rows.curated_by(request.user, CHANGE).filter(pk=found.pk).exists()
    context = {
        "expression": found,
        "deal": Deal.objects.visible_to(request.user).filter(origin=found).first(),
        "receives": receives,
        "sees_receiver": receives or curates or found.receiver_is_named,
        "may_answer": found.is_waiting
        and rows.answerable_by(request.user).filter(pk=found.pk).exists(),
        "may_withdraw": found.is_waiting
        and rows.withdrawable_by(request.user).filter(pk=found.pk).exists(),
        "may_curate": found.is_waiting and curates,
        "decline": decline or DeclineForm(),
        "staff": staff or StaffNoteForm(prefix="staff"),
    }
    wrong = bool(decline and decline.errors) or bool(staff and staff.errors)
    return render(request, "deals/expression.html", context, status=400 if wrong else 200)


#: Acts that need no form: who may do it, what it does, what is said.
ENDINGS: Final = {
    "accept": (
        "answerable_by",
        services.accept_interest,
        gettext_lazy("Đã đồng ý. Bên kia được báo; giao dịch của hai bên đã mở."),
    ),
    "withdraw": (
        "withdrawable_by",
        services.withdraw_interest,
        gettext_lazy("Đã rút lại. Bên kia được báo."),
    ),
}


@require_POST
@idempotent
def end(request: SignedInRequest, public_id: str, act: str) -> HttpResponse:
    """The receiver accepts, or the asker takes it back: one act, by its name."""
    theirs, service, said = ENDINGS[act]
    rows = getattr(ExpressionOfInterest.objects, theirs)(request.user)
    found = get_object_or_404(rows, public_id=public_id)
    return do(request, lambda: service(found, by=request.user), said=str(said), to=found)


@require_POST
@idempotent
def decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = ExpressionOfInterest.objects.answerable_by(request.user).with_sides()
    found = get_object_or_404(rows, public_id=public_id)
    form = DeclineForm(request.POST)
    return send(
        request,
        form,
        lambda: services.decline_interest(found, by=request.user, **form.cleaned_data),
        said=_("Đã từ chối. Bên kia đọc được lý do."),
        to=found,
        again=lambda: _page(request, _visible(request, public_id), decline=form),
    )


@require_POST
@idempotent
def curate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Staff mediate or close."""
    rows = ExpressionOfInterest.objects.curated_by(request.user, CHANGE).with_sides()
    found = get_object_or_404(rows, public_id=public_id)
    form = StaffNoteForm(request.POST, prefix="staff")
    closes = request.POST.get("viec") == "dong"
    act = services.close_interest if closes else services.mediate_interest
    return send(
        request,
        form,
        lambda: act(found, note=form.cleaned_data["note"], by=request.user),
        said=_("Đã đóng và báo hai bên.")
        if closes
        else _("Đã báo hai bên; hạn trả lời tính lại từ hôm nay."),
        to=found,
        again=lambda: _page(request, _visible(request, public_id), staff=form),
    )
