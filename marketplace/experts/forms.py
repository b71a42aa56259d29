"""What a person writes of themselves, each with whether it is to be seen."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core.fields import CodeField, CodeListField, CodesField, TextField
from marketplace.experts.models import NEEDED, Expert, ExpertField
from marketplace.research.models import Person
from marketplace.research.names import person_key
from marketplace.taxonomy.choices import choices, grouped_choices

LANGUAGES: Final = (
    ("vi", _("Tiếng Việt")),
    ("en", _("Tiếng Anh")),
    ("zh", _("Tiếng Trung")),
    ("ja", _("Tiếng Nhật")),
    ("ko", _("Tiếng Hàn")),
    ("fr", _("Tiếng Pháp")),
    ("de", _("Tiếng Đức")),
    ("ru", _("Tiếng Nga")),
)
_MOST_FIELDS: Final = 3
_MOST_PEOPLE: Final = 20
#: Fields of the model that the form writes.
_OWN: Final = (
    "headline", "advises_on", "experience", "field_codes", "languages", "province_code",
    "organization", "person", "language",
)  # fmt: skip


class ExpertForm(forms.Form):
    use_required_attribute = False

    headline = TextField(
        label=ExpertField.HEADLINE.label,
        help_text=_("Ví dụ: Bảo quản và sấy trái cây quy mô 1–20 tấn mỗi ngày."),
        max_length=200,
        required=False,
    )
    advises_on = TextField(
        label=ExpertField.ADVICE.label,
        help_text=_("Mỗi việc một dòng: bạn giúp doanh nghiệp giải quyết chuyện gì."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    experience = TextField(
        label=ExpertField.EXPERIENCE.label,
        help_text=_("Vài việc đã làm. Không nêu tên khách hàng khi chưa được đồng ý."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    field_codes = CodeListField(
        label=ExpertField.FIELDS.label,
        choices=lambda: grouped_choices("st-fields"),
        count=_MOST_FIELDS,
        required=False,
    )
    languages = CodesField(
        label=ExpertField.LANGUAGES.label, choices=list(LANGUAGES), required=False
    )
    province_code = CodeField(
        label=ExpertField.PROVINCE.label, choices=lambda: choices("provinces"), required=False
    )
    organization = forms.ModelChoiceField(
        label=ExpertField.ORGANIZATION.label,
        help_text=_("Nếu chọn, người của tổ chức này cũng được báo khi có nhu cầu phù hợp."),
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        empty_label=_("Tôi tư vấn với tư cách cá nhân"),
        required=False,
    )
    person = forms.ModelChoiceField(
        label=ExpertField.WORKS.label,
        help_text=_("Chọn nếu các công trình này là của bạn; cán bộ sàn đối chiếu trước khi đăng."),
        queryset=Person.objects.none(),
        to_field_name="public_id",
        empty_label=_("Không nối"),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Ngôn ngữ của bài viết"), choices=[("vi", "Tiếng Việt"), ("en", "English")]
    )
    shown = forms.MultipleChoiceField(
        label=_("Tôi đồng ý công bố"),
        help_text=_(
            "Phần nào không chọn thì không ai thấy: không trên trang, trong tìm kiếm hay thư."
        ),
        choices=ExpertField.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        initial = {name: getattr(expert, name) for name in _OWN} | {"shown": expert.shown}
        for name in ("organization", "person"):
            initial[name] = initial[name].public_id if initial[name] else ""
        super().__init__(*args, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in (*(field.value for field in NEEDED), "shown"):
            fields[name].asked = True  # not marked as optional
        fields["organization"].queryset = expert.user.organizations()
        fields["person"].queryset = namesakes(expert.user.full_name)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*_OWN, "shown")}


def namesakes(name: str) -> Any:
    """Public people of the registers with that very name; who claims another name asks staff."""
    found = Person.objects.public().filter(name_key=person_key(name)).order_by("pk")
    return Person.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:_MOST_PEOPLE]))
