"""Forms of the case desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.cases.kinds import case_kind
from marketplace.cases.models import CONTACTS, Case
from marketplace.cases.needs import matches_of
from marketplace.cases.officers import officers
from marketplace.cases.outcomes import outcomes
from marketplace.core.fields import DateField, TextField
from marketplace.matching.models import Match


class _Plain(forms.Form):
    use_required_attribute = False


class NoteForm(_Plain):
    kind = forms.ChoiceField(
        label=_("Cách liên hệ"), choices=[(kind.value, kind.label) for kind in CONTACTS]
    )
    spoke_with = forms.ModelChoiceField(
        label=_("Trao đổi với"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Người khác"),
        help_text=_("Người này được đọc dòng ghi nếu yêu cầu dữ liệu về mình."),
    )
    text = TextField(
        label=_("Nội dung"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text=_("Chỉ cán bộ sàn đọc được."),
        error_messages={"required": _("Hãy ghi nội dung đã trao đổi.")},
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.row is not None:
            people = case_kind(case.kind).people_of(case.row)
            self.fields["spoke_with"].queryset = people.order_by("full_name", "email")


class PlanForm(_Plain):
    action = TextField(label=_("Việc tiếp theo"), max_length=200, required=False)
    on = DateField(label=_("Vào ngày"), required=False)


class IntroductionForm(_Plain):
    match = forms.ModelChoiceField(
        label=_("Đã giới thiệu"),
        queryset=Match.objects.none(),
        to_field_name="public_id",
        empty_label=_("Chọn một gợi ý"),
        error_messages={"required": _("Chọn gợi ý mà hai bên đã được giới thiệu.")},
    )
    text = TextField(
        label=_("Ghi chú"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["match"].queryset = matches_of(case)
        self.fields["match"].label_from_instance = lambda match: str(match.candidate)


class HandOverForm(_Plain):
    to = forms.ModelChoiceField(
        label=_("Giao cho"),
        queryset=User.objects.none(),
        empty_label=_("Chọn người nhận"),
        error_messages={"required": _("Chọn người nhận.")},
    )
    note = TextField(
        label=_("Lời nhắn"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
        help_text=_("Người nhận và người đang phụ trách đều đọc được."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = officers()


class CloseForm(_Plain):
    outcome = forms.ChoiceField(
        label=_("Kết cục"), error_messages={"required": _("Chọn một kết cục.")}
    )
    text = TextField(
        label=_("Ghi chú"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [("", _("Chọn một kết cục")), *outcomes()]
