from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.privacy.models import SubjectRequest


class RequestForm(forms.ModelForm):
    text = forms.CharField(
        label=_("Nội dung"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Bạn yêu cầu gì, với dữ liệu nào."),
    )

    class Meta:
        model = SubjectRequest
        fields = ("kind", "text")


class CloseForm(forms.Form):
    understood = forms.BooleanField(
        label=_("Tôi hiểu sau ngày đóng thì không lấy lại được tài khoản này."),
        error_messages={"required": _("Hãy đánh dấu vào ô này nếu bạn muốn đóng tài khoản.")},
    )
