"""Who acts for which organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.accounts import services
from marketplace.accounts.acting import act_for, acting_organization
from marketplace.accounts.models import Membership, TransferState
from marketplace.accounts.requests import SignedInRequest


@require_GET
def my_organizations(request: SignedInRequest) -> HttpResponse:
    memberships = (
        Membership.objects.filter(user=request.user)
        .select_related("organization")
        .order_by("organization__name_folded", "pk")
    )
    return render(
        request,
        "accounts/memberships/mine.html",
        {
            "memberships": memberships,
            "acting": acting_organization(request),
            "invitations": services.invitations_for(request.user),
            "requests": request.user.join_requests.open().select_related("organization"),
            "transfers": request.user.transfers().filter(state=TransferState.OPEN).order_by("pk"),
        },
    )


@require_POST
def switch_organization(request: SignedInRequest) -> HttpResponse:
    public_id = request.POST.get("organization", "").replace("\0", "")
    chosen = get_object_or_404(request.user.organizations(), public_id=public_id)
    act_for(request, chosen)
    messages.success(request, _("Bạn đang làm việc thay mặt %(name)s.") % {"name": chosen.name})
    return HttpResponseRedirect(_next_page(request))


def _next_page(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("accounts:my_organizations")
