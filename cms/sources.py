"""Sources in the admin: what each is, whose values hold, and who may be given its records."""

import re
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic

from cms.corrections import field_label
from cms.harvest_form import HarvestForm, harvest_initial, harvest_said, prefix_choices
from cms.lists import ListView, ListViewSet, YesColumn
from cms.menu import SOURCES
from cms.reading import ReadingColumn, ReadNowView
from cms.source_keys import KeysView, keys_link
from marketplace.accounts.services import find_organization
from marketplace.core import audit
from marketplace.sources.harvesting.due import schedule_of
from marketplace.sources.harvesting.options import PREFIX
from marketplace.sources.models import Master, Run, Source, SourceKind
from marketplace.sources.registers import REGISTERS
from marketplace.sources.services.sharing import hide_or_show

_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_FIELDS: Final = (
    "slug", "name", "description", "kind", "address", "schedule", "credentials_variable", "licence",
    "licence_url", "trust", "sharing", "is_sandbox", "is_active",
)  # fmt: skip

_GROUPS = (
    (gettext_lazy("Nguồn là gì"), ("name", "slug", "description", "focal_name")),
    (
        gettext_lazy("Đọc từ đâu, khi nào"),
        ("kind", "address", "schedule", "credentials_variable", "is_sandbox", "is_active"),
    ),
    (gettext_lazy("Giấy phép và chia sẻ"), ("licence", "licence_url", "sharing")),
    (gettext_lazy("Khi giá trị khác nhau"), ("trust", "led_by_source")),
)


