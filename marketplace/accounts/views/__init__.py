"""Pages of organisations and of the people who act for them."""

from marketplace.accounts.views.claims import claim, request_claim
from marketplace.accounts.views.connected import connected_sites
from marketplace.accounts.views.directory import organization, organization_list
from marketplace.accounts.views.joining import (
    answer_invitation,
    answer_join_request,
    ask_to_join,
    join_by_letter,
    withdraw_join_request,
)
from marketplace.accounts.views.members import (
    answer_for_invitation,
    change_role,
    invite_member,
    member_list,
    offer_ownership,
    own_approval,
    remove_member,
    transfer,
)
from marketplace.accounts.views.memberships import my_organizations, switch_organization
from marketplace.accounts.views.organizations import (
    create_organization,
    edit_organization,
    find_organization,
)
from marketplace.accounts.views.people import profile
from marketplace.accounts.views.verification import evidence_file, verification

__all__ = [
    "evidence_file",
    "verification",
    "answer_for_invitation",
    "answer_invitation",
    "answer_join_request",
    "ask_to_join",
    "change_role",
    "invite_member",
    "join_by_letter",
    "member_list",
    "offer_ownership",
    "own_approval",
    "remove_member",
    "transfer",
    "withdraw_join_request",
    "claim",
    "connected_sites",
    "create_organization",
    "edit_organization",
    "find_organization",
    "my_organizations",
    "organization",
    "organization_list",
    "profile",
    "request_claim",
    "switch_organization",
]
