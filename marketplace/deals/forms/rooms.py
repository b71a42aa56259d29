"""Forms of the room of a deal."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.fields import DateField, DocumentField, TextField
from marketplace.deals.following import OUTCOMES
from marketplace.deals.forms.expressions import PlainForm, ReasonForm
from marketplace.deals.kinds import DEAL_KINDS
from marketplace.deals.models import MemberRole
from marketplace.deals.models.rooms import LONGEST_MESSAGE
from marketplace.deals.services.deals import TERMINATION_REASONS
from marketplace.taxonomy.choices import choices


class MessageForm(PlainForm):
    text = TextField(
        label=_("Lời nhắn"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Hãy viết lời nhắn.")},
    )


class FileForm(PlainForm):
    file = DocumentField(
        label=_("Tệp"),
        help_text=_("PDF, Word, Excel hoặc PowerPoint. Hai bên đều đọc được."),
        error_messages={"required": _("Chọn một tệp.")},
    )


class SignedCopyForm(FileForm):
    file = DocumentField(
        label=_("Tệp bản đã ký"),
        help_text=_("Chỉ PDF. Hai bên đều đọc được."),
        error_messages={"required": _("Chọn một tệp.")},
    )


class MeetingForm(PlainForm):
    title = TextField(
        label=_("Nội dung"),
        max_length=200,
        error_messages={"required": _("Hãy ghi nội dung buổi gặp.")},
    )
    day = DateField(label=_("Ngày"), error_messages={"required": _("Chọn ngày.")})
    time = forms.TimeField(
        label=_("Giờ"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": _("Chọn giờ."), "invalid": _("Viết giờ như 14:30.")},
    )
    minutes = forms.IntegerField(
        label=_("Số phút"),
        initial=60,
        min_value=1,
        max_value=720,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    place = TextField(label=_("Nơi gặp hoặc đường dẫn"), max_length=300, required=False)

    def values(self) -> dict[str, Any]:
        """What `services.rooms.plan_meeting` takes."""
        values = dict(self.cleaned_data)
        starts_at = datetime.combine(values.pop("day"), values.pop("time"), tzinfo=clock.VIETNAM)
        return values | {"starts_at": starts_at}


class SeatForm(PlainForm):
    person = forms.ModelChoiceField(
        label=_("Người của tổ chức bạn"),
        queryset=User.objects.none(),
        error_messages={"required": _("Chọn một người.")},
    )
    role = forms.ChoiceField(label=_("Vai trò"), choices=MemberRole.choices)

    def __init__(self, *args: Any, organization: Organization | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        if organization is not None:
            people.queryset = User.objects.filter(
                is_active=True, memberships__organization=organization
            ).order_by("full_name", "pk")


class KindForm(PlainForm):
    kind = forms.ChoiceField(label=_("Loại giao dịch"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = choices(DEAL_KINDS)


class TerminationForm(ReasonForm):
    vocabulary, question = TERMINATION_REASONS, _("Vì sao dừng?")


class FollowUpForm(PlainForm):
    outcome = forms.ChoiceField(
        label=_("Nay dùng thế nào?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn tình hình hiện nay.")},
    )
    note = TextField(
        label=_("Nói thêm"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = choices(OUTCOMES)


class ReturnForm(PlainForm):
    note = TextField(
        label=_("Cần bổ sung điều gì?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Hãy nói bên kia cần bổ sung điều gì.")},
    )
