"""Forms of expressions of interest."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.core.fields import DateField, TextField
from marketplace.deals.services.expressions import DECLINE_REASONS, OTHER_REASON, WANTS
from marketplace.taxonomy.choices import choices


class PlainForm(forms.Form):
    use_required_attribute = False


class ExpressionForm(PlainForm):
    organization = forms.ModelChoiceField(
        label=_("Gửi thay mặt"),
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    wants = forms.ChoiceField(
        label=_("Bạn mong muốn điều gì?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn điều bạn mong muốn.")},
    )
    why = TextField(
        label=_("Vì sao bạn quan tâm?"),
        help_text=_(
            "Vài câu về việc của bạn và điều bạn muốn biết. Chưa ghi bí mật kinh doanh ở đây."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Hãy nói vì sao bạn quan tâm.")},
    )
    wanted_by = DateField(
        label=_("Cần trước ngày"), required=False, help_text=_("Để trống nếu không gấp.")
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations
        self.fields["wants"].choices = choices(WANTS)
        if len(organizations) == 1:
            del self.fields["organization"]
            self.only = organizations[0]

    def clean_wanted_by(self) -> Any:
        day = self.cleaned_data["wanted_by"]
        if day is not None and day < clock.today():
            raise forms.ValidationError(_("Chọn một ngày từ hôm nay trở đi."))
        return day

    def values(self) -> dict[str, Any]:
        """What `services.express_interest` takes."""
        values = dict(self.cleaned_data)
        return values | {"asker": values.pop("organization", None) or self.only}


class IntroductionForm(PlainForm):
    """An officer brings an organisation to the owner of a row."""

    organization = TextField(
        label=_("Tổ chức cần kết nối"),
        help_text=_("Tên đúng như trên sàn."),
        max_length=300,
        error_messages={"required": _("Hãy ghi tên tổ chức.")},
    )
    wants = forms.ChoiceField(label=_("Mong muốn"))
    why = TextField(
        label=_("Vì sao giới thiệu?"),
        help_text=_("Hai bên đều đọc được."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Hãy nói vì sao giới thiệu.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wants"].choices = choices(WANTS)

    def clean_organization(self) -> Organization:
        name = self.cleaned_data["organization"].strip()
        found = list(Organization.objects.filter(name__iexact=name, is_hidden=False)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("Không có tổ chức nào, hoặc có nhiều tổ chức, mang đúng tên này.")
            )
        return found[0]


class ReasonForm(PlainForm):
    """A reason out of a vocabulary, with words where it says nothing by itself."""

    vocabulary: ClassVar[str]
    question: ClassVar[Any]

    reason = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một lý do.")},
    )
    note = TextField(
        label=_("Nói thêm"),
        help_text=_("Bên kia đọc được lý do và lời nhắn này."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = self.question
        self.fields["reason"].choices = choices(self.vocabulary)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == OTHER_REASON and not cleaned.get("note"):
            self.add_error("note", _("Hãy nói ngắn gọn lý do."))
        return cleaned


class DeclineForm(ReasonForm):
    vocabulary, question = DECLINE_REASONS, _("Vì sao từ chối?")


class StaffNoteForm(PlainForm):
    note = TextField(
        label=_("Nói với hai bên"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy ghi điều hai bên cần biết.")},
    )
