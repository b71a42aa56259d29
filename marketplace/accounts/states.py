"""Lifecycles of this app: which state may follow which."""

from marketplace.accounts.models import OrganizationStatus, OutreachState
from marketplace.core.transitions import Table

ORGANIZATION_TRANSITIONS: Table = {
    OrganizationStatus.UNCLAIMED: frozenset({OrganizationStatus.CLAIMED}),
    OrganizationStatus.CLAIMED: frozenset({OrganizationStatus.VERIFIED}),
    OrganizationStatus.VERIFIED: frozenset({OrganizationStatus.CLAIMED}),
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
