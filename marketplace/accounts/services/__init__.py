"""What can be done with organisations: found, made, contacted, claimed, joined, handed over."""

from marketplace.accounts.names import organization_key
from marketplace.accounts.services.claim_requests import (
    ask_with_proof,
    decline_claim,
    proved_domain,
    withdraw_claim,
)
from marketplace.accounts.services.claims import (
    accept_claim,
    claim_organization,
    create_invitation,
    open_invitation,
    request_claim,
)
from marketplace.accounts.services.duplicates import find_duplicates
from marketplace.accounts.services.evidence import add_evidence, read_evidence, remove_evidence
from marketplace.accounts.services.invitations import (
    MemberInvitationUnusable,
    accept_invitation,
    decline_invitation,
    invitations_for,
    invite_member,
    is_for,
    open_member_invitation,
    revoke_invitation,
    send_invitation_again,
)
from marketplace.accounts.services.join_requests import (
    answer_join_request,
    ask_to_join,
    withdraw_join_request,
)
from marketplace.accounts.services.letters import invitation_letter
from marketplace.accounts.services.members import (
    LastOwner,
    NotAllowed,
    change_role,
    find_member,
    leave_everything,
    remove_member,
    set_own_approval,
)
from marketplace.accounts.services.merges import merge_organizations, preview_merge, undo_merge
from marketplace.accounts.services.organizations import (
    create_organization,
    find_or_create_organization,
    find_or_create_organization_ids,
    find_or_create_organizations,
    find_organization,
    find_organization_ids,
    revoke_verification,
    update_organization,
    verify_organization,
)
from marketplace.accounts.services.outreach import log_call, move_outreach, open_outreach
from marketplace.accounts.services.transfers import (
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)
from marketplace.accounts.services.verification import (
    accept_verification,
    begin_verification,
    open_verification,
    refuse_verification,
    return_verification,
    save_facts,
    submit_verification,
    withdraw_verification,
)

__all__ = [
    "merge_organizations",
    "preview_merge",
    "undo_merge",
    "accept_claim",
    "ask_with_proof",
    "decline_claim",
    "proved_domain",
    "withdraw_claim",
    "accept_verification",
    "add_evidence",
    "begin_verification",
    "find_duplicates",
    "open_verification",
    "read_evidence",
    "refuse_verification",
    "remove_evidence",
    "return_verification",
    "save_facts",
    "submit_verification",
    "withdraw_verification",
    "LastOwner",
    "MemberInvitationUnusable",
    "NotAllowed",
    "accept_invitation",
    "accept_ownership",
    "answer_join_request",
    "ask_to_join",
    "change_role",
    "decline_invitation",
    "decline_ownership",
    "find_member",
    "invitations_for",
    "invite_member",
    "is_for",
    "leave_everything",
    "offer_ownership",
    "open_member_invitation",
    "remove_member",
    "revoke_invitation",
    "set_own_approval",
    "send_invitation_again",
    "withdraw_join_request",
    "withdraw_ownership",
    "claim_organization",
    "create_invitation",
    "create_organization",
    "find_or_create_organization",
    "find_or_create_organization_ids",
    "find_or_create_organizations",
    "find_organization",
    "find_organization_ids",
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
