"""Agreements by which a ministry reads a source that is not for everybody."""

from typing import Any

from django import forms
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.lists import DayColumn, ListView, ListViewSet, OpeningColumn
from cms.menu import SOURCES
from cms.source_keys import ReaderKeysView, reader_keys_link
from marketplace.accounts.services import find_organization
from marketplace.core import audit
from marketplace.sources.models import Sharing, SharingAgreement, Source


class AgreementForm(forms.ModelForm):
    reader = forms.CharField(
        label=gettext_lazy("Bên được đọc"),
        help_text=gettext_lazy("Tên tổ chức đã có trên sàn, viết theo cách nào cũng được."),
        max_length=300,
    )

    class Meta:
        model = SharingAgreement
        fields = ("source", "reader", "number", "valid_from", "valid_to", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(sharing=Sharing.MINISTRIES)
        if self.instance.pk:
            # Keys that are out stand for this pair.
            self.fields["source"].disabled = self.fields["reader"].disabled = True
            self.fields["reader"].initial = str(self.instance.organization)

    def clean_reader(self) -> str:
        name = str(self.cleaned_data["reader"])
        if self.instance.pk:
            return name
        found = find_organization(name)
        if found is None:
            raise forms.ValidationError(_("Sàn chưa có tổ chức nào tên như vậy."))
        self.instance.organization = found
        return name


class _Saving:
    action = ""

    def save_instance(self) -> SharingAgreement:
        agreement: SharingAgreement = super().save_instance()
        subject = f"agreement:{agreement.pk}"
        audit.record(self.action, subject, by=self.request.user)
        return agreement


class AgreementCreateView(_Saving, generic.CreateView):
    action = "agreement.created"


class AgreementEditView(_Saving, generic.EditView):
    action = "agreement.changed"


class AgreementIndexView(ListView):
    list_display = (
        OpeningColumn(
            "number", label=gettext_lazy("Số thỏa thuận"), accessor=str, sort_key="number"
        ),
        Column("source", label=gettext_lazy("Nguồn"), accessor="source"),
        DayColumn("valid_from", label=gettext_lazy("Từ ngày"), sort_key="valid_from"),
        DayColumn("valid_to", label=gettext_lazy("Đến hết ngày"), sort_key="valid_to"),
        Column("keys", label=gettext_lazy("Khóa"), accessor=reader_keys_link),
    )

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("source", "organization")


class AgreementViewSet(ListViewSet):
    model = SharingAgreement
    name = "sharing"
    url_prefix = "thoa-thuan-chia-se"
    icon = "lock-open"
    menu_label = gettext_lazy("Thỏa thuận chia sẻ")
    about = gettext_lazy(
        "Bộ, ngành nào được đọc nguồn chia sẻ hẹp, theo thỏa thuận nào và đến khi nào. Mở "
        "“khóa” để cấp khóa cho máy của họ."
    )
    nothing = gettext_lazy("Chưa có thỏa thuận nào: nguồn chia sẻ hẹp chỉ cán bộ của sàn xem được.")
    menu_hook = SOURCES
    menu_order = 30
    ordering = ("-valid_from", "-pk")
    list_per_page = 50
    index_view_class = AgreementIndexView
    add_view_class = AgreementCreateView
    edit_view_class = AgreementEditView
    form_fields = ("source", "number", "valid_from", "valid_to", "note")

    def get_form_class(self, for_update: bool = False) -> type[AgreementForm]:
        return AgreementForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("khoa/<int:pk>/", ReaderKeysView.as_view(), name="keys"),
        ]
