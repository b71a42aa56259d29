"""Lifecycles of this app: which state may follow which."""

from marketplace.accounts.models import (
    ClaimState,
    JoinRequestState,
    MemberInvitationState,
    OrganizationStatus,
    OutreachState,
    TransferState,
    VerificationState,
)
from marketplace.core.transitions import Table

ORGANIZATION_TRANSITIONS: Table = {
    OrganizationStatus.UNCLAIMED: frozenset({OrganizationStatus.CLAIMED}),
    OrganizationStatus.CLAIMED: frozenset({OrganizationStatus.VERIFIED}),
    OrganizationStatus.VERIFIED: frozenset(
        {OrganizationStatus.CLAIMED, OrganizationStatus.RECHECKED}
    ),
    OrganizationStatus.RECHECKED: frozenset(
        {OrganizationStatus.VERIFIED, OrganizationStatus.CLAIMED}
    ),
}

CLAIM_TRANSITIONS: Table = {
    ClaimState.OPEN: frozenset({ClaimState.ACCEPTED, ClaimState.DECLINED, ClaimState.WITHDRAWN})
}

VERIFICATION_TRANSITIONS: Table = {
    VerificationState.DRAFT: frozenset({VerificationState.SUBMITTED, VerificationState.WITHDRAWN}),
    VerificationState.SUBMITTED: frozenset(
        {
            VerificationState.ACCEPTED,
            VerificationState.RETURNED,
            VerificationState.REFUSED,
            VerificationState.WITHDRAWN,
        }
    ),
    VerificationState.RETURNED: frozenset(
        {VerificationState.SUBMITTED, VerificationState.WITHDRAWN}
    ),
    VerificationState.ACCEPTED: frozenset({VerificationState.REPLACED}),
}

OUTREACH_TRANSITIONS: Table = {
    OutreachState.OPEN: frozenset(
        {
            OutreachState.CONTACTED,
            OutreachState.INVITED,
            OutreachState.CLAIMED,
            OutreachState.CLOSED,
        }
    ),
    OutreachState.CONTACTED: frozenset(
        {OutreachState.INVITED, OutreachState.CLAIMED, OutreachState.CLOSED}
    ),
    OutreachState.INVITED: frozenset({OutreachState.CLAIMED, OutreachState.CLOSED}),
    OutreachState.CLAIMED: frozenset(),
    OutreachState.CLOSED: frozenset(),
}

MEMBER_INVITATION_TRANSITIONS: Table = {
    MemberInvitationState.OPEN: frozenset(
        {
            MemberInvitationState.ACCEPTED,
            MemberInvitationState.REVOKED,
            MemberInvitationState.DECLINED,
            MemberInvitationState.EXPIRED,
        }
    )
}

JOIN_REQUEST_TRANSITIONS: Table = {
    JoinRequestState.OPEN: frozenset(
        {JoinRequestState.ACCEPTED, JoinRequestState.DECLINED, JoinRequestState.WITHDRAWN}
    )
}

TRANSFER_TRANSITIONS: Table = {
    TransferState.OPEN: frozenset(
        {TransferState.DONE, TransferState.DECLINED, TransferState.WITHDRAWN}
    )
}
