"""What people do with a listing in the tests of its services."""

from typing import Any


def fresh(listing: Any) -> Any:
    return type(listing).objects.get(pk=listing.pk)


def approve(listing: Any, curator: Any) -> Any:
    fresh(listing).current_workflow_task_state.approve(user=curator)
    return fresh(listing)


def ask_for_changes(listing: Any, curator: Any) -> Any:
    fresh(listing).current_workflow_task_state.reject(user=curator)
    return fresh(listing)
