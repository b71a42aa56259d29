"""The form that begins a post for a firm: which firm, whose word, where the question goes."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, OrganizationKind
from marketplace.accounts.services import find_organization
from marketplace.core import clock
from marketplace.core.fields import DateField, TextField
from marketplace.listings.models import LISTING_MODELS
from marketplace.listings.services.staff_posts import WAYS
from marketplace.taxonomy.choices import choices

_SHOWN: Final = 8
NEW: Final = "new"


class StaffPostForm(forms.Form):
    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Đăng gì"))
    organization_name = TextField(
        label=_("Tên doanh nghiệp, tổ chức"),
        max_length=300,
        help_text=_("Ghi đủ tên; tổ chức đã có trên sàn thì được chọn lại, không lập hai lần."),
        error_messages={"required": _("Ghi tên tổ chức.")},
    )
    organization = forms.ChoiceField(
        label=_("Có phải một trong các tổ chức này?"), required=False, widget=forms.RadioSelect
    )
    organization_kind = forms.ChoiceField(label=_("Loại hình"), choices=OrganizationKind.choices)
    province_code = forms.ChoiceField(
        label=_("Tỉnh, thành phố"), error_messages={"required": _("Chọn tỉnh, thành phố.")}
    )
    way = forms.ChoiceField(
        label=_("Doanh nghiệp đồng ý bằng cách nào"),
        error_messages={"required": _("Chọn cách doanh nghiệp đã đồng ý.")},
    )
    agreed_on = DateField(
        label=_("Ngày đồng ý"), error_messages={"required": _("Ghi ngày doanh nghiệp đồng ý.")}
    )
    agreed_by = TextField(
        label=_("Ai đồng ý"),
        max_length=120,
        error_messages={"required": _("Ghi tên người đã đồng ý.")},
    )
    agreed_as = TextField(label=_("Chức vụ"), max_length=120, required=False)
    note = TextField(
        label=_("Đã đồng ý những gì"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ví dụ: đăng nhu cầu, ẩn tên công ty, gọi lại sau 14 giờ."),
    )
    email = forms.EmailField(
        label=_("Email nhận thư xác nhận"),
        help_text=_("Tin chỉ được đăng khi người nhận thư này xác nhận."),
        error_messages={
            "required": _("Ghi email của doanh nghiệp."),
            "invalid": _("Email này chưa đúng."),
        },
    )
    phone = TextField(label=_("Điện thoại"), max_length=30, required=False)
    text = TextField(
        label=_("Nhu cầu hoặc thứ được chào, theo lời doanh nghiệp"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Phần này vào bản nháp; viết tiếp ở bước sau."),
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["kind"].choices = [
            (kind, str(LISTING_MODELS[kind]._meta.verbose_name).capitalize()) for kind in kinds
        ]
        fields["province_code"].choices = [("", "—"), *choices("provinces")]
        fields["way"].choices = [("", "—"), *choices(WAYS)]
        fields["agreed_on"].initial = clock.today()
        self.like = self._like()
        if self.like:
            named = [(one.public_id, _named(one)) for one in self.like]
            fields["organization"].choices = [*named, (NEW, _("Không, lập tổ chức mới"))]
        else:
            del fields["organization"]

    def _like(self) -> list[Organization]:
        """Organisations that may be the one meant; none where the name is that of one exactly."""
        name = str(self.data.get(self.add_prefix("organization_name"), "")) if self.is_bound else ""
        self.found = find_organization(name) if name.strip() else None
        if not name.strip() or self.found is not None:
            return []
        rows = Organization.objects.filter(is_hidden=False).named_like(name)
        return list(rows.order_by("name", "pk")[:_SHOWN])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        if self.like and not cleaned.get("organization") and "organization" not in self.errors:
            self.add_error(
                "organization", _("Chọn đúng tổ chức, hoặc chọn lập mới nếu chưa có trên sàn.")
            )
        return cleaned

    @property
    def chosen(self) -> Organization | None:
        """The organisation meant; None where one is to be made."""
        picked = self.cleaned_data.get("organization")
        return self.found or next((one for one in self.like if one.public_id == picked), None)


def _named(organization: Organization) -> str:
    return f"{organization.name} ({organization.get_status_display()})"


class EmailForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label=_("Email nhận thư xác nhận"),
        error_messages={
            "required": _("Ghi email của doanh nghiệp."),
            "invalid": _("Email này chưa đúng."),
        },
    )
