"""Who is who: submissions of organisations, compared with their papers, decided by a checklist."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from cms.desks import DeskView, Trail
from cms.lists import ListView, ListViewSet, OrderOfWork, StateFilter, is_done
from cms.menu import ORGANIZATIONS
from cms.rights import may_verify
from marketplace.accounts import services, verification_rules
from marketplace.accounts.forms.verification import countries
from marketplace.accounts.models import (
    Evidence,
    Membership,
    Organization,
    OrganizationKind,
    Verification,
    VerificationState,
)
from marketplace.accounts.models.verification import VERIFIED_FACTS
from marketplace.accounts.services.verification import shown_facts
from marketplace.accounts.views.verification import paper_response
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.templatetags.design import date_vi
from marketplace.taxonomy.labels import label

_SCHEMES = {
    "intermediary_kind": "intermediary-kinds",
    "economic_type": "economic-types",
    "province_code": "provinces",
}


class VerificationFilters(WagtailFilterSet):
    state = StateFilter(VerificationState.choices)

    class Meta:
        model = Verification
        fields = ("state",)


class VerificationIndexView(OrderOfWork, ListView):
    list_display = (
        # Wagtail links what may be changed; these rows are decided on, by another right.
        TitleColumn(
            "organization",
            label=gettext_lazy("Tổ chức"),
            get_url=lambda row: reverse("verifications:edit", args=[row.pk]),
        ),
        Column("state", label=gettext_lazy("Tình trạng"), accessor="get_state_display"),
        Column(
            "kind",
            label=gettext_lazy("Loại hình"),
            accessor=lambda row: row.organization.get_kind_display(),
        ),
        DateColumn("submitted_at", label=gettext_lazy("Gửi lúc"), sort_key="submitted_at"),
        Column("decided_by", label=gettext_lazy("Người quyết định")),
    )

    def get_base_queryset(self) -> QuerySet:
        rows = Verification.objects.exclude(state=VerificationState.DRAFT)
        rows = rows.select_related("organization", "decided_by")
        return rows.order_by(is_done(VerificationState.SUBMITTED), "submitted_at", "pk")


class ChecklistForm(forms.Form):
    """What was compared; the level follows from it."""

    use_required_attribute = False

    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Đã kiểm tra"), widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label=gettext_lazy("Ghi chú cho tổ chức"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, rules: verification_rules.Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checks"].choices = [
            (
                check.code,
                str(check.words)
                if check.is_required
                else _("%(check)s (nâng mức)") % {"check": check.words},
            )
            for check in rules.checks.values()
        ]


class SendBackForm(forms.Form):
    """Why it goes back. Without words of one's own the prepared ones are sent, in the owner's language."""

    use_required_attribute = False

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Lý do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Chọn ít nhất một lý do.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Nội dung gửi tổ chức"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Để trống thì gửi lời soạn sẵn của các lý do đã chọn."),
    )

    def __init__(
        self, *args: Any, rules: verification_rules.Edition, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.language = rules, language
        self.fields["reasons"].choices = [
            (reason.code, str(reason.words)) for reason in rules.reasons.values()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        codes = cleaned.get("reasons") or []
        if codes and not cleaned.get("text", "").strip():
            texts = [self.rules.reasons[code].text.said_in(self.language) for code in codes]
            cleaned["text"] = "\n".join(text for text in texts if text)
            if not cleaned["text"]:
                self.add_error("text", _("Lý do này cần lời giải thích."))
        return cleaned


@method_decorator(idempotent, name="post")
class VerificationView(DeskView):
    of = Organization
    seen_with = acted_with = "verify"
    template_name = "cms/verification.html"
    header_icon = "success"
    page_title = gettext_lazy("Hồ sơ xác minh")
    pk: Any = None

    def prepare(self) -> None:
        rows = Verification.objects.exclude(state=VerificationState.DRAFT)
        rows = rows.select_related("organization", "submitted_by", "decided_by")
        self.row: Verification = get_object_or_404(rows, pk=self.kwargs["pk"])

    def trail(self) -> Trail:
        return [(reverse("verifications:index"), VerificationViewSet.menu_label)]

    @property
    def here(self) -> Any:
        return str(self.row.organization)

    @cached_property
    def rules(self) -> verification_rules.Edition:
        return verification_rules.edition(self.row.edition)

    def form_for(self, act: str, data: Any = None) -> forms.Form:
        if act == "accept":
            return ChecklistForm(data, prefix=act, rules=self.rules)
        by = self.row.submitted_by
        language = by.language if by else "vi"
        return SendBackForm(data, prefix=act, rules=self.rules, language=language)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("decision", "")
        if act not in ("accept", "return", "refuse"):
            raise PermissionDenied
        form = self.form_for(act, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(bound={act: form}))
        try:
            told = self.decide(act, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
            return self.render_to_response(self.get_context_data(bound={act: form}))
        messages.success(request, told)
        return redirect("verifications:index")

    def decide(self, act: str, cleaned: dict[str, Any]) -> str:
        by = self.request.user
        if act == "accept":
            services.accept_verification(
                self.row, by=by, checks=cleaned["checks"], text=cleaned["text"]
            )
            return _("Đã xác minh %(name)s.") % {"name": self.row.organization}
        send_back = (
            services.return_verification if act == "return" else services.refuse_verification
        )
        send_back(self.row, by=by, reasons=cleaned["reasons"], text=cleaned["text"])
        return _("Đã báo cho %(name)s.") % {"name": self.row.organization}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bound = kwargs.pop("bound", {})
        context = super().get_context_data(**kwargs)
        row, organization = self.row, self.row.organization
        waits = row.state == VerificationState.SUBMITTED
        facts = row.stated
        return context | {
            "row": row,
            "organization": organization,
            "rules": self.rules,
            "waits": waits,
            "is_own": Membership.objects.filter(
                user=self.request.user, organization=organization
            ).exists(),
            "facts": self.compared(),
            "papers": [
                (paper, self.rules.papers.get(paper.kind, paper.kind))
                for paper in row.evidence.held().select_related("uploaded_by")
            ],
            "duplicates": services.find_duplicates(
                organization, name=facts["name"], tax_code=facts["tax_code"]
            )
            if waits
            else [],
            "forms": {
                act: bound.get(act) or self.form_for(act) for act in ("accept", "return", "refuse")
            }
            if waits
            else {},
            "opened": next(iter(bound), ""),
            "checked": [self.rules.checks[c].words for c in row.checks if c in self.rules.checks],
            "reasons": [
                self.rules.reasons[c].words for c in row.reasons if c in self.rules.reasons
            ],
            "level": self.rules.level(row.level),
            "earlier": organization.verifications.exclude(pk=row.pk)
            .exclude(state=VerificationState.DRAFT)
            .order_by("-submitted_at", "-pk")[:10],
        }

    def compared(self) -> list[dict[str, Any]]:
        """Each fact as it is stated and, where that differs, as it is shown now."""
        shown, asked = shown_facts(self.row.organization), self.rules.asked_of(self.row.facts).facts
        rows = []
        for name in VERIFIED_FACTS:
            stated, before = self.row.facts.get(name, ""), shown[name]
            if stated or before or name in asked:
                column = Organization._meta.get_field(name)
                rows.append(
                    {
                        "label": getattr(column, "verbose_name", name),
                        "stated": in_words(name, stated),
                        "before": in_words(name, before) if stated != before else "",
                        "differs": stated != before,
                    }
                )
        return rows


def in_words(name: str, value: str) -> str:
    if not value:
        return ""
    if name == "kind":
        return str(dict(OrganizationKind.choices).get(value, value))
    if name in _SCHEMES:
        return label(_SCHEMES[name], value)
    if name == "country_code":
        return dict(countries()).get(value, value)
    if name == "registered_on":
        return date_vi(date.fromisoformat(value))
    return value


class EvidenceView(View):
    """A paper for who verifies; the admin has asked for the second factor, the log keeps each reading."""

    http_method_names = ("get",)

    def get(self, request: Any, public_id: str) -> HttpResponse:
        if not may_verify(request.user):
            raise PermissionDenied
        paper = get_object_or_404(
            Evidence.objects.held().filter(
                Q(claim__isnull=False) | ~Q(verification__state=VerificationState.DRAFT)
            ),
            public_id=public_id,
        )
        return paper_response(paper, by=request.user)


class VerificationViewSet(ListViewSet):
    model = Verification
    name = "verifications"
    url_prefix = "ho-so-xac-minh"
    icon = "success"
    menu_label = gettext_lazy("Hồ sơ xác minh")
    about = gettext_lazy(
        "Tổ chức gửi thông tin và giấy tờ; cán bộ đối chiếu theo danh mục rồi chấp nhận, trả lại hoặc "
        "từ chối. Mỗi lần mở giấy tờ được ghi vào nhật ký."
    )
    nothing = gettext_lazy("Chưa có hồ sơ nào được gửi.")
    menu_hook = ORGANIZATIONS
    menu_order = 15
    list_per_page = 30
    ordering = ("submitted_at", "pk")
    filterset_class = VerificationFilters
    index_view_class = VerificationIndexView
    edit_view_class = VerificationView
    form_fields = ("note",)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("giay-to/<slug:public_id>/", EvidenceView.as_view(), name="evidence"),
        ]
