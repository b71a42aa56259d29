"""Results on pages of other apps: an organisation's page, the page that hands a profile over."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization
from marketplace.research.browsing import MODELS, Filters, counted, filed, in_order, newest
from marketplace.research.models import Register

register = template.Library()

SHOWN = 6


@register.inclusion_tag("research/_organization_records.html")
def organization_records(organization: Organization) -> dict[str, Any]:
    """The newest results and tasks an organisation leads, and those it manages, as the lists know them."""
    key = str(organization.pk)
    led, managed = Filters(organization=key), Filters(agency=key)
    groups = [
        _group(Register.RESULT, led, _("Kết quả nghiên cứu"), "to-chuc"),
        _group(Register.TASK, led, _("Nhiệm vụ nghiên cứu"), "to-chuc"),
        _group(Register.RESULT, managed, _("Kết quả do cơ quan này quản lý"), "co-quan"),
        _group(Register.TASK, managed, _("Nhiệm vụ do cơ quan này quản lý"), "co-quan"),
    ]
    return {"organization": organization, "groups": [group for group in groups if group["count"]]}


def _group(register: str, filters: Filters, heading: Any, parameter: str) -> dict[str, Any]:
    rows = MODELS[register].objects.public().for_cards()
    records = in_order(rows, newest(register, filters, SHOWN))
    # What a body manages may be hundreds of thousands: the kept count answers, the entries are not counted.
    managed = counted(register, agency=filters.agency) if filters.agency else 0
    count = managed or (filed(register, filters) if filters.organization else 0)
    return {
        "heading": heading,
        "records": records,
        "count": max(count, len(records)),
        "is_of_tasks": register == Register.TASK,
        "is_led": bool(filters.organization),
        "parameter": parameter,
    }


@register.simple_tag
def result_count(organization: Organization) -> int:
    return filed(Register.RESULT, Filters(organization=str(organization.pk)))
