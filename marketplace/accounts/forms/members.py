"""Who comes into an organisation, in what role, and who follows whom."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import BELOW_MANAGERS, Membership, Role
from marketplace.core.fields import TextField

#: What each role may do, for whoever chooses one.
ROLE_HINTS = {
    Role.OWNER: _("làm được mọi việc, kể cả cho người khác vào và rời"),
    Role.MANAGER: _("quản lý hồ sơ, tin đăng và thành viên"),
    Role.CONTRIBUTOR: _("viết và sửa tin đăng, trả lời gợi ý"),
    Role.VIEWER: _("chỉ xem"),
    Role.FINANCE: _("xem hợp đồng, thanh toán và hóa đơn"),
}


def role_choices(roles: tuple[Role, ...]) -> list[tuple[str, str]]:
    return [(role.value, str(role.label)) for role in roles]


class InviteMemberForm(forms.Form):
    email = forms.EmailField(
        label=_("Email của người được mời"),
        max_length=254,
        help_text=_("Chỉ người có địa chỉ này dùng được thư mời, dù thư được chuyển tiếp."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Vai trò"))

    def __init__(self, *args: Any, roles: tuple[Role, ...] = BELOW_MANAGERS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = role_choices(roles)
        field.initial = Role.CONTRIBUTOR.value


class JoinForm(forms.Form):
    note = TextField(
        label=_("Bạn làm gì ở tổ chức này"),
        required=False,
        max_length=500,
        help_text=_(
            "Giúp chủ tài khoản nhận ra bạn, ví dụ: phòng Kỹ thuật, phụ trách dây chuyền sấy."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": ""}),
    )


class MemberField(forms.ModelChoiceField):
    """A colleague, by the reference that stands in addresses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Membership.objects.none(), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.reference if isinstance(value, Membership) else value

    def to_python(self, value: Any) -> Membership | None:
        if value in self.empty_values:
            return None
        for member in self.queryset:
            if member.reference == value:
                return member
        raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user} ({obj.get_role_display()})"


class LeaveForm(forms.Form):
    successor = MemberField(
        label=_("Ai phụ trách tiếp"),
        empty_label=None,
        help_text=_(
            "Người này thành người liên hệ của mọi tin đăng và giao dịch đang do người rời đi phụ trách."
        ),
    )

    def __init__(self, *args: Any, staying: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        assert isinstance(field, MemberField)
        field.queryset = staying


class TransferForm(forms.Form):
    taker = MemberField(label=_("Chuyển cho"), empty_label=None)
    role_after = forms.ChoiceField(label=_("Vai trò của bạn sau khi chuyển"))

    def __init__(self, *args: Any, colleagues: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taker, role = self.fields["taker"], self.fields["role_after"]
        assert isinstance(taker, MemberField)
        taker.queryset = colleagues
        assert isinstance(role, forms.ChoiceField)
        role.choices = role_choices((Role.MANAGER, *BELOW_MANAGERS))
