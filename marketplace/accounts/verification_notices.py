"""What owners and staff are told about submissions, papers and claims."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import (
    MANAGING_ROLES,
    ClaimRequest,
    ClaimState,
    Evidence,
    Organization,
    OrganizationMerge,
    User,
    Verification,
    VerificationState,
)
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.models import Notice
from marketplace.notifications.services import notify, retire_notices

VERIFICATION = "organization.verification"
SUBMITTED = "organization.submitted"
PAPER = "organization.paper"
CLAIMED = "organization.claimed"
CLAIM_DECIDED = "organization.claim_decided"
MERGED = "organization.merged"


def register_verification_notices() -> None:
    for kind in (
        NoticeKind(
            VERIFICATION,
            _("Kết quả kiểm tra hồ sơ xác minh"),
            "organization_verification",
            transactional=True,
        ),
        NoticeKind(
            SUBMITTED, _("Có hồ sơ xác minh chờ kiểm tra"), "organization_submitted", desk=True
        ),
        NoticeKind(CLAIMED, _("Có đề nghị nhận hồ sơ tổ chức"), "organization_claimed", desk=True),
        NoticeKind(MERGED, _("Gộp hai hồ sơ tổ chức"), "organization_merged", transactional=True),
        NoticeKind(
            CLAIM_DECIDED,
            _("Trả lời đề nghị nhận hồ sơ tổ chức"),
            "organization_claim_decided",
            transactional=True,
        ),
        NoticeKind(
            PAPER,
            _("Giấy tờ xác minh sắp hết hạn"),
            "organization_paper",
            digest=False,
            current=_paper_now,
        ),
    ):
        register_kind(kind)


def verifiers() -> QuerySet[User]:
    """Staff who decide on organisations."""
    group = Q(
        groups__permissions__codename="verify_organization",
        groups__permissions__content_type__app_label="accounts",
    )
    staff = User.objects.filter(Q(is_superuser=True) | group, is_active=True, is_staff=True)
    return staff.distinct().order_by("pk")


def managers_of(organization: Organization) -> QuerySet[User]:
    people = User.objects.filter(
        is_active=True,
        memberships__organization=organization,
        memberships__role__in=MANAGING_ROLES,
    )
    return people.distinct().order_by("pk")


def tell_of_submission(verification: Verification) -> None:
    assert verification.submitted_at is not None
    _tell(
        SUBMITTED,
        verifiers(),
        key=f"verification:{verification.public_id}:{int(verification.submitted_at.timestamp())}",
        context={"organization": str(verification.organization)},
        url=reverse("verifications:edit", args=[verification.pk]),
    )


def tell_of_verification(verification: Verification) -> None:
    """The decision, to everybody who manages the organisation; staff have nothing more to do."""
    retire_notices(f"verification:{verification.public_id}:")
    assert verification.decided_at is not None
    organization = verification.organization
    _tell(
        VERIFICATION,
        managers_of(organization),
        key=f"verified:{verification.public_id}:{int(verification.decided_at.timestamp())}",
        context={
            "organization": str(organization),
            "state": verification.state,
            "text": verification.text,
        },
        url=reverse("accounts:verification", args=[organization.public_id]),
    )


def tell_of_paper(paper: Evidence, *, ended: bool) -> None:
    assert paper.verification is not None
    organization = paper.verification.organization
    _tell(
        PAPER,
        managers_of(organization),
        key=f"paper:{paper.public_id}:{'ended' if ended else 'soon'}",
        context={"paper": paper.public_id, "ended": ended},
        url=reverse("accounts:verification", args=[organization.public_id]),
    )


def tell_of_claim(claim: ClaimRequest) -> None:
    _tell(
        CLAIMED,
        verifiers(),
        key=f"claim:{claim.public_id}:",
        context={"organization": str(claim.organization)},
        url=reverse("claims:edit", args=[claim.pk]),
    )


def retire_claim(claim: ClaimRequest) -> None:
    retire_notices(f"claim:{claim.public_id}:")


def tell_of_claim_decision(claim: ClaimRequest) -> None:
    retire_claim(claim)
    organization = claim.organization
    accepted = claim.state == ClaimState.ACCEPTED
    notify(
        kind=CLAIM_DECIDED,
        recipient=claim.user,
        dedupe_key=f"claim-decided:{claim.public_id}",
        context={"organization": str(organization), "accepted": accepted, "text": claim.text},
        url=reverse("accounts:my_organizations") if accepted else organization.get_absolute_url(),
    )


def tell_of_merge(merge: OrganizationMerge, *, undone: bool) -> None:
    """Everybody who manages what is left, and after an undoing both of them."""
    survivor, duplicate = merge.survivor, merge.duplicate
    people = managers_of(survivor) | managers_of(duplicate)
    _tell(
        MERGED,
        people.distinct(),
        key=f"merge:{merge.public_id}:{'undone' if undone else 'done'}",
        context={"organization": str(survivor), "other": str(duplicate), "undone": undone},
        url=reverse("accounts:my_organizations"),
    )


def _paper_now(notice: Notice) -> dict[str, Any] | None:
    """As it is when the letter leaves; nothing where a newer paper has taken its place."""
    paper = (
        Evidence.objects.held()
        .filter(public_id=notice.context["paper"], verification__state=VerificationState.ACCEPTED)
        .select_related("verification__organization")
        .first()
    )
    if paper is None or paper.verification is None:
        return None
    return notice.context | {
        "organization": str(paper.verification.organization),
        "day": paper.valid_until,
    }


def _tell(
    kind: str, people: Iterable[User], *, key: str, context: dict[str, Any], url: str
) -> None:
    for person in people:
        notify(kind=kind, recipient=person, dedupe_key=key, context=context, url=url)
