"""Forms of the curation desk."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from cms.services import CASE_FIELDS, prepared_text
from marketplace.accounts.models import Organization, Outreach, User
from marketplace.accounts.models.verification import VERIFIED_FACTS
from marketplace.accounts.services.organizations import EDITABLE_FIELDS
from marketplace.core.fields import DateField, TextField
from marketplace.listings.forms import parts
from marketplace.listings.models import ReturnReason


class DecisionForm(forms.Form):
    """What every decision carries: the revision its reader saw."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(DecisionForm):
    """The standard is met, in one tick or point by point; past a check that is not clean only on grounds.

    Args:
        checks: the points of the step's standard.
        is_clean: whether every check of the machine is clean.
    """

    points = forms.MultipleChoiceField(
        label=_("Tiêu chuẩn chất lượng"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    standard = forms.BooleanField(
        label=_("Tôi đã đọc, bài đạt mọi điều của tiêu chuẩn"), required=False
    )
    grounds = TextField(
        label=_("Vì sao vẫn duyệt được (chỉ cán bộ đọc)"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
    )
    text = TextField(
        label=_("Ghi chú cho người đăng"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )

    def __init__(
        self, *args: Any, checks: Sequence[str] = (), is_clean: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_clean = is_clean
        self.fields["points"].choices = [(str(n), check) for n, check in enumerate(checks, start=1)]
        if not checks:
            del self.fields["points"]
        if is_clean:
            del self.fields["grounds"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        points = self.fields.get("points")
        met = points is not None and len(cleaned.get("points") or ()) == len(points.choices)
        if not (cleaned.get("standard") or met):
            self.add_error(
                "standard", _("Đánh dấu khi bài đạt mọi điều; chưa đạt thì trả lại kèm lý do.")
            )
        if not self.is_clean and not (cleaned.get("grounds") or "").strip():
            self.add_error(
                "grounds", _("Còn mục chưa đạt ở phần kiểm tra. Ghi căn cứ, hoặc trả lại.")
            )
        return cleaned


class HandOverForm(forms.Form):
    """To whom of the staff, and a word for them."""

    use_required_attribute = False

    to = forms.ModelChoiceField(
        label=_("Chuyển cho"),
        queryset=User.objects.none(),
        empty_label=_("Chọn đồng nghiệp"),
        error_messages={"required": _("Chọn đồng nghiệp sẽ duyệt bài này.")},
    )
    note = TextField(label=_("Lời nhắn"), required=False, max_length=400)

    def __init__(self, *args: Any, people: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(
            pk__in=[person.pk for person in people]
        ).order_by("full_name", "email")


class ReasonsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: ReturnReason) -> str:
        return obj.label_vi


class ReturnForm(DecisionForm):
    """Why a submission goes back: at least one reason, and the text that the poster will read."""

    reasons = ReasonsField(
        label=_("Lý do"),
        queryset=ReturnReason.objects.filter(is_active=True),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một lý do, để người đăng biết cần sửa gì.")},
    )
    text = TextField(
        label=_("Nội dung gửi người đăng"),
        widget=forms.Textarea(attrs={"rows": 7}),
        required=False,
        max_length=6000,
        help_text=_("Soạn sẵn theo lý do đã chọn, bằng ngôn ngữ của người đăng. Sửa được."),
    )

    def __init__(self, *args: Any, language: str = "vi", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reasons = cleaned.get("reasons")
        if reasons and not cleaned.get("text", "").strip():
            cleaned["text"] = prepared_text(reasons, self.language)
        return cleaned

    @property
    def prepared(self) -> dict[str, str]:
        """Each reason's text by its key, for the script that writes it into the box."""
        return {
            str(reason.pk): prepared_text([reason], self.language)
            for reason in ReturnReason.objects.filter(is_active=True)
        }


class RefuseForm(DecisionForm):
    text = TextField(
        label=_("Lý do từ chối"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=_("Người đăng đọc được nội dung này."),
        error_messages={"required": _("Ghi lý do, để người đăng hiểu vì sao bài không được nhận.")},
    )


class TakeDownForm(forms.Form):
    use_required_attribute = False

    text = TextField(
        label=_("Lý do gỡ"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        help_text=_(
            "Gỡ ngay khỏi trang công khai, tìm kiếm và gợi ý. Người đăng đọc được lý do này."
        ),
        error_messages={"required": _("Ghi lý do gỡ tin.")},
    )


class CaseForm(forms.ModelForm):
    """Whom to reach, who does it, and when next."""

    use_required_attribute = False

    class Meta:
        model = Outreach
        fields = CASE_FIELDS
        widgets: ClassVar = {
            "next_action_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_staff=True, is_active=True).order_by("full_name", "email")
        self.fields["assigned_to"].queryset = people
        self.fields["assigned_to"].empty_label = _("Chưa giao ai")


class CallForm(forms.Form):
    """A line in the log of calls; lines are only ever added."""

    use_required_attribute = False

    note = TextField(
        label=_("Nội dung cuộc gọi, cuộc gặp"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        error_messages={"required": _("Hãy ghi nội dung cuộc gọi.")},
    )
    next_action_on = DateField(label=_("Việc tiếp theo vào ngày"), required=False)


class ReasonForm(forms.Form):
    """A closing or a revocation says why."""

    use_required_attribute = False

    reason = TextField(
        label=_("Lý do"), max_length=300, error_messages={"required": _("Hãy ghi lý do.")}
    )


class OrganizationForm(WagtailAdminModelForm):
    """An organisation's profile; saved by the service, which keeps its former name."""

    field_codes = parts.science_fields("")
    industry_codes = parts.industries("")
    size_code = parts.code("organization-sizes", _("Quy mô"))
    province_code = parts.province(_("Tỉnh, thành phố"), "")
    website = forms.URLField(label=_("Trang web"), required=False, assume_scheme="https")

    class Meta:
        model = Organization
        fields = EDITABLE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("field_codes", "industry_codes", "size_code", "province_code"):
            self.fields[name].required = False
        if self.instance.has_verified_facts:
            for name in self.fields.keys() & set(VERIFIED_FACTS):
                self.fields[name].disabled = True
