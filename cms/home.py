"""What staff see first: what waits, since when, and for whom."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from wagtail.admin.ui.components import Component

from cms.notices import review_url
from cms.queue import heaps, oldest_for, steps_of
from cms.rights import has_right, may_verify
from marketplace.accounts.models import ClaimRequest, Outreach, Verification
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS
from marketplace.notifications.models import Delivery, DeliveryState


class TodoPanel(Component):
    """Submissions by step and age, cases of the contact desk, mails that nobody got."""

    name = "todo"
    template_name = "cms/home_todo.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        mine = set(steps_of(user).values_list("pk", flat=True))
        today = clock.today()
        cases = Outreach.objects.open()
        return {
            "heaps": [
                {
                    "heap": heap,
                    "label": LISTING_MODELS[heap.kind]._meta.verbose_name,
                    "url": f"{_list_url(heap.kind)}?step={heap.step_id}",
                    "is_mine": heap.step_id in mine,
                }
                for heap in heaps(user)
            ],
            "waiting": [{"row": row, "url": review_url(row.listing)} for row in oldest_for(user)],
            "outreach": _counted(cases) if has_right(user, "view", Outreach) else None,
            "outreach_due": cases.filter(
                Q(next_action_on__lte=today) | Q(next_action_on=None, state="open")
            ).count(),
            "outreach_url": reverse("outreach:index"),
            "verifications": Verification.objects.waiting().count() if may_verify(user) else 0,
            "claims": ClaimRequest.objects.open().count() if may_verify(user) else 0,
            "claims_url": reverse("claims:index"),
            "verifications_url": reverse("verifications:index"),
            "dead_letters": (
                Delivery.objects.filter(state=DeliveryState.DEAD).count()
                if has_right(user, "view", Delivery)
                else 0
            ),
            "dead_letters_url": reverse("dead_letters:index"),
        }


def _counted(cases: Any) -> int:
    return int(cases.count())


def _list_url(kind: str) -> str:
    options = LISTING_MODELS[kind]._meta
    return reverse(f"wagtailsnippets_{options.app_label}_{options.model_name}:list")
