"""What the exchange knows about people and why, for everybody; and each person's own part of it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.ticks import kick
from marketplace.privacy import ledger, services
from marketplace.privacy.forms import CloseForm, RequestForm
from marketplace.privacy.models import Closing, Consent, DataCopy, SubjectRequest


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    terms = ledger.terms_on(ledger.clock.today())
    context = {"purposes": ledger.purposes(), "edition": ledger.edition(), "terms": terms}
    context["documents"] = ledger.documents()
    return render(request, "privacy/policy.html", context)


@require_safe
@never_cache
def mine(request: SignedInRequest) -> HttpResponse:
    return render(request, "privacy/mine.html", _own(request.user))


def _own(user: Any, **more: Any) -> dict[str, Any]:
    terms = ledger.terms_on(ledger.clock.today())
    return {
        "terms": terms,
        "copy": DataCopy.objects.of(user).first(),
        "consents": services.consents_of(user),
        "requests": SubjectRequest.objects.of(user).order_by("-received_at", "-pk")[:20],
        "closing": Closing.objects.waiting().filter(user=user).first(),
        "form": RequestForm(),
    } | more


@require_POST
@idempotent
def ask_copy(request: SignedInRequest) -> HttpResponse:
    services.ask_for_copy(request.user)
    kick("privacy.copies")
    messages.success(request, _("Sàn đang chuẩn bị bản sao. Khi xong, bạn nhận được thư."))
    return redirect("privacy:mine")


@require_safe
@reauthentication_required
def copy(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """Everything about a person in one file: asked for with a fresh login."""
    found = get_object_or_404(DataCopy.objects.of(request.user), public_id=public_id)
    try:
        opened = services.open_copy(found, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("privacy:mine")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename="du-lieu-cua-toi.zip")
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def agree(request: SignedInRequest) -> HttpResponse:
    """What is part of having an account, in a version the person has not agreed to yet."""
    onward = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        onward = reverse("dashboard:home")
    if request.method == "POST":
        if services.agree_to(request.user, request.POST.getlist("documents")):
            return redirect(onward)
        messages.warning(request, _("Văn bản vừa có bản mới. Hãy đọc lại bản dưới đây."))
    missing = services.missing_documents(request.user)
    if not missing:
        return redirect(onward)
    earlier = {one.document: one for one in Consent.objects.filter(user=request.user).reverse()}
    rows = [(document, earlier.get(document.code)) for document in missing]
    return render(request, "privacy/agree.html", {"rows": rows})


@require_POST
@idempotent
def consent(request: SignedInRequest, code: str) -> HttpResponse:
    try:
        if request.POST.get("action") == "withdraw":
            services.withdraw_consent(request.user, code)
            messages.success(request, _("Đã rút lại. Sàn không dùng dữ liệu vào việc này nữa."))
        else:
            services.give_consent(request.user, code)
            messages.success(request, _("Đã ghi nhận."))
    except LookupError as error:
        raise Http404 from error
    return redirect("privacy:mine")


@require_POST
@idempotent
def ask(request: SignedInRequest) -> HttpResponse:
    form = RequestForm(request.POST)
    if form.is_valid():
        try:
            made = services.receive_request(**form.cleaned_data, user=request.user, by=request.user)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            day = made.answer_due_on.strftime("%d/%m/%Y")
            messages.success(
                request,
                _("Đã nhận yêu cầu. Sàn trả lời bạn trước hết ngày %(day)s.") % {"day": day},
            )
            return redirect("privacy:mine")
    return render(request, "privacy/mine.html", _own(request.user, form=form), status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@idempotent
def close(request: SignedInRequest) -> HttpResponse:
    form, stops = CloseForm(request.POST or None), ""
    try:
        services.ensure_may_close(request.user)
        if request.method == "POST" and form.is_valid():
            services.ask_for_closing(request.user)
            return redirect("privacy:mine")
    except services.CannotClose as error:
        stops = str(error.message)
    context = {"form": form, "stops": stops, "purposes": ledger.purposes()}
    context["terms"] = ledger.terms_on(ledger.clock.today())
    status = 400 if request.method == "POST" else 200
    return render(request, "privacy/close.html", context, status=status)


@require_POST
@idempotent
def keep(request: SignedInRequest) -> HttpResponse:
    if services.cancel_closing(request.user):
        messages.success(request, _("Tài khoản của bạn được giữ lại."))
    return redirect("privacy:mine")
