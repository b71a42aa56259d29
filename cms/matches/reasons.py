"""Why matches were passed on, per institute, with a period and as a table to take away."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cms.desks import Trail
from cms.matches.access import MatchPage
from marketplace.core.cells import harmless
from marketplace.core.fields import DateField
from marketplace.matching.passes import OrganizationSum, sums_by_organization

PAGE: Final = 30


class PeriodForm(forms.Form):
    use_required_attribute = False

    since = DateField(label=gettext_lazy("Từ ngày"), required=False)
    until = DateField(label=gettext_lazy("Đến ngày"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("Ngày cuối đứng trước ngày đầu."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of one organisation."""

    organization: str
    shown: int
    passed: int
    reason: str
    count: int


def lines_of(sums: list[OrganizationSum]) -> list[Line]:
    return [
        Line(
            harmless(one.organization.name),
            one.shown,
            one.passed,
            harmless(reason.label),
            reason.count,
        )
        for one in sums
        for reason in one.reasons
    ]


class ReasonsView(SpreadsheetExportMixin, MatchPage, TemplateView):
    template_name = "cms/matches/reasons.html"
    page_title = gettext_lazy("Lý do bỏ qua gợi ý")
    list_export: ClassVar = ["organization", "shown", "passed", "reason", "count"]
    export_filename = "ly-do-bo-qua-goi-y"
    export_headings: ClassVar = {
        "organization": pgettext_lazy("một tổ chức", "Tổ chức"),
        "shown": gettext_lazy("Gợi ý đã đưa ra"),
        "passed": gettext_lazy("Lần bỏ qua"),
        "reason": gettext_lazy("Lý do"),
        "count": gettext_lazy("Số lần"),
    }

    def trail(self) -> Trail:
        return [(reverse("match_desk"), _("Bàn gợi ý"))]

    def period(self) -> tuple[PeriodForm, list[OrganizationSum]]:
        form = PeriodForm(self.request.GET or None)
        if not form.is_bound:
            return form, sums_by_organization()
        if not form.is_valid():
            return form, []
        chosen = form.cleaned_data
        return form, sums_by_organization(since=chosen["since"], until=chosen["until"])

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.is_export:
            _form, sums = self.period()
            return self.as_spreadsheet(lines_of(sums), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def stream_csv(self, queryset: Any) -> Any:
        # A spreadsheet reads Vietnamese right only behind this mark.
        yield "\ufeff"
        yield from super().stream_csv(queryset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, sums = self.period()
        page = Paginator(sums, PAGE).get_page(self.request.GET.get("page"))
        total: dict[str, int] = {}
        for one in sums:
            for reason in one.reasons:
                total[reason.label] = total.get(reason.label, 0) + reason.count
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": page,
            "passed": sum(total.values()),
            "total": sorted(total.items(), key=lambda item: (-item[1], item[0])),
        }
