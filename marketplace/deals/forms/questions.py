"""Forms of questions and answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import TextField
from marketplace.deals.forms.expressions import PlainForm


class QuestionForm(PlainForm):
    text = TextField(
        label=_("Câu hỏi của bạn"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi lần một câu, để bên kia trả lời được từng câu."),
        error_messages={"required": _("Hãy viết câu hỏi.")},
    )


class AnswerForm(PlainForm):
    text = TextField(
        label=_("Câu trả lời"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Hãy viết câu trả lời.")},
    )
