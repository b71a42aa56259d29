"""Organisations in the admin: list, profile, verification."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from cms.forms import OrganizationForm, ReasonForm
from cms.matches.access import may_decide
from cms.menu import ORGANIZATIONS
from cms.rights import may_verify
from marketplace.accounts.models import Organization, OrganizationKind, OrganizationStatus, Outreach
from marketplace.accounts.services import (
    revoke_verification,
    update_organization,
)
from marketplace.accounts.services.organizations import EDITABLE_FIELDS
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.labels import label


class OrganizationFilters(WagtailFilterSet):
    words = django_filters.CharFilter(label=gettext_lazy("Tên có chứa"), method="named")
    # Ten digits find a dependent unit too; a person's twelve must not come into an address
    # (`typed_numbers`), so that nothing is found by them, nor by the part of them that fits.
    tax_code = django_filters.CharFilter(
        label=gettext_lazy("Mã số thuế"),
        method="coded",
        max_length=10,
        help_text=gettext_lazy("10 số đầu. Hộ kinh doanh dùng số cá nhân thì tìm theo tên."),
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=OrganizationStatus.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Loại hình"),
        choices=OrganizationKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    province_code = django_filters.ChoiceFilter(
        label=gettext_lazy("Tỉnh, thành phố"),
        choices=lambda: choices("provinces"),
        empty_label=gettext_lazy("Tất cả"),
    )

    class Meta:
        model = Organization
        fields = ("words", "tax_code", "status", "kind", "province_code")

    def coded(self, found: QuerySet, name: str, value: str) -> QuerySet:
        return found.filter(tax_code__startswith=value).exclude(tax_code__regex=r"^\d{12}$")

    def named(self, found: QuerySet, name: str, value: str) -> QuerySet:
        return found.named_like(value)


class OrganizationIndexView(generic.IndexView):
    list_display = (
        "name",
        Column(
            "kind", label=gettext_lazy("Loại hình"), accessor="get_kind_display", sort_key="kind"
        ),
        Column(
            "status",
            label=gettext_lazy("Tình trạng"),
            accessor="get_status_display",
            sort_key="status",
        ),
        Column("tax_code", label=gettext_lazy("Mã số thuế")),
        Column(
            "province_code",
            label=gettext_lazy("Tỉnh, thành phố"),
            accessor=lambda one: label("provinces", one.province_code) if one.province_code else "",
        ),
        DateColumn("verified_at", label=gettext_lazy("Xác minh"), sort_key="verified_at"),
    )


class OrganizationEditView(generic.EditView):
    def form_valid(self, form: Any) -> HttpResponse:
        self.form = form
        facts = {name: form.cleaned_data[name] for name in EDITABLE_FIELDS}
        # The form has written into its own copy already; the service compares with the row.
        row = Organization.objects.get(pk=self.object.pk)
        try:
            update_organization(row, by=self.request.user, **facts)
        except DomainError as error:
            form.add_error(None, error.message)
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)
        messages.success(self.request, _("Đã lưu hồ sơ tổ chức."))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        organization = Organization.objects.get(pk=self.object.pk)
        return context | {
            "organization": organization,
            "can_verify": may_verify(self.request.user),
            "may_decide": may_decide(self.request.user),
            "revoke_form": ReasonForm(prefix="revoke"),
            "members": organization.memberships.select_related("user").order_by("pk"),
            "former_names": organization.former_names.order_by("name"),
            "merges": organization.merges_in.standing().select_related("duplicate"),
            "merged_away": organization.merges_away.standing().select_related("survivor").first(),
            "submission": organization.verifications.waiting().first(),
            "case": Outreach.objects.open().filter(organization=organization).first(),
        }


@method_decorator(idempotent, name="post")
class RevokeView(View):
    """Takes the mark back. It is given on the desk of submissions alone, by the checklist."""

    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not may_verify(request.user):
            raise PermissionDenied
        organization = get_object_or_404(Organization, pk=pk)
        answer = redirect(reverse("organizations:edit", args=[pk]))
        form = ReasonForm(request.POST, prefix="revoke")
        if not form.is_valid():
            notes.error(request, _("Hãy ghi lý do thôi xác minh."))
            return answer
        try:
            revoke_verification(organization, by=request.user, reason=form.cleaned_data["reason"])
            notes.success(request, _("Đã thôi xác minh tổ chức này."))
        except DomainError as error:
            notes.error(request, error.message)
        return answer


class OrganizationViewSet(ModelViewSet):
    model = Organization
    name = "organizations"
    url_prefix = "to-chuc"
    icon = "group"
    menu_label = gettext_lazy("Tổ chức")
    menu_hook = ORGANIZATIONS
    menu_order = 10
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ("name", "pk")
    list_per_page = 30
    filterset_class = OrganizationFilters
    index_view_class = OrganizationIndexView
    edit_view_class = OrganizationEditView
    edit_template_name = "cms/organization_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[OrganizationForm]:
        return OrganizationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("thoi-xac-minh/<int:pk>/", RevokeView.as_view(), name="revoke"),
        ]
