"""Taking over a profile that records have made."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.accounts import services
from marketplace.accounts.acting import act_for
from marketplace.accounts.forms import ClaimForm
from marketplace.accounts.models import ClaimRequest, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.services.claims import InvitationUnusable
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@idempotent
def request_claim(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Anybody signed in may say that they speak for an unclaimed organisation: with proof, or by asking
    for a letter to the organisation. Staff decide; nobody is given anything here."""
    wanted = get_object_or_404(Organization.objects.visible_to(request.user), public_id=public_id)
    form = ClaimForm(request.POST or None, request.FILES or None)
    act = request.POST.get("viec", "")
    if request.method == "POST" and act == "rut":
        for claim in ClaimRequest.objects.of(request.user).open().filter(organization=wanted):
            services.withdraw_claim(claim, by=request.user)
        messages.success(request, _("Đã rút đề nghị."))
        return redirect(wanted)
    if request.method == "POST" and act == "chung-minh":
        if form.is_valid() and _asked(request, wanted, form):
            return redirect("accounts:request_claim", wanted.public_id)
    elif request.method == "POST":
        return _letter(request, wanted)
    if wanted.is_claimed:
        return redirect(wanted)
    context = {
        "organization": wanted,
        "form": form,
        "claim": ClaimRequest.objects.of(request.user).open().filter(organization=wanted).first(),
        "domain": services.proved_domain(wanted, request.user),
    }
    return render(request, "accounts/claims/ask.html", context)


def _asked(request: SignedInRequest, wanted: Organization, form: ClaimForm) -> bool:
    try:
        services.ask_with_proof(
            wanted,
            user=request.user,
            note=form.cleaned_data["note"],
            kind=form.cleaned_data["kind"],
            paper=form.cleaned_data["file"],
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return False
    messages.success(request, _("Đã gửi. Cán bộ sàn kiểm tra rồi báo cho bạn."))
    return True


def _letter(request: SignedInRequest, wanted: Organization) -> HttpResponse:
    try:
        services.request_claim(wanted, user=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("Sàn đã nhận đề nghị. Cán bộ sàn sẽ liên hệ tổ chức và gửi thư mời nhận hồ sơ."),
        )
    return redirect(wanted)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@idempotent
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """Where the invitation letter leads: what there is to receive, and the button that receives it.

    Who is not signed in signs in or up first; the address, token included, is kept as `next`.
    """
    try:
        invitation = services.open_invitation(token)
        if request.method == "POST":
            if not request.user.is_authenticated:
                return redirect_to_login(request.path)
            claimed = services.claim_organization(token, user=request.user)
            act_for(request, claimed)
            messages.success(request, _("Hồ sơ của tổ chức đã thuộc về bạn."))
            return redirect("accounts:my_organizations")
    except InvitationUnusable as error:
        return render(request, "accounts/claims/unusable.html", {"error": error}, status=410)
    response = render(
        request,
        "accounts/claims/claim.html",
        {
            "invitation": invitation,
            "organization": invitation.organization,
            "waiting_panels": ["matching/_claim_panel.html", "accounts/_no_panel.html"],
        },
    )
    # The address is the key: no other site gets it, and our own form still says where it is from.
    response["Referrer-Policy"] = "same-origin"
    return response
