"""Pages of organisations and of the people who act for them."""

from marketplace.accounts.views.claims import claim, request_claim
from marketplace.accounts.views.directory import organization, organization_list
from marketplace.accounts.views.memberships import my_organizations, switch_organization
from marketplace.accounts.views.organizations import (
    create_organization,
    edit_organization,
    find_organization,
)
from marketplace.accounts.views.people import profile

__all__ = [
    "claim",
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
