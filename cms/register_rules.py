"""Forms of the registers, their fields, patterns of numbers and terms of full texts in the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.lists import DayColumn, ListView, ListViewSet, OpeningColumn, YesColumn
from cms.menu import REGISTRATION
from cms.rule_entries import LinesField
from cms.saving import SavedByService
from marketplace.research.forms import save_rule
from marketplace.research.models import Form, FormField, FullTextRule, NumberPattern

_GROUNDS = ("valid_from", "valid_to", "legal_basis", "status", "source")
_GROUND_COLUMNS = (
    Column("status", label=gettext_lazy("Tình trạng"), accessor="get_status_display"),
    DayColumn("valid_from", label=gettext_lazy("Hiệu lực từ"), sort_key="valid_from"),
    DayColumn("valid_to", label=gettext_lazy("Đến hết ngày"), sort_key="valid_to"),
)


class _RuleForm(WagtailAdminModelForm):
    """Rows are known by their code: it is given once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class RegisterFormForm(_RuleForm):
    class Meta:
        model = Form
        fields = (
            "code", "register", "number", "label_vi", "label_en", "note", "position", *_GROUNDS,
        )  # fmt: skip


class FormFieldForm(_RuleForm):
    class Meta:
        model = FormField
        fields = (
            "form", "code", "number", "label_vi", "label_en", "type", "vocabulary", "is_required",
            "is_public", "position", *_GROUNDS,
        )  # fmt: skip
        help_texts = {
            "code": gettext_lazy("Chữ thường không dấu và gạch nối; giá trị được giữ dưới mã này."),
            "vocabulary": gettext_lazy("Tên bảng mã, thí dụ st-fields; chỉ với kiểu mã."),
            "is_public": gettext_lazy("Trang công khai in trường này. Dữ liệu cá nhân thì không."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Values lie under it, as its type has them.
            self.fields["form"].disabled = self.fields["type"].disabled = True


class NumberPatternForm(_RuleForm):
    class Meta:
        model = NumberPattern
        fields = ("code", "kind", "pattern", "example", "position", *_GROUNDS)


class FullTextRuleForm(_RuleForm):
    warn_days = LinesField(
        label=gettext_lazy("Nhắc trước (ngày)"),
        whole=True,
        help_text=gettext_lazy("Mỗi dòng một số ngày."),
    )

    class Meta:
        model = FullTextRule
        fields = ("code", "answer_days", "copy_days", "warn_days", "note", *_GROUNDS)


class _Saving(SavedByService):
    def save_instance(self) -> Any:
        return save_rule(self.form.instance, by=self.request.user)


class RuleCreateView(_Saving, generic.CreateView):
    pass


class RuleEditView(_Saving, generic.EditView):
    pass


class _RuleViewSet(ListViewSet):
    list_per_page = 50
    add_view_class = RuleCreateView
    edit_view_class = RuleEditView
    form: type[forms.ModelForm]

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return self.form


class FormIndexView(ListView):
    list_display = (
        OpeningColumn("label", label=gettext_lazy("Biểu mẫu")),
        Column("register", label=gettext_lazy("Sổ"), accessor="get_register_display"),
        Column("number", label=gettext_lazy("Ký hiệu"), sort_key="number"),
        *_GROUND_COLUMNS,
    )


class FormViewSet(_RuleViewSet):
    model = Form
    name = "register_forms"
    url_prefix = "bieu-mau"
    icon = "form"
    menu_label = gettext_lazy("Biểu mẫu của các sổ")
    about = gettext_lazy(
        "Các phiếu mà nhiệm vụ, kết quả và ứng dụng đi theo. Trường của từng phiếu ở mục "
        "“Trường của biểu mẫu”."
    )
    menu_hook = REGISTRATION
    menu_order = 30
    ordering = ("position", "code")
    form = RegisterFormForm
    index_view_class = FormIndexView


class FieldIndexView(ListView):
    list_display = (
        OpeningColumn("label", label=gettext_lazy("Trường")),
        Column("form", label=gettext_lazy("Biểu mẫu"), accessor="form"),
        Column("type", label=gettext_lazy("Kiểu"), accessor="get_type_display"),
        YesColumn(
            "is_extra",
            label=gettext_lazy("Trường thêm"),
            accessor=lambda field: not field.column,
        ),
        YesColumn("is_required", label=gettext_lazy("Bắt buộc")),
        YesColumn("is_public", label=gettext_lazy("Công khai")),
        *_GROUND_COLUMNS,
    )

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("form")


class FormFieldViewSet(_RuleViewSet):
    model = FormField
    name = "form_fields"
    url_prefix = "truong-bieu-mau"
    icon = "list-ul"
    menu_label = gettext_lazy("Trường của biểu mẫu")
    about = gettext_lazy(
        "Mỗi dòng là một trường của một phiếu. Trường thêm hiện ngay trong phiếu và ở trang "
        "công khai, không phải sửa chương trình."
    )
    menu_hook = REGISTRATION
    menu_order = 35
    ordering = ("form__position", "position", "pk")
    list_filter = ("form", "type")
    form = FormFieldForm
    index_view_class = FieldIndexView


class PatternIndexView(ListView):
    list_display = (
        OpeningColumn(
            "example",
            label=gettext_lazy("Số viết như"),
            accessor=lambda pattern: pattern.example or pattern.code,
        ),
        Column("kind", label=gettext_lazy("Loại số"), accessor="get_kind_display"),
        Column("code", label=gettext_lazy("Mã"), sort_key="code"),
        *_GROUND_COLUMNS,
    )


class NumberPatternViewSet(_RuleViewSet):
    model = NumberPattern
    name = "number_patterns"
    url_prefix = "mau-so"
    icon = "code"
    menu_label = gettext_lazy("Mẫu số hồ sơ")
    about = gettext_lazy(
        "Nhờ các mẫu này sàn nhận ra số hồ sơ lưu, mã kết quả, số giấy chứng nhận và mã nhiệm "
        "vụ. Số không theo mẫu nào vẫn được giữ đúng như người gửi viết."
    )
    menu_hook = REGISTRATION
    menu_order = 40
    ordering = ("position", "code")
    form = NumberPatternForm
    index_view_class = PatternIndexView


class FullTextRuleIndexView(ListView):
    list_display = (
        OpeningColumn(
            "code",
            label=gettext_lazy("Quy định"),
            accessor=lambda rule: rule.legal_basis or rule.code,
            sort_key="code",
        ),
        Column("answer_days", label=gettext_lazy("Trả lời trong (ngày làm việc)")),
        Column("copy_days", label=gettext_lazy("Bản sao tải được trong (ngày)")),
        *_GROUND_COLUMNS,
    )


class FullTextRuleViewSet(_RuleViewSet):
    model = FullTextRule
    name = "full_text_rules"
    url_prefix = "cung-cap-toan-van"
    icon = "doc-full"
    menu_label = gettext_lazy("Thời hạn cung cấp toàn văn")
    about = gettext_lazy(
        "Bao lâu phải trả lời một đề nghị xem toàn văn, và bản sao được tải trong bao lâu. "
        "Quy định mới thì thêm dòng mới; đề nghị cũ giữ thời hạn cũ."
    )
    menu_hook = REGISTRATION
    menu_order = 50
    ordering = ("-valid_from", "code")
    form = FullTextRuleForm
    index_view_class = FullTextRuleIndexView
