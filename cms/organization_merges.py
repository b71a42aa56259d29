"""Two profiles of one organisation: looked at beside each other, joined, taken apart again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.desks import DeskView, Trail
from cms.forms import ReasonForm
from marketplace.accounts import services
from marketplace.accounts.models import Organization, OrganizationMerge
from marketplace.accounts.services.duplicates import find_duplicates
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.labels import label

_FOUND = 20


class _MergeDesk(DeskView):
    """For those who verify: they know who is who."""

    of = Organization
    seen_with = acted_with = "verify"
    header_icon = "resubmit"

    def trail(self) -> Trail:
        return [
            (reverse("organizations:index"), _("Tổ chức")),
            (reverse("organizations:edit", args=[self.subject.pk]), str(self.subject)),
        ]

    @property
    def subject(self) -> Organization:
        raise NotImplementedError


@method_decorator(idempotent, name="post")
class MergeOrganizationView(_MergeDesk):
    """The duplicate is known; the one that stays is looked for, seen beside it, then the two are joined."""

    template_name = "cms/merge_organizations.html"
    page_title = gettext_lazy("Gộp vào tổ chức khác")

    def prepare(self) -> None:
        self.duplicate = get_object_or_404(Organization, pk=self.kwargs["pk"])

    @property
    def subject(self) -> Organization:
        return self.duplicate

    def survivor(self, pk: str) -> Organization | None:
        return Organization.objects.filter(pk=int(pk)).first() if pk.isdecimal() else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self.survivor(self.request.GET.get("vao", "")[:18])
        preview, refused = None, ""
        if chosen is not None:
            try:
                preview = services.preview_merge(self.duplicate, chosen)
            except DomainError as error:
                refused = str(error.message)
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:200]
        columns = {field.name: field for field in Organization._meta.concrete_fields}
        return super().get_context_data(**kwargs) | {
            "duplicate": self.duplicate,
            "survivor": chosen,
            "preview": preview,
            "lines": self.lines(chosen) if chosen else [],
            "filled": [getattr(columns[n], "verbose_name", n) for n in preview.filled]
            if preview
            else [],
            "refused": refused,
            "asked": asked,
            "found": self.found(asked),
            "likely": find_duplicates(
                self.duplicate, name=self.duplicate.name, tax_code=self.duplicate.tax_code
            ),
        }

    def lines(self, chosen: Organization) -> list[dict[str, Any]]:
        """The two profiles beside each other."""
        rows: list[tuple[Any, Callable[[Organization], str]]] = [
            (_("Tên"), lambda one: one.name),
            (_("Tình trạng"), lambda one: one.get_status_display()),
            (_("Loại hình"), lambda one: one.get_kind_display()),
            (_("Mã số thuế"), lambda one: one.tax_code),
            (_("Tỉnh, thành phố"), lambda one: label("provinces", one.province_code)),
            (_("Địa chỉ"), lambda one: one.address),
            (_("Trang web"), lambda one: one.website),
        ]
        return [
            {"label": words, "gone": gone, "kept": kept, "differs": gone != kept}
            for words, value in rows
            for gone, kept in [(value(self.duplicate), value(chosen))]
        ]

    def found(self, asked: str) -> list[Organization]:
        if not asked:
            return []
        # By name alone: a tax code may be a person's number, and this stands in the address. Who has
        # the same code is among the likely ones.
        others = Organization.objects.public().exclude(pk=self.duplicate.pk)
        return list(others.named_like(asked).order_by("name_folded", "pk")[:_FOUND])

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = self.survivor(request.POST.get("vao", "")[:18])
        if chosen is None:
            notes.error(request, _("Hãy chọn tổ chức được giữ."))
            return redirect(request.path)
        try:
            services.merge_organizations(duplicate=self.duplicate, survivor=chosen, by=request.user)
        except DomainError as error:
            notes.error(request, str(error.message))
            return redirect(f"{request.path}?vao={chosen.pk}")
        notes.success(request, _("Đã gộp. Tách lại được ở trang này."))
        return redirect("organizations:edit", chosen.pk)


@method_decorator(idempotent, name="post")
class UndoMergeView(_MergeDesk):
    template_name = "cms/undo_organization_merge.html"
    page_title = gettext_lazy("Tách hai tổ chức đã gộp")

    def prepare(self) -> None:
        rows = OrganizationMerge.objects.select_related("duplicate", "survivor", "merged_by")
        self.merge: OrganizationMerge = get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def subject(self) -> Organization:
        return self.merge.survivor

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        return super().get_context_data(**kwargs) | {"merge": self.merge}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            services.undo_merge(self.merge, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            notes.error(request, str(error.message))
            return redirect(request.path)
        notes.success(request, _("Đã tách. Hai tổ chức trở lại như trước khi gộp."))
        return redirect("organizations:edit", self.merge.duplicate_id)


def merge_urls() -> list[URLPattern]:
    return [
        path("gop-to-chuc/<int:pk>/", MergeOrganizationView.as_view(), name="merge_organization"),
        path("gop-to-chuc/tach/<int:pk>/", UndoMergeView.as_view(), name="undo_organization_merge"),
    ]
