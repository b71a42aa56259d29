"""What other pages show of registration: the panels on a person's first page."""

from typing import Any

from django import template
from django.db.models import Count, Min, Q

from marketplace.core import clock
from marketplace.registration.models import Dossier, Duty, DutyState, FocalPoint

register = template.Library()


@register.simple_tag(takes_context=True)
def my_desk(context: template.Context) -> dict[str, Any] | None:
    """The desk of who works at a focal point: how much waits there. None for anybody else."""
    user = context["request"].user
    point = (
        FocalPoint.objects.staffed_by(user).select_related("organization").order_by("pk").first()
    )
    if point is None:
        return None
    waiting = Dossier.objects.decided_by(user).waiting_at_desk()
    return {
        "name": point.name,
        "waiting": waiting.count(),
        "overdue": waiting.filter(due_on__lt=clock.today()).count(),
        "late_units": Duty.objects.managed_by(user)
        .late()
        .aggregate(units=Count("organization", distinct=True))["units"],
    }


@register.simple_tag(takes_context=True)
def my_dossiers(context: template.Context, organization: Any) -> dict[str, Any] | None:
    """The dossiers that wait for an organisation; None where there is none."""
    user = context["request"].user
    if organization is None:
        return None
    waiting = (
        Dossier.objects.visible_to(user)
        .filter(organization=organization)
        .waiting_at_organization()
        .by_due_day()
    )
    first = waiting.for_rows().first()
    return {"first": first, "count": waiting.count()} if first else None


@register.simple_tag(takes_context=True)
def my_duties(context: template.Context, organization: Any) -> dict[str, Any] | None:
    """What an organisation owes in reports; None where it owes nothing."""
    if organization is None:
        return None
    owed = Duty.objects.visible_to(context["request"].user).filter(organization=organization).owed()
    counts = owed.aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(state=DutyState.LATE)), next=Min("due_on")
    )
    return counts if counts["all"] else None
