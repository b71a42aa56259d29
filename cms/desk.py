"""The contact desk: organisations that match a need but are not on the exchange yet."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from cms import services
from cms.finding import WordsFilter
from cms.forms import CallForm, CaseForm, ReasonForm
from cms.lists import OrderOfWork
from cms.many_forms import ManyForms
from cms.menu import ORGANIZATIONS
from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import OPEN_OUTREACH_STATES, Outreach, OutreachState
from marketplace.accounts.services import log_call, move_outreach
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.text import slugify
from marketplace.matching.models import Match, supplier_of

_SHOWN_MATCHES = 30


def matches_of(organization: Any) -> QuerySet[Match]:
    """Suggestions that wait for an organisation, whatever of it was suggested."""
    return Match.objects.active().supplied_by([getattr(organization, "pk", organization)])


def _waiting_needs() -> Coalesce:
    needs = (
        Match.objects.active()
        .annotate(supplier=supplier_of())
        .filter(supplier=OuterRef("organization"))
        .order_by()
        .values("supplier")
        .annotate(count=Count("need", distinct=True))
        .values("count")
    )
    return Coalesce(Subquery(needs, output_field=IntegerField()), 0)


class CaseFilters(WagtailFilterSet):
    open = django_filters.ChoiceFilter(
        label=gettext_lazy("Hồ sơ"),
        choices=[
            ("open", gettext_lazy("Đang mở")),
            ("due", gettext_lazy("Đến hạn việc tiếp theo")),
            ("mine", gettext_lazy("Tôi phụ trách")),
            ("nobody", gettext_lazy("Chưa giao ai")),
        ],
        empty_label=gettext_lazy("Tất cả"),
        method="in_heap",
        widget=forms.RadioSelect,
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=OutreachState.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = WordsFilter("organization__name_folded", label=gettext_lazy("Tổ chức có chứa"))

    class Meta:
        model = Outreach
        fields: ClassVar = ["open", "state", "words"]

    def in_heap(self, found: QuerySet, name: str, value: str) -> QuerySet:
        found = found.filter(state__in=OPEN_OUTREACH_STATES)
        if value == "due":
            return found.filter(next_action_on__lte=clock.today())
        if value == "mine":
            return found.filter(assigned_to=self.request.user)
        if value == "nobody":
            return found.filter(assigned_to=None)
        return found


class CaseIndexView(OrderOfWork, generic.IndexView):
    list_display = (
        "organization",
        Column(
            "state",
            label=gettext_lazy("Tình trạng"),
            accessor="get_state_display",
            sort_key="state",
        ),
        Column("needs", label=gettext_lazy("Nhu cầu đang chờ"), sort_key="needs"),
        DateColumn("created_at", label=gettext_lazy("Mở hồ sơ"), sort_key="created_at"),
        Column(
            "next_action_on",
            label=gettext_lazy("Việc tiếp theo"),
            accessor=lambda case: f"{case.next_action_on:%d/%m/%Y}" if case.next_action_on else "",
            sort_key="next_action_on",
        ),
        Column("assigned_to", label=gettext_lazy("Phụ trách"), sort_key="assigned_to__full_name"),
    )

    def get_base_queryset(self) -> QuerySet:
        ended = Case(When(state__in=OPEN_OUTREACH_STATES, then=Value(0)), default=Value(1))
        return (
            Outreach.objects.select_related("organization", "assigned_to")
            .annotate(needs=_waiting_needs(), ended=ended)
            .order_by("ended", F("next_action_on").asc(nulls_first=True), "created_at", "pk")
        )


class _CaseView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = Outreach
    permission_required = "change"
    kwargs: dict[str, Any]

    @cached_property
    def case(self) -> Outreach:
        rows = Outreach.objects.select_related("organization", "assigned_to")
        found: Outreach = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found


@method_decorator(idempotent, name="post")
class CaseView(ManyForms, _CaseView):
    template_name = "cms/outreach_case.html"
    header_icon = "mail"

    def forms_with(self, posted: Any = None, action: str = "") -> dict[str, Any]:
        def data(name: str) -> Any:
            return posted if action == name else None

        return {
            "contact": CaseForm(data("contact"), prefix="contact", instance=self.case),
            "call": CallForm(data("call"), prefix="call"),
            "close": ReasonForm(data("close"), prefix="close"),
        }

    def act(self, action: str, cleaned: dict[str, Any]) -> str:
        by = self.request.user
        # The form of the contact writes into its own copy of the case; the services read the row.
        case = Outreach.objects.select_related("organization").get(pk=self.case.pk)
        if action == "contact":
            services.update_case(case, by=by, **cleaned)
            return _("Đã lưu thông tin liên hệ.")
        if action == "call":
            log_call(case, by=by, note=cleaned["note"], next_action_on=cleaned["next_action_on"])
            return _("Đã ghi vào nhật ký.")
        if action == "close":
            services.close_case(case, by=by, reason=cleaned["reason"])
            return _("Đã đóng hồ sơ.")
        if action == "contacted":
            move_outreach(case, OutreachState.CONTACTED, by=by)
            return _("Đã chuyển sang “Đã liên hệ”.")
        raise DomainError(_("Không hiểu yêu cầu này."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        case = Outreach.objects.select_related("organization", "assigned_to").get(pk=self.case.pk)
        context.setdefault("forms", self.forms_with())
        return context | {
            "case": case,
            "organization": case.organization,
            "is_open": case.state in OPEN_OUTREACH_STATES,
            "calls": case.calls.select_related("by"),
            "invitations": case.invitations.select_related("created_by", "used_by"),
            "matches": self.matches(),
            "result_count": case.organization.results.count(),
            "now": clock.now(),
        }

    def matches(self) -> list[Match]:
        """The best suggestion for each need; staff see whole lists."""
        rows = (
            matches_of(self.case.organization_id)
            .with_candidates()
            .order_by("rank", "-score", "pk")[: _SHOWN_MATCHES * 3]
        )
        best: dict[int, Match] = {}
        for match in rows:
            best.setdefault(match.need_id, match)
        return list(best.values())[:_SHOWN_MATCHES]

    def get_page_title(self) -> str:
        return _("Hồ sơ liên hệ")

    def get_page_subtitle(self) -> str:
        return str(self.case.organization)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("outreach:index"), "label": _("Bàn liên hệ")},
            {"url": "", "label": self.get_page_subtitle()},
        ]


class LetterView(_CaseView):
    """Makes a claim link and answers with its letter.

    The answer is the letter itself, not a redirect, so a repeat cannot be given the first one: its
    link is kept nowhere. A second letter works as well as the first until one of them is used.
    """

    http_method_names = ("post",)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _invitation, letter = services.invite(
                self.case, by=request.user, front=front_of(request)
            )
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(reverse("outreach:edit", args=[self.case.pk]))
        name = f"thu-moi-{slugify(self.case.organization.name, limit=50)}.pdf"
        response = HttpResponse(letter, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


class OutreachViewSet(ModelViewSet):
    model = Outreach
    name = "outreach"
    url_prefix = "ban-lien-he"
    icon = "mail"
    menu_label = gettext_lazy("Bàn liên hệ")
    menu_hook = ORGANIZATIONS
    menu_order = 20
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 30
    form_fields = ("contact_name",)
    filterset_class = CaseFilters
    index_view_class = CaseIndexView

    @property
    def edit_view(self) -> Any:
        return self.construct_view(CaseView)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("thu-moi/<int:pk>/", self.construct_view(LetterView), name="letter"),
        ]