class SourceForm(HarvestForm, forms.ModelForm):
    led_by_source = forms.MultipleChoiceField(
        label=gettext_lazy("Trường do nguồn làm chủ"),
        help_text=gettext_lazy(
            "Ở các trường này giá trị mới của nguồn thay giá trị cán bộ đã sửa (việc thay được ghi "
            "lại). Ở mọi trường khác, giá trị đã sửa được giữ và khác biệt chờ xem xét."
        ),
        choices=lambda: [
            (name, field_label(name))
            for name in dict.fromkeys(
                name
                for register in REGISTERS.values()
                for name in register.correctable
                if name in register.imported
            )
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    licence_url = forms.URLField(
        label=gettext_lazy("Địa chỉ giấy phép"),
        required=False,
        max_length=300,
        assume_scheme="https",
    )
    focal_name = forms.CharField(
        label=gettext_lazy("Đơn vị đầu mối"),
        help_text=gettext_lazy("Tên tổ chức đã có trên sàn, viết theo cách nào cũng được."),
        required=False,
        max_length=300,
    )

    class Meta:
        model = Source
        fields = _FIELDS
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "slug": gettext_lazy(
                "Chữ thường không dấu, số và gạch nối, thí dụ bo-cong-thuong. Bản ghi được nhận ra "
                "bằng mã này nên về sau không đổi."
            ),
            "name": gettext_lazy("Tên mọi người đọc thấy ở trang nguồn và trang kết quả."),
            "address": gettext_lazy(
                "Thu thập OAI-PMH: địa chỉ máy chủ trả lời, thí dụ https://csdl.bo.vn/oai. Thư mục: "
                "đường dẫn trên máy chủ của sàn. Tệp và API: bỏ trống."
            ),
            "schedule": gettext_lazy(
                "Năm phần: phút, giờ, ngày, tháng, thứ. 0 2 * * * là 2 giờ mỗi đêm. Bỏ trống: chỉ đọc "
                "khi cán bộ bấm “Đọc ngay”."
            ),
            "credentials_variable": gettext_lazy(
                "Chỉ khi nguồn đòi khóa: TÊN biến môi trường nơi khóa được giữ, không phải khóa."
            ),
            "licence": gettext_lazy("Thí dụ CC BY 4.0, hoặc số văn bản cho phép dùng."),
            "trust": gettext_lazy(
                "0 đến 100. Khi hai nguồn có cùng một bản ghi, nguồn có số cao hơn được giữ."
            ),
            "sharing": gettext_lazy(
                "Giữ ở mọi trang, tệp tải về và kênh dữ liệu. “Bộ, ngành có thỏa thuận” cần thêm thỏa "
                "thuận chia sẻ."
            ),
            "is_sandbox": gettext_lazy("Kiểm tra như thật nhưng không bản ghi nào hiện ra."),
            "is_active": gettext_lazy("Bỏ chọn thì sàn thôi đọc; bản ghi đã có vẫn hiện."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        masters = self.instance.mapping.get("masters", {})
        self.fields["led_by_source"].initial = [
            name for name, master in masters.items() if master == Master.SOURCE
        ]
        self.fields["focal_name"].initial = str(self.instance.focal_organization or "")
        held = self.instance.mapping.get("harvest", {})
        self.fields["harvest_prefix"].choices = prefix_choices(held)
        for name, value in harvest_initial(held).items():
            self.fields[name].initial = value
        own = self.instance.kind == SourceKind.OWN
        self.fields["kind"].choices = [
            (value, label) for value, label in SourceKind.choices if own or value != SourceKind.OWN
        ]
        self.fields["kind"].disabled = own
        if self.instance.pk:
            # Records are known by it.
            self.fields["slug"].disabled = True

    @property
    def harvest_fields(self) -> list[Any]:
        return [self[name] for name in HarvestForm.base_fields]

    @property
    def harvest_is_open(self) -> bool:
        return any(
            one.errors or one.value() not in ("", None, False, PREFIX)
            for one in self.harvest_fields
        )

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        """What is asked, in the order in which somebody who links a database thinks of it."""
        return [(legend, [self[name] for name in names]) for legend, names in _GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # Of another kind nothing is harvested; what was said once waits for the kind to come back.
        if cleaned.get("kind") == SourceKind.HARVEST and not set(HarvestForm.base_fields) & set(
            self.errors
        ):
            others = {k: v for k, v in self.instance.mapping.items() if k != "harvest"}
            said = harvest_said(cleaned)
            self.instance.mapping = others | ({"harvest": said} if said else {})
        return cleaned

    def clean_schedule(self) -> str:
        text = " ".join(str(self.cleaned_data["schedule"]).split())
        if text and schedule_of(text) is None:
            raise forms.ValidationError(
                _(
                    "Lịch có năm phần: phút, giờ, ngày, tháng, thứ. Thí dụ 0 2 * * * là 2 giờ mỗi đêm."
                )
            )
        return text

    def clean_focal_name(self) -> str:
        name = str(self.cleaned_data["focal_name"])
        self.instance.focal_organization = find_organization(name) if name else None
        if name and self.instance.focal_organization is None:
            raise forms.ValidationError(_("Sàn chưa có tổ chức nào tên như vậy."))
        return name

    def clean_credentials_variable(self) -> str:
        name = str(self.cleaned_data["credentials_variable"])
        if name and not _VARIABLE.fullmatch(name):
            raise forms.ValidationError(
                _("Chỉ ghi TÊN biến môi trường (chữ hoa, số, gạch dưới); không ghi khóa ở đây.")
            )
        return name

    def clean_led_by_source(self) -> list[str]:
        # The screen of the mapping writes the columns; this one only says who is master.
        led = list(self.cleaned_data["led_by_source"])
        masters = dict.fromkeys(led, str(Master.SOURCE))
        self.instance.mapping = {**self.instance.mapping, "masters": masters}
        return led


class SourceIndexView(ListView):
    list_display = (
        "name",
        Column("slug", label=gettext_lazy("Mã nguồn"), sort_key="slug"),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display", sort_key="kind"),
        Column("sharing", label=gettext_lazy("Mức chia sẻ"), accessor="get_sharing_display"),
        YesColumn("is_sandbox", label=gettext_lazy("Thử nghiệm")),
        YesColumn("is_active", label=gettext_lazy("Đang dùng")),
        DateColumn("last_read_at", label=gettext_lazy("Đọc lần cuối"), sort_key="last_read_at"),
        ReadingColumn("reading", label=gettext_lazy("Kết quả đọc")),
        Column("keys", label=gettext_lazy("Khóa"), accessor=keys_link),
    )

    def get_base_queryset(self) -> QuerySet[Source]:
        sources: QuerySet[Source] = super().get_base_queryset()
        last = Run.objects.filter(source=OuterRef("slug")).order_by("-started_at", "-pk")
        counts = ("records_done", "created", "updated", "deleted", "refused", "finished_at")
        return sources.annotate(
            last_run=Subquery(last.values(counts=JSONObject(**{name: name for name in counts}))[:1])
        )


class _Saving:
    action = ""

    def save_instance(self) -> Source:
        source: Source = super().save_instance()
        audit.record(self.action, f"source:{source.pk}", by=self.request.user)
        hide_or_show(source)
        return source


class SourceCreateView(_Saving, generic.CreateView):
    action = "source.created"


class SourceEditView(_Saving, generic.EditView):
    action = "source.changed"


class SourceViewSet(ListViewSet):
    model = Source
    name = "data_sources"
    url_prefix = "nguon-du-lieu"
    icon = "site"
    menu_label = gettext_lazy("Các nguồn dữ liệu")
    about = gettext_lazy(
        "Mỗi nguồn là một nơi dữ liệu từ đó đến: cơ sở dữ liệu của bộ, kho của trường, một "
        "thư mục tệp. Thêm nguồn, đặt địa chỉ và lịch đọc; từng lần đọc nằm ở “Nhập dữ liệu”."
    )
    nothing = gettext_lazy("Chưa có nguồn nào.")
    menu_hook = SOURCES
    menu_order = 10
    ordering = ("name", "pk")
    list_per_page = 50
    index_view_class = SourceIndexView
    add_view_class = SourceCreateView
    edit_view_class = SourceEditView
    form_fields = _FIELDS
    create_template_name = "cms/source_form.html"
    edit_template_name = "cms/source_form.html"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("khoa/<int:pk>/", KeysView.as_view(), name="keys"),
            path("doc-ngay/<int:pk>/", ReadNowView.as_view(), name="read_now"),
        ]

    def get_form_class(self, for_update: bool = False) -> type[SourceForm]:
        return SourceForm
