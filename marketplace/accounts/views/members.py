"""The people of an organisation: who they are, what they may do, who comes and who goes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marketplace.accounts import services
from marketplace.accounts.forms import InviteMemberForm, LeaveForm, TransferForm
from marketplace.accounts.forms.members import ROLE_HINTS
from marketplace.accounts.handover import count_charges
from marketplace.accounts.models import Membership, Organization, Role, TransferState
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import sensitive
from marketplace.accounts.services.members import standing_of
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent


def _gives_ownership(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("role") == Role.OWNER


@require_GET
def member_list(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Everybody of the organisation sees who belongs to it; those who manage see what waits for them."""
    organization = get_object_or_404(request.user.organizations(), public_id=public_id)
    return _members_page(request, organization)


def _members_page(
    request: SignedInRequest,
    organization: Organization,
    form: InviteMemberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    own = standing_of(request.user, organization)
    people = organization.memberships.select_related("user", "organization").order_by(
        "joined_at", "pk"
    )
    may_manage = own.may_manage
    context: dict[str, Any] = {
        "organization": organization,
        "own": own,
        "rows": [_row(own, member) for member in people],
        "roles": [(role.value, role.label) for role in own.assignable_roles],
        "role_hints": [(role.label, hint) for role, hint in ROLE_HINTS.items()],
        "may_manage": may_manage,
        "form": form or (InviteMemberForm(roles=own.assignable_roles) if may_manage else None),
        "invitations": _open_invitations(organization) if may_manage else [],
        "requests": (
            organization.join_requests.open().select_related("user").order_by("asked_at", "pk")
            if may_manage
            else []
        ),
        "transfer": organization.transfers.filter(state=TransferState.OPEN)
        .select_related("giver", "taker")
        .first(),
    }
    return render(request, "accounts/members/list.html", context, status=status)


def _row(own: Membership, member: Membership) -> dict[str, Any]:
    is_self = member.pk == own.pk
    may_change = Role(member.role) in own.assignable_roles
    return {
        "member": member,
        "is_self": is_self,
        "may_change": may_change and not is_self,
        "may_remove": may_change or is_self,
    }


def _open_invitations(organization: Organization) -> Any:
    rows = organization.member_invitations.open()
    return rows.select_related("invited_by").order_by("-created_at", "-pk")


@require_POST
@sensitive(when=_gives_ownership)
@idempotent
def invite_member(request: SignedInRequest, public_id: str) -> HttpResponse:
    organization = _managed(request, public_id)
    own = standing_of(request.user, organization)
    form = InviteMemberForm(request.POST, roles=own.assignable_roles)
    if form.is_valid():
        try:
            invitation = services.invite_member(
                organization,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                by=request.user,
                language=(get_language() or "vi")[:2],
            )
        except DomainError as error:
            form.add_error("email", str(error.message))
        else:
            messages.success(
                request, _("Đã gửi thư mời đến %(email)s.") % {"email": invitation.email}
            )
            return redirect("accounts:members", organization.public_id)
    return _members_page(request, organization, form, status=400)


@require_POST
@idempotent
def own_approval(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Whether a manager reads what the organisation's people submit before the staff do."""
    organization = _managed(request, public_id)
    wanted = request.POST.get("wanted") == "yes"
    services.set_own_approval(organization, wanted=wanted, by=request.user)
    messages.success(
        request,
        _("Đã bật: tin chờ một người quản lý đồng ý.") if wanted else _("Đã tắt duyệt trước."),
    )
    return redirect("accounts:members", organization.public_id)


@require_POST
@idempotent
def answer_for_invitation(
    request: SignedInRequest, public_id: str, invitation_id: str
) -> HttpResponse:
    """Sent again, or taken back."""
    organization = _managed(request, public_id)
    invitation = get_object_or_404(organization.member_invitations, public_id=invitation_id)
    try:
        if request.POST.get("viec") == "gui-lai":
            services.send_invitation_again(
                invitation, by=request.user, language=(get_language() or "vi")[:2]
            )
            messages.success(
                request, _("Đã gửi lại thư mời. Đường dẫn trong thư cũ thôi dùng được.")
            )
        else:
            services.revoke_invitation(invitation, by=request.user)
            messages.success(request, _("Đã thu hồi thư mời."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("accounts:members", organization.public_id)


@require_POST
@sensitive(when=_gives_ownership)
@idempotent
def change_role(request: SignedInRequest, public_id: str, reference: str) -> HttpResponse:
    organization = _managed(request, public_id)
    member = _member(organization, reference)
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    try:
        services.change_role(member, role, by=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("%(name)s nay có vai trò %(role)s.")
            % {"name": member.user, "role": Role(role).label},
        )
    return redirect("accounts:members", organization.public_id)


@require_http_methods(["GET", "POST"])
@idempotent
def remove_member(request: SignedInRequest, public_id: str, reference: str) -> HttpResponse:
    """One page asks before it happens: who goes, and who takes over what they look after."""
    organization = get_object_or_404(request.user.organizations(), public_id=public_id)
    member = _member(organization, reference)
    own = standing_of(request.user, organization)
    if member.pk != own.pk and Role(member.role) not in own.assignable_roles:
        raise Http404
    staying = Membership.objects.staying(member)
    default = own if member.pk != own.pk else staying.filter(role=Role.OWNER).first()
    form = LeaveForm(request.POST or None, staying=staying, initial={"successor": default})
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_member(
                member, by=request.user, successor=form.cleaned_data["successor"]
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return _after_removal(request, organization, member, leaves=member.pk == own.pk)
    context = {
        "organization": organization,
        "member": member,
        "leaves": member.pk == own.pk,
        "form": form,
        "charges": count_charges(organization, member.user),
        "nobody_stays": not staying.exists(),
    }
    return render(request, "accounts/members/remove.html", context)


def _after_removal(
    request: SignedInRequest, organization: Organization, member: Membership, *, leaves: bool
) -> HttpResponse:
    if leaves:
        messages.success(request, _("Bạn đã rời %(name)s.") % {"name": organization.name})
        return redirect("accounts:my_organizations")
    messages.success(request, _("%(name)s không còn trong tổ chức.") % {"name": member.user})
    return redirect("accounts:members", organization.public_id)


# --- the organisation changes hands -----------------------------------------------------------


@require_http_methods(["GET", "POST"])
@sensitive
@idempotent
def offer_ownership(request: SignedInRequest, public_id: str) -> HttpResponse:
    organization = get_object_or_404(
        request.user.organizations().filter(
            memberships__user=request.user, memberships__role=Role.OWNER
        ),
        public_id=public_id,
    )
    own = standing_of(request.user, organization)
    colleagues = Membership.objects.staying(own).exclude(role=Role.OWNER)
    form = TransferForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            transfer = services.offer_ownership(
                organization,
                taker=form.cleaned_data["taker"],
                by=request.user,
                role_after=form.cleaned_data["role_after"],
            )
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return redirect("accounts:transfer", transfer.public_id)
    context = {"organization": organization, "form": form, "has_colleagues": colleagues.exists()}
    return render(request, "accounts/members/offer_ownership.html", context)


def _takes_ownership(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("viec") == "nhan"


@require_http_methods(["GET", "POST"])
@sensitive(when=_takes_ownership)
@idempotent
def transfer(request: SignedInRequest, transfer_id: str) -> HttpResponse:
    """Both sides' page: the one who takes it accepts or declines, the one who gives may take it back."""
    found = get_object_or_404(request.user.transfers(), public_id=transfer_id)
    acts = {
        "nhan": (services.accept_ownership, _("Bạn nay là chủ tài khoản của tổ chức.")),
        "tu-choi": (services.decline_ownership, _("Bạn đã từ chối. Chủ tài khoản được báo.")),
        "rut": (services.withdraw_ownership, _("Đã rút lại. Không có gì thay đổi.")),
    }
    if request.method == "POST":
        act, said = acts.get(request.POST.get("viec", ""), (None, ""))
        if act is None:
            raise Http404
        try:
            act(found, by=request.user)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, said)
        return redirect("accounts:transfer", found.public_id)
    context = {
        "transfer": found,
        "organization": found.organization,
        "is_open": found.state == TransferState.OPEN,
        "takes": found.taker_id == request.user.pk,
    }
    return render(request, "accounts/members/transfer.html", context)


def _managed(request: SignedInRequest, public_id: str) -> Organization:
    return get_object_or_404(Organization.objects.managed_by(request.user), public_id=public_id)


def _member(organization: Organization, reference: str) -> Membership:
    found = services.find_member(organization, reference)
    if found is None:
        raise Http404
    return found
