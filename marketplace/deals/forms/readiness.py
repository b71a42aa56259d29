"""Forms of the buyer's plan of preparation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.fields import DateField, TextField
from marketplace.deals.forms.expressions import PlainForm


class PreparationForm(PlainForm):
    title = TextField(
        label=_("Việc cần chuẩn bị"),
        max_length=300,
        error_messages={"required": _("Hãy ghi việc cần chuẩn bị.")},
    )


class AssignmentForm(PlainForm):
    person = forms.ModelChoiceField(
        label=_("Ai làm"), queryset=User.objects.none(), required=False, empty_label="—"
    )
    due_on = DateField(label=_("Xong trước ngày"), required=False)
    note = TextField(label=_("Ghi chú"), max_length=500, required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["person"]
        chosen.queryset = User.objects.filter(pk__in=[one.pk for one in people])
        # Shown from what the page has read already: each thing of the plan has a form of its own.
        chosen.widget.choices = [("", "—"), *((one.pk, str(one)) for one in people)]
