"""Claims of profiles that records have made: the proof is looked at, then the profile is handed over or not."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from cms.desks import DeskView, Trail
from cms.lists import ListView, ListViewSet, OrderOfWork, StateFilter, is_done
from cms.menu import ORGANIZATIONS
from cms.verifications import SendBackForm
from marketplace.accounts import services, verification_rules
from marketplace.accounts.models import ClaimRequest, ClaimState, Organization
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent


class ClaimFilters(WagtailFilterSet):
    state = StateFilter(ClaimState.choices)

    class Meta:
        model = ClaimRequest
        fields = ("state",)


class ClaimIndexView(OrderOfWork, ListView):
    list_display = (
        # Wagtail links what may be changed; these rows are decided on, by another right.
        TitleColumn(
            "organization",
            label=gettext_lazy("Tổ chức"),
            get_url=lambda row: reverse("claims:edit", args=[row.pk]),
        ),
        Column("user", label=gettext_lazy("Người đề nghị")),
        Column("state", label=gettext_lazy("Tình trạng"), accessor="get_state_display"),
        Column(
            "proved_domain",
            label=gettext_lazy("Email tại tên miền"),
            accessor=lambda row: row.proved_domain or "—",
        ),
        DateColumn("asked_at", label=gettext_lazy("Gửi lúc"), sort_key="asked_at"),
    )

    def get_base_queryset(self) -> QuerySet:
        rows = ClaimRequest.objects.select_related("organization", "user")
        return rows.order_by(is_done(ClaimState.OPEN), "asked_at", "pk")


@method_decorator(idempotent, name="post")
class ClaimView(DeskView):
    of = Organization
    seen_with = acted_with = "verify"
    template_name = "cms/claim.html"
    header_icon = "key"
    page_title = gettext_lazy("Đề nghị nhận hồ sơ")
    pk: Any = None

    def prepare(self) -> None:
        rows = ClaimRequest.objects.select_related("organization", "user", "decided_by")
        self.row: ClaimRequest = get_object_or_404(rows, pk=self.kwargs["pk"])

    def trail(self) -> Trail:
        return [(reverse("claims:index"), ClaimViewSet.menu_label)]

    @property
    def here(self) -> Any:
        return str(self.row.organization)

    def form(self, data: Any = None) -> SendBackForm:
        rules = verification_rules.edition_on()
        form = SendBackForm(data, prefix="decline", rules=rules, language=self.row.user.language)
        form.fields["reasons"].choices = [
            (code, str(rules.reasons[code].words)) for code in rules.claim_reasons
        ]
        return form

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("decision", "")
        if act not in ("accept", "decline"):
            raise PermissionDenied
        form = self.form(request.POST) if act == "decline" else None
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            if form is None:
                services.accept_claim(self.row, by=request.user)
                told = _("Đã giao hồ sơ cho %(person)s.") % {"person": self.row.user}
            else:
                services.decline_claim(self.row, by=request.user, **form.cleaned_data)
                told = _("Đã báo cho %(name)s.") % {"name": self.row.user}
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.path)
        messages.success(request, told)
        return redirect("claims:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None)
        rules, row = verification_rules.edition_on(), self.row
        waits = row.state == ClaimState.OPEN
        return super().get_context_data(**kwargs) | {
            "row": row,
            "organization": row.organization,
            "results": row.organization.results.count(),
            "waits": waits,
            "form": form or self.form(),
            "is_bound": form is not None,
            "papers": [(one, rules.papers.get(one.kind, one.kind)) for one in row.evidence.held()],
            "others": ClaimRequest.objects.open()
            .filter(organization=row.organization)
            .exclude(pk=row.pk)
            .select_related("user"),
            "reasons": [rules.reasons[c].words for c in row.reasons if c in rules.reasons],
        }


class ClaimViewSet(ListViewSet):
    model = ClaimRequest
    name = "claims"
    url_prefix = "nhan-ho-so"
    icon = "key"
    menu_label = gettext_lazy("Đề nghị nhận hồ sơ")
    about = gettext_lazy(
        "Người nói mình làm việc cho một tổ chức chưa có tài khoản, kèm giấy tờ hoặc email tại tên miền "
        "của tổ chức. Giao hồ sơ cho một người thì các đề nghị khác của tổ chức đó tự đóng."
    )
    nothing = gettext_lazy("Chưa có đề nghị nào.")
    menu_hook = ORGANIZATIONS
    menu_order = 20
    list_per_page = 30
    ordering = ("asked_at", "pk")
    filterset_class = ClaimFilters
    index_view_class = ClaimIndexView
    edit_view_class = ClaimView
    form_fields = ("note",)
