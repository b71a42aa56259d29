"""Groups of fields that needs, offers and equipment ask for in the same words."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.fields import (
    CodeField,
    CodeListField,
    CodesField,
    DateField,
    MoneyField,
    TextField,
    show_number,
)
from marketplace.taxonomy.choices import choices, grouped_choices, table

MOST_FIELDS = 3
MOST_INDUSTRIES = 2
LONGEST_VALIDITY = timedelta(days=366)


def text(label: Any, help_text: Any, *, limit: int, example: Any = "") -> TextField:
    attrs = {"placeholder": example} if example else {}
    return TextField(
        label=label, help_text=help_text, max_length=limit, widget=forms.TextInput(attrs=attrs)
    )


def sentence(label: Any, help_text: Any, *, limit: int, example: Any = "") -> TextField:
    """One sentence, in a field in which a long one is seen whole."""
    attrs = {"rows": 2, "class": "sentence", **({"placeholder": example} if example else {})}
    return TextField(
        label=label, help_text=help_text, max_length=limit, widget=forms.Textarea(attrs=attrs)
    )


def long_text(label: Any, help_text: Any, *, rows: int = 5, limit: int = 6000) -> TextField:
    return TextField(
        label=label,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def codes(scheme: str, label: Any, help_text: Any = "") -> CodesField:
    return CodesField(label=label, help_text=help_text, choices=partial(choices, scheme))


def code(
    scheme: str, label: Any, help_text: Any = "", *, radio: bool = False, **kwargs: Any
) -> CodeField:
    if radio:
        kwargs["widget"] = forms.RadioSelect
    return CodeField(label=label, help_text=help_text, choices=partial(choices, scheme), **kwargs)


def science_fields(help_text: Any) -> CodeListField:
    return CodeListField(
        label=_("Lĩnh vực khoa học và công nghệ"),
        help_text=help_text,
        choices=partial(grouped_choices, "st-fields"),
        count=MOST_FIELDS,
    )


def industries(help_text: Any) -> CodeListField:
    return CodeListField(
        label=_("Ngành kinh tế"),
        help_text=help_text,
        choices=partial(grouped_choices, "industries"),
        count=MOST_INDUSTRIES,
    )


def province(label: Any, help_text: Any) -> CodeField:
    return code("provinces", label, help_text)


def keywords() -> TextField:
    return text(
        _("Từ khóa"),
        _(
            "Tên gọi khác, tên tiếng Anh, ký hiệu; cách nhau bằng dấu phẩy. Giúp tìm thấy khi người khác dùng từ khác bạn."
        ),
        limit=400,
    )


def language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Ngôn ngữ của bài viết"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        initial="vi",
    )


def contact() -> forms.ModelChoiceField:
    """People of the organisation; the step's form is told which."""
    return forms.ModelChoiceField(
        queryset=User.objects.none(),
        empty_label="—",
        label=_("Người phụ trách"),
        help_text=_("Nhận thông báo và trả lời đề nghị kết nối. Không hiện trên trang công khai."),
    )


def readiness_choices() -> list[tuple[int, str]]:
    return [
        (int(entry.code), f"{entry.code}. {entry.label}")
        for entry in table("readiness-levels").values()
    ]


def readiness(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=lambda: [("", "—"), *readiness_choices()],
        coerce=int,
        empty_value=None,
    )


def money(label: Any, help_text: Any = "") -> MoneyField:
    return MoneyField(label=label, help_text=help_text)


def valid_until(help_text: Any) -> DateField:
    return DateField(label=_("Hiển thị đến ngày"), help_text=help_text)


def check_range(form: forms.Form, low: str, high: str) -> None:
    least, most = form.cleaned_data.get(low), form.cleaned_data.get(high)
    if least is not None and most is not None and least > most:
        form.add_error(
            high,
            ValidationError(
                _("Mức đến phải từ %(least)s trở lên.") % {"least": show_number(least)}
            ),
        )


def check_day(form: forms.Form, name: str) -> None:
    """A day the form asks for lies ahead, and not so far that nobody would still mean it."""
    day: date | None = form.cleaned_data.get(name)
    if day is None:
        return
    today = clock.today()
    if day < today:
        form.add_error(name, ValidationError(_("Ngày này đã qua.")))
    elif name == "valid_until" and day > today + LONGEST_VALIDITY:
        form.add_error(
            name, ValidationError(_("Tối đa một năm; sau đó bạn gia hạn bằng một lần bấm."))
        )
