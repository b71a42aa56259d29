"""Forms of the dispute desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.fields import DocumentField, TextField
from marketplace.deals.disputing import OUTCOMES, REASONS
from marketplace.deals.forms.expressions import PlainForm
from marketplace.deals.models import Deal, Milestone
from marketplace.taxonomy.choices import choices


class SayForm(PlainForm):
    """An answer, or something more; with a file where one proves it."""

    text = TextField(
        label=pgettext_lazy("khiếu nại", "Nội dung"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Bên kia và cán bộ sàn đọc được."),
        error_messages={"required": _("Hãy ghi nội dung.")},
    )
    file = DocumentField(
        label=_("Tệp kèm theo"),
        required=False,
        help_text=_("PDF, Word, Excel hoặc PowerPoint. Hai bên đều đọc được."),
    )


class DisputeForm(SayForm):
    reason = forms.ChoiceField(
        label=_("Vì sao khiếu nại?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một lý do.")},
    )
    milestone = forms.ModelChoiceField(
        label=_("Về mốc"),
        queryset=Milestone.objects.none(),
        to_field_name="number",
        required=False,
        empty_label=_("Cả giao dịch"),
    )
    wanted = TextField(
        label=_("Bạn yêu cầu điều gì?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Hãy ghi điều bạn yêu cầu.")},
    )
    field_order = ("reason", "milestone", "text", "wanted", "file")

    def __init__(self, *args: Any, deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["reason"].choices = choices(REASONS)
        fields["milestone"].queryset = deal.milestones.order_by("number")
        fields["text"].label = _("Việc gì đã xảy ra?")
        if not deal.milestones.exists():
            del fields["milestone"]


class MediationForm(PlainForm):
    text = TextField(
        label=_("Bước hòa giải"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Hai bên đọc được. Ghi chú nội bộ thì viết ở hồ sơ theo dõi của giao dịch."),
        error_messages={"required": _("Hãy ghi nội dung.")},
    )


class SettlementForm(PlainForm):
    outcome = forms.ChoiceField(
        label=_("Kết quả"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một kết quả.")},
    )
    note = TextField(
        label=pgettext_lazy("khiếu nại", "Căn cứ"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy ghi căn cứ để hai bên hiểu kết quả.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = choices(OUTCOMES)
