"""Coming into an organisation: asked for, or by a letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.accounts import services
from marketplace.accounts.acting import act_for
from marketplace.accounts.emails import proved_keys
from marketplace.accounts.forms import JoinForm
from marketplace.accounts.models import MemberInvitation, Organization, Role
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@idempotent
def ask_to_join(request: SignedInRequest, public_id: str) -> HttpResponse:
    wanted = get_object_or_404(Organization.objects.visible_to(request.user), public_id=public_id)
    if not wanted.is_claimed or request.user.organizations().filter(pk=wanted.pk).exists():
        return redirect(wanted)  # its page says what there is to do instead
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_to_join(wanted, user=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(
                request,
                _("Đã gửi đề nghị. Chủ tài khoản của %(name)s được báo ngay.")
                % {"name": wanted.name},
            )
            return redirect("accounts:my_organizations")
    return render(request, "accounts/joining/ask.html", {"organization": wanted, "form": form})


@require_POST
@idempotent
def answer_join_request(request: SignedInRequest, public_id: str, request_id: str) -> HttpResponse:
    organization = get_object_or_404(
        Organization.objects.managed_by(request.user), public_id=public_id
    )
    asked = get_object_or_404(organization.join_requests, public_id=request_id)
    accept = request.POST.get("viec") == "nhan"
    role = request.POST.get("role", "")
    try:
        services.answer_join_request(
            asked,
            accept=accept,
            by=request.user,
            role=role if role in Role.values else Role.VIEWER,
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        said = _("%(name)s nay thuộc tổ chức.") if accept else _("Đã từ chối %(name)s.")
        messages.success(request, said % {"name": asked.user})
    return redirect("accounts:members", organization.public_id)


@require_POST
@idempotent
def withdraw_join_request(request: SignedInRequest, request_id: str) -> HttpResponse:
    asked = get_object_or_404(request.user.join_requests, public_id=request_id)
    try:
        services.withdraw_join_request(asked, by=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Đã rút đề nghị."))
    return redirect("accounts:my_organizations")


@require_POST
@idempotent
def answer_invitation(request: SignedInRequest, invitation_id: str) -> HttpResponse:
    """From one's own page: no link is needed, since the address was proved."""
    invitation = get_object_or_404(
        MemberInvitation.objects.for_addresses(proved_keys(request.user)), public_id=invitation_id
    )
    return _answer(request, invitation)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@idempotent
def join_by_letter(request: HttpRequest, token: str) -> HttpResponse:
    """Where the letter leads. Who is not signed in signs in or up first; the address is kept."""
    try:
        invitation = services.open_member_invitation(token)
    except services.MemberInvitationUnusable as error:
        return _unusable(request, error)
    is_mine = request.user.is_authenticated and services.is_for(invitation, request.user)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        return _answer(request, invitation)
    response = render(
        request,
        "accounts/joining/letter.html",
        {"invitation": invitation, "organization": invitation.organization, "is_mine": is_mine},
    )
    response["Referrer-Policy"] = "same-origin"  # the address is the key
    return response


def _answer(request: HttpRequest, invitation: MemberInvitation) -> HttpResponse:
    assert request.user.is_authenticated
    try:
        if request.POST.get("viec") == "tu-choi":
            services.decline_invitation(invitation, user=request.user)
            messages.success(request, _("Bạn đã từ chối thư mời."))
        else:
            membership = services.accept_invitation(invitation, user=request.user)
            act_for(request, membership.organization)
            messages.success(
                request,
                _("Bạn đã vào %(name)s.") % {"name": membership.organization.name},
            )
    except services.MemberInvitationUnusable as error:
        return _unusable(request, error)
    return redirect("accounts:my_organizations")


def _unusable(request: HttpRequest, error: services.MemberInvitationUnusable) -> HttpResponse:
    status = 403 if error.reason == "foreign" else 410
    response = render(request, "accounts/joining/unusable.html", {"error": error}, status=status)
    response["Referrer-Policy"] = "same-origin"
    return response
