"""What people say of themselves."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User

_PHONE = re.compile(r"(?:\+84|0)\d{8,10}|\+\d{7,15}", re.ASCII)
_PHONE_SEPARATORS = re.compile(r"[\s().-]+")


class SignupForm(forms.Form):
    """What sign-up asks beside allauth's own fields."""

    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.full_name = self.cleaned_data["full_name"].strip()
        user.save(update_fields=["full_name"])


class PhoneField(forms.CharField):
    """A number as people write it, kept without separators."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        number = _PHONE_SEPARATORS.sub("", super().clean(value) or "")
        if number and not _PHONE.fullmatch(number):
            raise forms.ValidationError(
                _("Số điện thoại bắt đầu bằng 0 hoặc +84, ví dụ 0912 345 678.")
            )
        return number


class ProfileForm(forms.ModelForm):
    phone = PhoneField(label=_("Điện thoại"), required=False, max_length=30)

    class Meta:
        model = User
        fields = ("full_name", "phone", "language")
        labels = {"full_name": _("Họ và tên"), "language": _("Ngôn ngữ của thư gửi cho bạn")}
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
