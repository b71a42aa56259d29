"""Which row an address is asked for: its arguments, from the rows of `world`."""

import re
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse

from tests.access.rows import arguments
from tests.access.world import key_of
from tests.addresses import Address, addresses

SNIPPETS = re.compile(r"wagtailsnippet(?:s|choosers)_listings_(\w+):(\w+)")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@cache
def names() -> dict[str, Address]:
    """Every address of the exchange once, by the name that the matrix has for it."""
    found: dict[str, Address] = {}
    for address in addresses():
        found.setdefault(address.name or address.pattern, address)
    return found


class Paths:
    """Leads to a row that is there."""

    def __init__(self, world: Any) -> None:
        self.world, self.table, self.known = world, arguments(world), dict[str, str]()

    def __call__(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = _path(names()[name], self.table, self.world)
        return self.known[name]


def _path(address: Address, table: dict[str, list[Any]], world: Any) -> str:
    needed = len(PARAMETER.findall(address.pattern))
    if not address.name:
        # Old addresses of listings, without the title.
        kinds = {
            "nhu-cau": world.need,
            "cong-nghe": world.offer,
            "thiet-bi": world.equipment,
            "dich-vu": world.service,
        }
        first = address.pattern.partition("/")[0]
        return f"/{first}/{kinds[first].public_id}/" if needed else address.path
    given = _given(address, table, world)
    if not (needed or given):
        return address.path
    try:
        return reverse(address.name, args=given)
    except NoReverseMatch as error:
        raise LookupError(
            f"{address.name} ({address.pattern}) is asked for with {given}: "
            "say in tests/access/rows.py which row of tests/access/world.py it names"
        ) from error


def _given(address: Address, table: dict[str, list[Any]], world: Any) -> list[Any]:
    if found := SNIPPETS.match(address.name):
        return _of_snippet(found[1], found[2], world) if "<" in address.pattern else []
    if address.name in table:
        return table[address.name]
    if "<" not in address.pattern:
        return []
    space = address.name.rpartition(":")[0]
    if space in table:
        return table[space]
    model = model_of(address.view)
    row = model._base_manager.order_by("pk").first() if model else None
    return [row.pk] if row else []


def model_of(view: Any) -> Any:
    """The model of a view of Wagtail's."""
    while view is not None:
        given = getattr(view, "view_initkwargs", None)
        if given is not None:
            found = given.get("model") or getattr(view.view_class, "model", None)
            return found if hasattr(found, "_base_manager") else None
        view = getattr(view, "__wrapped__", None)
    return None


def _of_snippet(model: str, name: str, world: Any) -> list[Any]:
    row = {
        "need": world.submission,
        "technologyoffer": world.offer,
        "equipment": world.equipment,
        "service": world.service,
    }[model]
    step = world.review_step
    more = {
        "revisions_view": [row.latest_revision_id],
        "revisions_revert": [row.latest_revision_id],
        "revisions_compare": ["live", row.latest_revision_id],
        "revisions_unschedule": [row.latest_revision_id],
        "workflow_action": ["approve", step.pk],
        "collect_workflow_action_data": ["approve", step.pk],
        "workflow_history_detail": [step.workflow_state_id],
        "workflow_preview": [step.task_id],
        "attachment": [key_of(row)],
    }
    return [row.pk, *more.get(name, [])]
