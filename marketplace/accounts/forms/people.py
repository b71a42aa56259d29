"""What people say of themselves."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.lookalikes import LooksLikeAnother, disguised_letter
from marketplace.accounts.models import User

_PHONE = re.compile(r"(?:\+84|0)\d{8,10}|\+\d{7,15}", re.ASCII)
_PHONE_SEPARATORS = re.compile(r"[\s().-]+")


class NameField(forms.CharField):
    """The name of a person, in letters that are what they seem."""

    def clean(self, value: Any) -> str:
        name = " ".join((super().clean(value) or "").split())
        if letter := disguised_letter(name):
            raise forms.ValidationError(str(LooksLikeAnother(letter).message))
        return name


class SignupForm(forms.Form):
    """What sign-up asks beside allauth's own fields."""

    #: The page says under the fields what is agreed to by sending them.
    agreement = True

    full_name = NameField(
        label=_("Họ và tên"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: Any) -> None:
        user.full_name = self.cleaned_data["full_name"]
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
    full_name = NameField(
        label=_("Họ và tên"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(label=_("Điện thoại"), required=False, max_length=30)

    class Meta:
        model = User
        fields = ("full_name", "job_title", "expertise", "phone", "language")
        labels = {
            "language": _("Ngôn ngữ của thư gửi cho bạn"),
            "job_title": _("Chức danh"),
            "expertise": _("Chuyên môn"),
        }
        help_texts = {"expertise": _("Bạn làm được gì cho người cần, trong một câu.")}
