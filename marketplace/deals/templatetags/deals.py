"""What pages of lower apps show of expressions of interest."""

from typing import Any

from django import template
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization
from marketplace.core import clock
from marketplace.core.currencies import DONG, shown
from marketplace.deals.answering import AnswerRate
from marketplace.deals.answering import answer_rate as rate_of
from marketplace.deals.closed_prices import rule_on
from marketplace.deals.licensing import may_be_licensed
from marketplace.deals.models import ClosedPrice, Deal, ExpressionOfInterest, StandardLicence
from marketplace.deals.models.expressions import CHANGE
from marketplace.deals.models.licences import bound_by
from marketplace.deals.notices.deals import EVENTS
from marketplace.deals.states import ReadinessState
from marketplace.deals.subjects import kind_of
from marketplace.mandates.models import BROKER_KINDS
from marketplace.taxonomy.labels import label

register = template.Library()


@register.inclusion_tag("deals/_connect.html", takes_context=True)
def connect(context: template.Context, row: Any) -> dict[str, Any]:
    """On the page of a need or a row of supply: the way to its owner, or to what was sent already.

    Nothing on the pages of the owner's own people, and where nobody owns the row.
    """
    user = getattr(context.get("request"), "user", None)
    kind = kind_of(row)
    introduces = bool(user and user.is_authenticated and user.is_staff and user.has_perm(CHANGE))
    if not kind or row.organization_id is None or context.get("is_preview"):
        return {"kind": ""}
    if user is None or not user.is_authenticated:
        return {"kind": kind, "row": row, "mine": None, "introduces": False}
    mine = Membership.objects.filter(user=user)
    if mine.filter(organization=row.organization_id).exists():
        return {"kind": ""}
    sent = ExpressionOfInterest.objects.waiting().filter(
        kind=kind, subject_id=row.pk, asker__in=mine.values("organization")
    )
    return {
        "kind": kind,
        "row": row,
        "mine": sent.order_by("-sent_at", "-pk").first(),
        "introduces": introduces,
    }


@register.inclusion_tag("deals/_licence.html", takes_context=True)
def standard_licence(context: template.Context, row: Any) -> dict[str, Any]:
    """On the page of a row of supply: the licence that may be taken at once; to its owner, where one is offered."""
    user = getattr(context.get("request"), "user", None)
    kind = kind_of(row)
    is_named = row.organization_id is not None and not getattr(row, "hide_owner", False)
    if context.get("is_preview") or not is_named or not may_be_licensed(kind, clock.today()):
        return {"licence": None, "offers": False}
    offers = (
        user is not None
        and user.is_authenticated
        and bound_by(user).filter(pk=row.organization_id).exists()
    )
    rows = StandardLicence.objects.of(kind, row.pk).filter(organization=row.organization_id)
    return {"kind": kind, "row": row, "licence": rows.standing().first(), "offers": offers}


@register.filter
def total_of(licence: StandardLicence) -> str:
    """All payments of a licence, as people write them."""
    return shown(licence.total, licence.content["currency"])


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


@register.filter
def deal_event(code: str) -> str:
    """The sentence of an event of a deal; nothing for one that nobody knows any more."""
    return str(EVENTS.get(code, ""))


@register.filter
def sum_of_money(row: Any) -> str:
    """A sum in the currency's smallest unit, as people write it."""
    return shown(row.amount, row.currency)


@register.simple_tag
def answer_rate(organization: Organization) -> AnswerRate | None:
    """How reliably an organisation answers who wants to talk; nothing where too few have asked."""
    return rate_of(organization)


@register.inclusion_tag("deals/_closed_prices.html")
def closed_prices(codes: Any) -> dict[str, Any]:
    """What deals of a field, or of those of a row, were closed at; where to ask for a valuation."""
    asked = [codes] if isinstance(codes, str) else list(codes or [])
    rows = ClosedPrice.objects.filter(field_code__in=asked)
    found = [
        {
            "field": label("st-fields", one.field_code),
            "text": _band_text(one),
            "deals": one.deals,
            "through": one.through,
        }
        for one in rows
    ]
    valuers = f"{reverse('search:search')}?loai=service&dich-vu=valuation"
    return {"prices": found, "rule": rule_on(clock.today()), "valuers": valuers}


def _band_text(price: ClosedPrice) -> str:
    low, high = shown(price.low, DONG), shown(price.high or 0, DONG)
    if price.high is None:
        return _("từ %(low)s trở lên") % {"low": low}
    if not price.low:
        return _("tới %(high)s") % {"high": high}
    return _("%(low)s – %(high)s") % {"low": low, "high": high}


@register.simple_tag
def readiness_of(deal: Deal) -> dict[str, Any]:
    """How much of the buyer's plan is done and late, and which day comes next."""
    waits = Q(state=ReadinessState.PLANNED)
    return deal.readiness.in_plan().aggregate(
        planned=Count("pk"),
        done=Count("pk", filter=Q(state=ReadinessState.DONE)),
        late=Count("pk", filter=waits & Q(due_on__lt=clock.today())),
        next_on=Min("due_on", filter=waits & Q(due_on__gte=clock.today())),
    )


@register.simple_tag
def found_deals(organization: Organization) -> int:
    """Contracts that came of needs which the organisation had found for others."""
    return organization.finder_credits.count() if organization.kind in BROKER_KINDS else 0


@register.simple_tag(takes_context=True)
def my_deals(context: template.Context, limit: int = 4) -> list[Deal]:
    """The running deals of the person, the newest first."""
    rows = Deal.objects.visible_to(context["request"].user).running().with_sides()
    return list(rows.order_by("-opened_at", "-pk")[:limit])
