"""What a broker asks for, and what a firm agrees to."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.fields import DateField, TextField
from marketplace.mandates.models import Scope

#: What is proposed where nobody says otherwise.
USUAL = timedelta(days=180)


def _scopes(label: Any, **kwargs: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=Scope.choices,
        coerce=Scope,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một việc.")},
        **kwargs,
    )


class AskForm(forms.Form):
    use_required_attribute = False

    scopes = _scopes(_("Bạn muốn làm gì thay doanh nghiệp?"))
    note = TextField(
        label=_("Lời nhắn"),
        help_text=_("Vì sao doanh nghiệp nên đồng ý; ai bên bạn sẽ làm."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConfirmForm(forms.Form):
    """The firm may give less than was asked for, never more."""

    use_required_attribute = False

    scopes = _scopes(_("Bạn cho phép"))
    last_day = DateField(
        label=_("Đến hết ngày"),
        help_text=_("Tối đa một năm. Bạn rút lại lúc nào cũng được, có hiệu lực ngay."),
        error_messages={"required": _("Chọn một ngày.")},
    )

    def __init__(self, *args: Any, asked: list[Scope], **kwargs: Any) -> None:
        initial = {"scopes": asked, "last_day": clock.today() + USUAL}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in asked]
