"""Rows of higher apps that show an organisation: they are indexed and matched again when it changes.

An app registers in its `ready()` how its rows of some organisations are found, and what it does when
an organisation is claimed; this app then needs to know neither.
"""

from collections.abc import Callable

from marketplace.accounts.models import Organization
from marketplace.core.models import StagedQuerySet

Dependents = Callable[[list[int]], StagedQuerySet]
ClaimFollowUp = Callable[[Organization], None]

_dependents: list[Dependents] = []
_claim_follow_ups: list[ClaimFollowUp] = []


def register_dependents(find: Dependents) -> None:
    """`find` gives the rows that belong to organisations, from their primary keys."""
    if find not in _dependents:
        _dependents.append(find)


def register_claim_follow_up(follow_up: ClaimFollowUp) -> None:
    """`follow_up` runs in the transaction of the claim: it passes on what waited for the owner."""
    if follow_up not in _claim_follow_ups:
        _claim_follow_ups.append(follow_up)


def raise_dependents(organization: Organization) -> int:
    return sum(find([organization.pk]).raise_content_version() for find in _dependents)


def count_dependents(organization: Organization) -> int:
    return sum(find([organization.pk]).count() for find in _dependents)


def follow_up_claim(organization: Organization) -> None:
    for follow_up in _claim_follow_ups:
        follow_up(organization)
