"""What can be done with organisations: found, made, contacted, invited, claimed."""

from marketplace.accounts.names import organization_key
from marketplace.accounts.services.claims import (
    claim_organization,
    create_invitation,
    open_invitation,
    request_claim,
)
from marketplace.accounts.services.letters import invitation_letter
from marketplace.accounts.services.organizations import (
    create_organization,
    find_or_create_organization,
    find_or_create_organization_ids,
    find_or_create_organizations,
    find_organization,
    revoke_verification,
    update_organization,
    verify_organization,
)
from marketplace.accounts.services.outreach import log_call, move_outreach, open_outreach

__all__ = [
    "claim_organization",
    "create_invitation",
    "create_organization",
    "find_or_create_organization",
    "find_or_create_organization_ids",
    "find_or_create_organizations",
    "find_organization",
    "invitation_letter",
    "log_call",
    "move_outreach",
    "open_invitation",
    "open_outreach",
    "organization_key",
    "request_claim",
    "revoke_verification",
    "update_organization",
    "verify_organization",
]
