"""Disputes about deals: what waits for an answer or for the exchange, by its last day; each is dealt with on its page."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from cms.desks import DeskMenuItem, DeskView, menu_item
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.deals.disputing import OUTCOMES, REASONS, terms_on
from marketplace.deals.models import Deal, Dispute
from marketplace.deals.models.deals import CASE, VIEW
from marketplace.taxonomy.labels import label

PAGE: Final = 20


class DisputesView(DeskView):
    of = Deal
    template_name = "cms/disputes.html"
    page_title = gettext_lazy("Khiếu nại trong giao dịch")
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_ended = self.request.GET.get("trang-thai") == "da-xong"
        mine = Dispute.objects.curated_by(self.request.user, VIEW)
        rows = (
            mine.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")
            if is_ended
            else mine.open().in_order_of_work()
        )
        page = Paginator(rows.with_all(), PAGE).get_page(self.request.GET.get("page"))
        cases = _cases_of(page.object_list)
        for row in page.object_list:
            row.reason_name = label(REASONS, row.reason)
            row.outcome_name = label(OUTCOMES, row.outcome) if row.outcome else ""
            row.case = cases.get(row.deal.public_id)
        return super().get_context_data(**kwargs) | {
            "is_ended": is_ended,
            "page": page,
            "terms": terms_on(clock.today()),
        }


def _cases_of(rows: Any) -> dict[str, Any]:
    """The cases of these deals: who looks after each, and where notes for staff alone are kept."""
    found = Case.objects.filter(kind=CASE, subject__in=[row.deal.public_id for row in rows])
    return {case.subject: case for case in found.select_related("officer")}


def dispute_urls() -> list[URLPattern]:
    return [path("khieu-nai/", DisputesView.as_view(), name="disputes")]


def dispute_menu_item() -> DeskMenuItem:
    return menu_item(DisputesView, gettext_lazy("Khiếu nại trong giao dịch"), "disputes", order=81)
