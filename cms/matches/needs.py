"""Open needs with what was found for them: where a curator begins."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from cms.finding import anywhere
from cms.matches.access import MatchPage
from marketplace.listings.models import Need
from marketplace.matching.models import Match

PAGE: Final = 30


class NeedListView(MatchPage, TemplateView):
    template_name = "cms/matches/needs.html"
    page_title = gettext_lazy("Bàn gợi ý")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        words = asked.get("q", "").replace("\0", "").strip()[:200]
        only = asked.get("loc", "")
        active = Q(matches__retired_at=None, matches__isnull=False)
        found = (
            Need.objects.public()
            .select_related("organization")
            .annotate(
                ran_at=F("match_run__ran_at"),
                shown=Count("matches", filter=active, distinct=True),
                passed=Count(
                    "matches", filter=active & Q(matches__passed_at__isnull=False), distinct=True
                ),
            )
        )
        if words:
            digits = "".join(sign for sign in words if sign.isdigit())[:9]
            wanted = anywhere(words, "title", "organization__name_folded")
            found = found.filter(wanted | Q(number=int(digits)) if digits else wanted)
        if only == "chua-co":
            found = found.filter(shown=0)
        page = Paginator(found.order_by("-first_published_at", "-pk"), PAGE).get_page(
            asked.get("page")
        )
        return super().get_context_data(**kwargs) | {
            "page": page,
            "needs": [
                {"need": need, "url": reverse("need_matches", args=[need.pk])}
                for need in page.object_list
            ],
            "words": words,
            "only": only,
            "held": Match.objects.held().count(),
        }
