"""People, organisations, who acts for whom, and the desk for organisations not on the exchange yet."""

from marketplace.accounts.models.claims import ClaimInvitation, ClaimRequest, ClaimState
from marketplace.accounts.models.exchanges import Exchange
from marketplace.accounts.models.joining import (
    JoinRequest,
    JoinRequestState,
    MemberInvitation,
    MemberInvitationState,
    OwnershipTransfer,
    TransferState,
)
from marketplace.accounts.models.memberships import Membership
from marketplace.accounts.models.merges import OrganizationMerge
from marketplace.accounts.models.narrowing import NarrowedGroup
from marketplace.accounts.models.organizations import (
    FormerName,
    Organization,
    OrganizationCertificate,
    OrganizationKind,
    OrganizationQuerySet,
    OrganizationStatus,
)
from marketplace.accounts.models.outreach import (
    OPEN_OUTREACH_STATES,
    Outreach,
    OutreachCall,
    OutreachQuerySet,
    OutreachState,
)
from marketplace.accounts.models.roles import (
    BELOW_MANAGERS,
    EDITING_ROLES,
    MANAGING_ROLES,
    Role,
)
from marketplace.accounts.models.users import User, UserManager
from marketplace.accounts.models.verification import (
    OPEN_VERIFICATION_STATES,
    Evidence,
    Verification,
    VerificationState,
)

__all__ = [
    "BELOW_MANAGERS",
    "EDITING_ROLES",
    "MANAGING_ROLES",
    "OPEN_OUTREACH_STATES",
    "OPEN_VERIFICATION_STATES",
    "ClaimInvitation",
    "ClaimRequest",
    "ClaimState",
    "Evidence",
    "Exchange",
    "FormerName",
    "JoinRequest",
    "JoinRequestState",
    "MemberInvitation",
    "MemberInvitationState",
    "Membership",
    "NarrowedGroup",
    "Organization",
    "OrganizationCertificate",
    "OrganizationKind",
    "OrganizationMerge",
    "OrganizationQuerySet",
    "OrganizationStatus",
    "Outreach",
    "OutreachCall",
    "OutreachQuerySet",
    "OutreachState",
    "OwnershipTransfer",
    "Role",
    "TransferState",
    "User",
    "UserManager",
    "Verification",
    "VerificationState",
]
