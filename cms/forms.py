"""Forms of the curation desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.listings.models import ReturnReason


class ReturnForm(forms.Form):
    """Why a submission goes back: at least one reason, and the text that the poster will read."""

    reasons = forms.ModelMultipleChoiceField(
        label=_("Lý do"),
        queryset=ReturnReason.objects.filter(is_active=True),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một lý do, để người đăng biết cần sửa gì.")},
    )
    comment = forms.CharField(
        label=_("Nội dung gửi người đăng"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text=_("Để trống thì dùng câu soạn sẵn của các lý do đã chọn."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reasons = cleaned.get("reasons")
        if reasons and not (cleaned.get("comment") or "").strip():
            cleaned["comment"] = "\n".join(reason.text_vi for reason in reasons)
        return cleaned


class RefuseForm(forms.Form):
    comment = forms.CharField(
        label=_("Lý do từ chối"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Người đăng đọc được nội dung này."),
    )
