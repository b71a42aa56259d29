"""Reports of listings by readers, and requests of authorities: what waits, by its clock, and the decision."""

from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.rights import has_right
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.fields import TextField
from marketplace.core.idempotency import idempotent
from marketplace.listings.models import LISTING_MODELS, Listing, ListingReport
from marketplace.listings.operating_rules import operating_rules, reason_label, report_reasons
from marketplace.listings.services.reports import (
    dismiss_report,
    record_authority_request,
    uphold_report,
)

PAGE: Final = 20
#: A longer time is read as a day.
_COUNTED_HOURS: Final = 48
_MOMENT: Final = "%Y-%m-%dT%H:%M"


class AuthorityForm(forms.Form):
    """What a paper of an authority says; the listing by its public number or address."""

    use_required_attribute = False

    number = forms.CharField(label=gettext_lazy("Số tin (NC-00412)"), max_length=20)
    authority = TextField(label=gettext_lazy("Cơ quan yêu cầu"), max_length=200)
    document_number = TextField(label=gettext_lazy("Số văn bản"), max_length=80)
    reason = forms.ChoiceField(label=gettext_lazy("Lý do"), choices=report_reasons)
    received_at = forms.DateTimeField(
        label=gettext_lazy("Nhận lúc"),
        widget=forms.DateTimeInput(format=_MOMENT, attrs={"type": "datetime-local"}),
        input_formats=[_MOMENT],
    )
    text = TextField(
        label=gettext_lazy("Nội dung yêu cầu"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def clean_number(self) -> Listing:
        letters, _dash, digits = self.cleaned_data["number"].strip().upper().partition("-")
        model = next((one for one in LISTING_MODELS.values() if letters == one.NUMBER_PREFIX), None)
        if model is not None and digits.isdecimal() and len(digits) < 10:
            found: Listing | None = model.objects.filter(number=int(digits)).first()
            if found is not None:
                return found
        raise forms.ValidationError(_("Không có tin nào mang số này."))


@method_decorator(idempotent, name="post")
class ReaderReportsView(DeskView):
    of = ListingReport
    template_name = "cms/reader_reports.html"
    page_title = gettext_lazy("Phản ánh về tin đăng")
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_decided = self.request.GET.get("trang-thai") == "da-xu-ly"
        reports = ListingReport.objects.select_related("decided_by", "recorded_by")
        rows = (
            reports.exclude(state=ListingReport.State.OPEN).order_by("-decided_at", "-pk")
            if is_decided
            else reports.open().in_order_of_work()
        )
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        for row in page.object_list:
            row.reason_name, row.shown = reason_label(row.reason), row.listing()
            row.hours_left = _hours_left(row)
        asked = kwargs.pop("form", None) or AuthorityForm(
            initial={"received_at": clock.now().astimezone(clock.VIETNAM).strftime(_MOMENT)}
        )
        return super().get_context_data(**kwargs) | {
            "is_decided": is_decided,
            "may_decide": has_right(self.request.user, "change", ListingReport),
            "page": page,
            "rules": operating_rules(),
            "form": asked,
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        if action == "record":
            return self.record(request)
        pk = request.POST.get("report", "")
        report = get_object_or_404(ListingReport, public_id=pk)
        act = {"uphold": uphold_report, "dismiss": dismiss_report}.get(action)
        if act is None:
            return redirect("reader_reports")
        try:
            act(report, note=request.POST.get("note", "")[:2000], by=request.user)
            messages.success(
                request,
                _("Đã gỡ tin và báo cho người đăng.")
                if action == "uphold"
                else _("Đã ghi: không có căn cứ, tin giữ nguyên."),
            )
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("reader_reports")

    def record(self, request: Any) -> HttpResponse:
        form = AuthorityForm(request.POST)
        if form.is_valid():
            said = dict(form.cleaned_data)
            try:
                made = record_authority_request(said.pop("number"), by=request.user, **said)
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(
                    request, _("Đã ghi yêu cầu số %(n)s.") % {"n": made.document_number}
                )
                return redirect("reader_reports")
        return self.render_to_response(self.get_context_data(form=form))


def _hours_left(row: ListingReport) -> int:
    """Whole hours until it is due, where they are few enough to be counted; else 0."""
    hours = int((row.due_at - clock.now()).total_seconds() // 3600)
    return hours if 0 < hours <= _COUNTED_HOURS else 0


def report_urls() -> list[URLPattern]:
    return [path("phan-anh/", ReaderReportsView.as_view(), name="reader_reports")]


def report_menu_item() -> DeskMenuItem:
    return menu_item(
        ReaderReportsView, gettext_lazy("Phản ánh về tin đăng"), "reader_reports", order=80
    )
