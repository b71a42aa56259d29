"""What of this app goes with a merged organisation; registered when the app is ready."""

from typing import Any

from django.db.models import Q

from marketplace.accounts.merging import (
    OrganizationPart,
    register_derived,
    register_organization_rows,
    register_part,
)
from marketplace.accounts.models import (
    ClaimInvitation,
    ClaimRequest,
    FormerName,
    JoinRequest,
    MemberInvitation,
    Membership,
    Organization,
    OrganizationCertificate,
    Outreach,
    OwnershipTransfer,
    Role,
    Verification,
)

_RANK = {role: at for at, role in enumerate(Role.values)}


def register_merging() -> None:
    register_organization_rows(
        ClaimInvitation,
        ClaimRequest,
        FormerName,
        JoinRequest,
        MemberInvitation,
        OrganizationCertificate,
        Outreach,
        OwnershipTransfer,
        Verification,
        (Organization, "merged_into"),
    )
    register_part(
        OrganizationPart(
            name="accounts.Membership.organization",
            label=Membership._meta.verbose_name_plural or "",
            count=lambda pk: Membership.objects.filter(organization=pk).count(),
            move=_move_members,
            take_back=_take_members_back,
        )
    )
    # Say themselves which organisations they are about.
    register_derived("accounts.OrganizationMerge.duplicate", "accounts.OrganizationMerge.survivor")


def _move_members(duplicate: int, survivor: int) -> dict[str, Any]:
    """Who belongs to both keeps one membership, in the higher of the two roles."""
    there = {one.user_id: one for one in Membership.objects.filter(organization=survivor)}
    data: dict[str, Any] = {"moved": [], "joined": []}
    for one in Membership.objects.filter(organization=duplicate).order_by("pk"):
        own = there.get(one.user_id)
        if own is None:
            Membership.objects.filter(pk=one.pk).update(organization=survivor)
            data["moved"].append(one.pk)
            continue
        raised = _RANK[one.role] < _RANK[own.role]
        data["joined"].append(
            {
                # By its key it is named in addresses that people hold.
                "pk": one.pk,
                "user": one.user_id,
                "role": one.role,
                "joined_at": one.joined_at.isoformat(),
                "kept": own.pk,
                "kept_role": own.role if raised else "",
            }
        )
        if raised:
            Membership.objects.filter(pk=own.pk).update(role=one.role)
        one.delete()
    return data


def _take_members_back(data: dict[str, Any], duplicate: int, survivor: int) -> None:
    Membership.objects.filter(pk__in=data["moved"], organization=survivor).update(
        organization=duplicate
    )
    for one in data["joined"]:
        still_there = Membership.objects.filter(Q(pk=one["kept"]) & Q(user=one["user"]))
        if not still_there.exists():
            continue  # has left meanwhile, and does not come back by a correction of ours
        row, made = Membership.objects.get_or_create(
            user_id=one["user"],
            organization_id=duplicate,
            defaults={"role": one["role"]} | ({"pk": one["pk"]} if "pk" in one else {}),
        )
        if made:
            Membership.objects.filter(pk=row.pk).update(joined_at=one["joined_at"])
        if one["kept_role"]:
            still_there.filter(role=one["role"]).update(role=one["kept_role"])
