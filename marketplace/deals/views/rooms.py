"""The pages of deals. What is nobody's business is not found."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.deals.models import Deal

PAGE: Final = 20


@require_safe
def deals(request: SignedInRequest) -> HttpResponse:
    """The deals in which the person takes part, or for which they are responsible."""
    rows = Deal.objects.visible_to(request.user).with_sides().in_order_of_work()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "deals/deals.html", {"page": page})


@require_safe
def deal(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = Deal.objects.visible_to(request.user).with_sides()
    found = get_object_or_404(rows, public_id=public_id)
    context = {
        "deal": found,
        "members": found.members.filter(left_at=None).select_related("user", "organization"),
        "milestones": found.milestones.all(),
    }
    return render(request, "deals/deal.html", context)
