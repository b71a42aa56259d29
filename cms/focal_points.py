"""Focal points in the admin: which tasks each receives, who works there, and how one ends."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.lists import DayColumn, ListView, ListViewSet, OpeningColumn, YesColumn
from cms.menu import REGISTRATION
from cms.register_forms import OrganizationByName
from cms.rights import has_right
from cms.saving import SavedByService
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.registration import rules, services
from marketplace.registration.models import FocalOfficer, FocalPoint
from marketplace.registration.states import DESK_STATES
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.labels import labels

_FIELDS = (
    "slug", "organization", "kind", "levels", "agencies", "province_codes", "superior", "place",
    "body_code", "archive_group", "number_pattern", "signer_title", "signer_name", "email", "phone",
    "address", "legal_basis", "valid_from",
)  # fmt: skip


def _number_patterns() -> list[tuple[str, str]]:
    return [(e.code, f"{e.code} – {e.label}") for e in rules.book(rules.Kind.NUMBERS).entries]


class FocalPointForm(forms.ModelForm):
    organization = OrganizationByName(
        label=gettext_lazy("Tổ chức"),
        max_length=300,
        help_text=gettext_lazy("Tên tổ chức, viết theo cách nào cũng được."),
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Nhận nhiệm vụ cấp"),
        choices=lambda: choices("task-levels"),
        widget=forms.CheckboxSelectMultiple,
    )
    agencies = forms.CharField(
        label=gettext_lazy("Nhận nhiệm vụ của cơ quan chủ quản"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Mỗi cơ quan một dòng, cả những cách viết khác."),
    )
    province_codes = forms.MultipleChoiceField(
        label=gettext_lazy("Nhận nhiệm vụ của tổ chức ở tỉnh, thành phố"),
        choices=lambda: choices("provinces"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    number_pattern = forms.ChoiceField(
        label=gettext_lazy("Cách ghi số giấy chứng nhận"), choices=_number_patterns
    )

    class Meta:
        model = FocalPoint
        fields = _FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["agencies"] = "\n".join(self.instance.agencies)
        if self.instance.pk:
            # Addresses and rows of the log name it.
            self.fields["slug"].disabled = True

    def clean_agencies(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["agencies"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class OfficerForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Email của tài khoản"),
        help_text=gettext_lazy("Người đó phải có tài khoản và bật bước xác thực thứ hai."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Vai trò"), choices=FocalOfficer.Role.choices)


class CloseForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=gettext_lazy("Đầu mối nhận các hồ sơ đang ở đây"),
        queryset=FocalPoint.objects.none(),
        required=False,
        empty_label=gettext_lazy("— Không còn hồ sơ nào —"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do, văn bản"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: sáp nhập theo Quyết định số …"),
    )

    def __init__(self, *args: Any, point: FocalPoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        others = FocalPoint.objects.active().exclude(pk=point.pk)
        field.queryset = others.select_related("organization")


class FocalPointIndexView(ListView):
    list_display = (
        OpeningColumn(
            "name", label=gettext_lazy("Đầu mối"), accessor=str, sort_key="organization__name"
        ),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display", sort_key="kind"),
        Column(
            "levels",
            label=gettext_lazy("Cấp nhiệm vụ"),
            accessor=lambda point: ", ".join(labels("task-levels", point.levels)),
        ),
        Column("people", label=gettext_lazy("Cán bộ"), sort_key="people"),
        Column("waiting", label=gettext_lazy("Hồ sơ chờ"), sort_key="waiting"),
        DayColumn("valid_from", label=gettext_lazy("Từ ngày"), sort_key="valid_from"),
        DayColumn("valid_to", label=gettext_lazy("Đến hết ngày"), sort_key="valid_to"),
        YesColumn("is_active", label=gettext_lazy("Đang hoạt động"), sort_key="is_active"),
    )

    def get_base_queryset(self) -> QuerySet[FocalPoint]:
        points: QuerySet[FocalPoint] = super().get_base_queryset()
        waiting = Count("dossiers", filter=Q(dossiers__state__in=DESK_STATES), distinct=True)
        return points.select_related("organization").annotate(
            people=Count("officers", distinct=True), waiting=waiting
        )


class _Saving(SavedByService):
    def save_instance(self) -> FocalPoint:
        return services.save_focal_point(self.form.instance, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("focal_points:edit", args=[self.form.instance.pk])


class FocalPointCreateView(_Saving, generic.CreateView):
    pass


class FocalPointEditView(_Saving, generic.EditView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        point = FocalPoint.objects.select_related("organization").get(pk=self.object.pk)
        return super().get_context_data(**kwargs) | {
            "point": point,
            "officers": point.officers.select_related("user").order_by("pk"),
            "officer_form": OfficerForm(prefix="officer"),
            "close_form": CloseForm(prefix="close", point=point),
        }


@method_decorator(idempotent, name="post")
class FocalPointActView(View):
    """Names an officer, ends an office, ends the focal point or takes that back."""

    http_method_names = ("post",)
    act = ""

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not has_right(request.user, "change", FocalPoint):
            raise PermissionDenied
        point = get_object_or_404(FocalPoint, pk=pk)
        try:
            getattr(self, f"_{self.act}")(request, point)
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(reverse("focal_points:edit", args=[pk]))

    def _appoint(self, request: Any, point: FocalPoint) -> None:
        form = OfficerForm(request.POST, prefix="officer")
        if not form.is_valid():
            messages.error(request, _("Hãy ghi email của một tài khoản và chọn vai trò."))
            return
        services.appoint_officer(point, by=request.user, **form.cleaned_data)
        messages.success(request, _("Đã ghi cán bộ đầu mối."))

    def _dismiss(self, request: Any, point: FocalPoint) -> None:
        given = request.POST.get("officer", "")
        pk = int(given) if given.isdecimal() and len(given) < 10 else 0
        services.dismiss_officer(get_object_or_404(point.officers, pk=pk), by=request.user)
        messages.success(request, _("Người này không còn là cán bộ đầu mối."))

    def _close(self, request: Any, point: FocalPoint) -> None:
        form = CloseForm(request.POST, prefix="close", point=point)
        if not form.is_valid():
            messages.error(request, _("Hãy ghi lý do ngừng và chọn đầu mối còn hoạt động."))
            return
        moved = services.close_focal_point(point, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("Đầu mối đã ngừng; %(count)d hồ sơ được chuyển.") % {"count": moved}
        )

    def _reopen(self, request: Any, point: FocalPoint) -> None:
        services.reopen_focal_point(point, by=request.user)
        messages.success(request, _("Đầu mối hoạt động trở lại."))


class FocalPointViewSet(ListViewSet):
    model = FocalPoint
    name = "focal_points"
    url_prefix = "dau-moi"
    icon = "home"
    menu_label = gettext_lazy("Đầu mối và cán bộ")
    about = gettext_lazy(
        "Mỗi đầu mối nhận hồ sơ theo cấp nhiệm vụ, cơ quan chủ quản và tỉnh. Mở một đầu mối "
        "để thêm cán bộ, sửa người ký, hoặc cho ngừng và chuyển hồ sơ sang đầu mối khác."
    )
    nothing = gettext_lazy(
        "Chưa có đầu mối nào, nên chưa đơn vị nào nộp hồ sơ được. Thêm đầu mối đầu tiên."
    )
    menu_hook = REGISTRATION
    menu_order = 10
    ordering = ("-is_active", "kind", "slug")
    list_per_page = 50
    index_view_class = FocalPointIndexView
    add_view_class = FocalPointCreateView
    edit_view_class = FocalPointEditView
    edit_template_name = "cms/focal_point_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[FocalPointForm]:
        return FocalPointForm

    def get_urlpatterns(self) -> list[URLPattern]:
        acts = (
            ("can-bo", "appoint"), ("thoi", "dismiss"), ("ngung", "close"), ("mo-lai", "reopen"),
        )  # fmt: skip
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{word}/<int:pk>/", FocalPointActView.as_view(act=act), name=act)
                for word, act in acts
            ),
        ]
