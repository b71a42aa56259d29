"""What pages of lower apps show of expressions of interest."""

from typing import Any

from django import template

from marketplace.accounts.models import Membership, Organization
from marketplace.deals.models import ExpressionOfInterest
from marketplace.deals.subjects import kind_of

register = template.Library()


@register.inclusion_tag("deals/_connect.html", takes_context=True)
def connect(context: template.Context, row: Any) -> dict[str, Any]:
    """On the page of a need or a row of supply: the way to its owner, or to what was sent already.

    Nothing on the pages of the owner's own people, and where nobody owns the row.
    """
    user = getattr(context.get("request"), "user", None)
    kind = kind_of(row)
    if not kind or row.organization_id is None or context.get("is_preview"):
        return {"kind": ""}
    if user is None or not user.is_authenticated:
        return {"kind": kind, "row": row, "mine": None}
    mine = Membership.objects.filter(user=user)
    if mine.filter(organization=row.organization_id).exists():
        return {"kind": ""}
    sent = ExpressionOfInterest.objects.waiting().filter(
        kind=kind, subject_id=row.pk, asker__in=mine.values("organization")
    )
    return {"kind": kind, "row": row, "mine": sent.order_by("-sent_at", "-pk").first()}


@register.simple_tag(takes_context=True)
def my_expressions(context: template.Context, limit: int = 4) -> dict[str, Any]:
    """What waits for an answer of the person's organisations, and what they wait for."""
    user = context["request"].user
    mine = Organization.objects.filter(memberships__user=user).values("pk")
    waiting = ExpressionOfInterest.objects.waiting().with_sides()
    received = waiting.filter(receiver__in=mine)
    return {
        "received": list(received.order_by("due_on", "pk")[:limit]),
        "received_count": received.count(),
        "sent_count": waiting.filter(asker__in=mine).count(),
    }
