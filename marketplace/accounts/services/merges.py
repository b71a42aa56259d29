"""Joining two profiles of one organisation, seen beforehand and taken back whole."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marketplace.accounts import verification_notices as notices
from marketplace.accounts.dependents import raise_dependents
from marketplace.accounts.merging import part, parts
from marketplace.accounts.models import (
    Organization,
    OrganizationMerge,
    OrganizationStatus,
    User,
    Verification,
)
from marketplace.accounts.models.verification import VERIFIED_FACTS
from marketplace.accounts.states import ORGANIZATION_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition

#: Taken over where the survivor says nothing.
_FILLED: Final = (
    "name_en", "short_name", "tax_code", "province_code", "address", "website", "description",
    "field_codes", "industry_codes", "size_code", "economic_type", "intermediary_kind",
)  # fmt: skip


class NotMergeable(DomainError):
    """The two cannot become one, or not in this direction."""


@dataclass(frozen=True, slots=True)
class MovingRows:
    label: str | Promise
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    rows: list[MovingRows]
    #: Names of the facts the survivor takes over.
    filled: list[str]
    members_of_both: int


def preview_merge(duplicate: Organization, survivor: Organization) -> Preview:
    """What a merge would move. Raises NotMergeable."""
    ensure_mergeable(duplicate, survivor)
    counted = [MovingRows(one.label, one.count(duplicate.pk)) for one in parts()]
    both = survivor.memberships.filter(user__memberships__organization=duplicate).count()
    return Preview(
        rows=[one for one in counted if one.count],
        filled=sorted(_fills(duplicate, survivor)),
        members_of_both=both,
    )


def ensure_mergeable(duplicate: Organization, survivor: Organization) -> None:
    if duplicate.pk == survivor.pk:
        raise NotMergeable(_("Chọn hai tổ chức khác nhau."))
    if duplicate.merged_into_id or survivor.merged_into_id:
        raise NotMergeable(_("Một trong hai tổ chức đã được gộp. Hãy tách lại trước."))
    if survivor.is_hidden or duplicate.is_hidden:
        raise NotMergeable(_("Một trong hai tổ chức đang ẩn khỏi trang công khai."))
    if duplicate.has_verified_facts and not survivor.has_verified_facts:
        raise NotMergeable(_("Tổ chức bị gộp đã xác minh. Hãy giữ tổ chức đã xác minh."))
    waiting = Verification.objects.waiting().filter(organization__in=[duplicate, survivor])
    if waiting.exists():
        raise NotMergeable(_("Còn hồ sơ xác minh đang chờ. Hãy quyết định hồ sơ đó trước."))


@transaction.atomic
def merge_organizations(
    *, duplicate: Organization, survivor: Organization, by: User
) -> OrganizationMerge:
    """Everything that hangs on the duplicate goes to the survivor; the duplicate leaves the pages, its
    names lead to the survivor.

    Raises:
        NotMergeable: see `ensure_mergeable`.
    """
    kept, gone = _locked(survivor.pk, duplicate.pk)
    ensure_mergeable(gone, kept)
    before = {"tax_code": gone.tax_code, "is_hidden": gone.is_hidden, "survivor": kept.status}
    moved = {one.name: one.move(gone.pk, kept.pk) for one in parts()}
    filled = _fills(gone, kept)
    if filled.get("tax_code"):
        Organization.objects.filter(pk=gone.pk).update(tax_code="")
    if filled:
        Organization.objects.filter(pk=kept.pk).update(
            **{n: new for n, (_o, new) in filled.items()}
        )
    if gone.is_claimed and not kept.is_claimed:
        transition(kept, OrganizationStatus.CLAIMED, table=ORGANIZATION_TRANSITIONS, by=by,
                   field="status")  # fmt: skip
    Organization.objects.filter(pk=gone.pk).update(is_hidden=True, merged_into=kept)
    merge = OrganizationMerge.objects.create(
        duplicate=gone,
        survivor=kept,
        moved={name: data for name, data in moved.items() if data},
        filled={name: list(values) for name, values in filled.items()},
        before=before,
        merged_by=by,
    )
    _follow(kept, gone)
    audit.record(
        "organization.merged",
        f"organization:{gone.public_id}",
        by=by,
        into=kept.public_id,
        filled=sorted(filled),
    )
    notices.tell_of_merge(merge, undone=False)
    return merge


@transaction.atomic
def undo_merge(merge: OrganizationMerge, *, by: User, reason: str) -> None:
    """Both are what they were: what moved and is still with the survivor goes back, what was taken over
    and still stands is taken out. What came to the survivor since stays with it.

    Raises:
        NotMergeable: the survivor was merged further, which is to be undone first; or no reason.
        InvalidTransition: it was undone already.
    """
    if not reason.strip():
        raise NotMergeable(_("Hãy ghi lý do tách."))
    kept, gone = _locked(merge.survivor_id, merge.duplicate_id)
    if kept.merged_into_id:
        raise NotMergeable(
            _("Tổ chức được giữ sau đó đã gộp vào tổ chức khác. Hãy tách lần đó trước.")
        )
    standing = OrganizationMerge.objects.standing().filter(pk=merge.pk)
    if not standing.update(undone_at=clock.now(), undone_by=by, undo_reason=reason.strip()[:300]):
        raise InvalidTransition(_("Lần gộp này đã được tách."))
    merge.refresh_from_db()
    for name, data in merge.moved.items():
        known = part(name)
        if known is None:
            raise NotMergeable(_("Không tách được: dữ liệu “%(name)s” không còn.") % {"name": name})
        known.take_back(data, gone.pk, kept.pk)
    emptied = {n: old for n, (old, new) in merge.filled.items() if getattr(kept, n) == new}
    if emptied:
        Organization.objects.filter(pk=kept.pk).update(**emptied)
    before = merge.before
    Organization.objects.filter(pk=gone.pk).update(
        is_hidden=before["is_hidden"], merged_into=None, tax_code=before["tax_code"]
    )
    if before["survivor"] == OrganizationStatus.UNCLAIMED and not kept.memberships.exists():
        Organization.objects.filter(pk=kept.pk).update(status=OrganizationStatus.UNCLAIMED)
    _follow(kept, gone)
    audit.record(
        "organization.merge_undone",
        f"organization:{gone.public_id}",
        by=by,
        into=kept.public_id,
    )
    notices.tell_of_merge(merge, undone=True)


def _locked(kept: int, gone: int) -> tuple[Organization, Organization]:
    """Both rows, held in one order whoever is merged into whom."""
    rows = Organization.objects.select_for_update(of=("self",)).filter(pk__in=[kept, gone])
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[kept], found[gone]


def _fills(gone: Organization, kept: Organization) -> dict[str, tuple[Any, Any]]:
    """Name → value before and after. What the survivor's mark rests on is not written to."""
    fixed = set(VERIFIED_FACTS) if kept.has_verified_facts else set()
    return {
        name: (getattr(kept, name), getattr(gone, name))
        for name in _FILLED
        if name not in fixed and not getattr(kept, name) and getattr(gone, name)
    }


def _follow(kept: Organization, gone: Organization) -> None:
    """Whatever shows either of them is indexed and matched again."""
    for organization in (kept, gone):
        organization.refresh_from_db()
        Organization.objects.filter(pk=organization.pk).raise_content_version()
        raise_dependents(organization)
