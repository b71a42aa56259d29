"""Days off and days worked instead in the admin: legal terms are counted by them."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.lists import ListView, ListViewSet, OpeningColumn, YesColumn
from cms.menu import REGISTRATION
from cms.saving import SavedByService
from marketplace.core.fields import DateField
from marketplace.core.templatetags.design import date_vi
from marketplace.taxonomy.clocks import save_days
from marketplace.taxonomy.models import CalendarDay


class DayForm(forms.ModelForm):
    last = DateField(
        label=gettext_lazy("Đến hết ngày"),
        required=False,
        help_text=gettext_lazy("Nghỉ nhiều ngày liền thì ghi ngày cuối; cuối tuần tự bỏ qua."),
    )

    class Meta:
        model = CalendarDay
        fields = ("day", "last", "kind", "label_vi", "label_en", "status", "source")
        widgets = {"day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        help_texts = {"source": gettext_lazy("Thông báo nghỉ lễ nào, của ai, ngày nào.")}

    field_order = ("day", "last", "kind", "label_vi", "label_en", "status", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["day"].disabled = True
            del self.fields["last"]

    def validate_unique(self) -> None:
        """A day that is known is written over: the later announcement holds."""


class DayIndexView(ListView):
    list_display = (
        OpeningColumn(
            "day",
            label=gettext_lazy("Ngày"),
            accessor=lambda day: date_vi(day.day),
            sort_key="day",
        ),
        Column("label", label=gettext_lazy("Dịp")),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display", sort_key="kind"),
        Column("status", label=gettext_lazy("Tình trạng"), accessor="get_status_display"),
        Column("source", label=gettext_lazy("Nguồn")),
        YesColumn(
            "is_own",
            label=gettext_lazy("Cán bộ ghi"),
            accessor=lambda day: not day.is_shipped,
        ),
    )


class _Saving(SavedByService):
    def save_form(self, form: Any) -> HttpResponse:
        given = form.cleaned_data
        names = ("kind", "label_vi", "label_en", "status", "source")
        count = save_days(
            first=given["day"],
            last=given.get("last") or given["day"],
            by=self.request.user,
            **{name: given[name] for name in names},
        )
        messages.success(self.request, _("Đã ghi %(count)d ngày.") % {"count": count})
        return redirect(reverse("calendar_days:index"))


class DayCreateView(_Saving, generic.CreateView):
    pass


class DayEditView(_Saving, generic.EditView):
    pass


class CalendarViewSet(ListViewSet):
    model = CalendarDay
    name = "calendar_days"
    url_prefix = "ngay-nghi"
    icon = "date"
    menu_label = gettext_lazy("Ngày nghỉ và làm bù")
    about = gettext_lazy(
        "Thời hạn theo ngày làm việc được đếm bằng lịch này; thứ Bảy và Chủ nhật tự bỏ qua. "
        "Có thông báo nghỉ lễ hay làm bù thì thêm ngày; thông báo sau thay thông báo trước."
    )
    menu_hook = REGISTRATION
    menu_order = 60
    ordering = ("-day",)
    list_filter = ("kind", "status")
    list_per_page = 60
    index_view_class = DayIndexView
    add_view_class = DayCreateView
    edit_view_class = DayEditView

    def get_form_class(self, for_update: bool = False) -> type[DayForm]:
        return DayForm
