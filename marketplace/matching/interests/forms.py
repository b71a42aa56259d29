"""Forms about standing interests."""

import re
from functools import partial
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core.fields import CodeListField, CodesField, MoneyField, TextField
from marketplace.matching.interests.services import FEWEST_WORDS
from marketplace.matching.models import Interest
from marketplace.taxonomy.choices import choices, grouped_choices
from marketplace.taxonomy.labels import label

MOST_FIELDS: Final = 3
MOST_PROVINCES: Final = 3
_LONGEST_PHRASE: Final = 80
_MOST_PHRASES: Final = 20


class PhrasesField(TextField):
    """Phrases, one a line or between commas."""

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        phrases = [one.strip()[:_LONGEST_PHRASE] for one in re.split(r"[\n,;]", written)]
        return list(dict.fromkeys(filter(None, phrases)))[:_MOST_PHRASES]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class InterestForm(forms.Form):
    organization = forms.ModelChoiceField(
        label=_("Của tổ chức"),
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    seeks = forms.ChoiceField(
        label=_("Bạn muốn biết điều gì?"),
        choices=Interest.Seeks.choices,
        widget=forms.RadioSelect,
        initial=Interest.Seeks.NEEDS,
    )
    name = TextField(
        label=_("Tên gọi"),
        help_text=_("Để bạn nhận ra trong thư, ví dụ: Sấy và bảo quản nông sản."),
        max_length=120,
    )
    words = TextField(
        label=_("Tả điều bạn làm được hoặc đang tìm"),
        help_text=_(
            "Vài câu như bạn kể cho một đồng nghiệp: trên vật liệu nào, bằng cách nào, để làm gì. Sàn xếp hạng theo các từ này."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_codes = CodeListField(
        label=_("Chỉ trong các lĩnh vực"),
        help_text=_("Bỏ trống nếu lĩnh vực nào cũng được."),
        choices=partial(grouped_choices, "st-fields"),
        count=MOST_FIELDS,
        required=False,
    )
    province_codes = CodeListField(
        label=_("Chỉ ở các tỉnh, thành phố"),
        help_text=_("Bỏ trống nếu ở đâu cũng được."),
        choices=partial(choices, "provinces"),
        count=MOST_PROVINCES,
        required=False,
    )
    need_kinds = CodesField(
        label=_("Chỉ các loại nhu cầu"),
        help_text=_("Chỉ tính khi bạn chờ nhu cầu. Bỏ trống nếu loại nào cũng được."),
        choices=partial(choices, "need-kinds"),
        required=False,
    )
    budget_least = MoneyField(
        label=_("Ngân sách của nhu cầu từ"),
        help_text=_("Ví dụ: 500 triệu. Nhu cầu chưa nêu ngân sách vẫn được báo."),
        required=False,
    )
    unwanted_kinds = CodesField(
        label=_("Không nhận các loại nhu cầu"),
        choices=partial(choices, "need-kinds"),
        required=False,
    )
    unwanted_fields = CodeListField(
        label=_("Không nhận trong các lĩnh vực"),
        help_text="",
        choices=partial(grouped_choices, "st-fields"),
        count=MOST_FIELDS,
        required=False,
    )
    unwanted_words = PhrasesField(
        label=_("Không nhận khi nói đến"),
        help_text=_("Mỗi dòng một cụm từ, ví dụ: đào tạo, tư vấn."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(
        self, *args: Any, organizations: QuerySet[Organization] | None = None, **kwargs: Any
    ) -> None:
        """`organizations` are those that a new interest may be of; None where it has one."""
        super().__init__(*args, **kwargs)
        if organizations is None:
            del self.fields["organization"]
            return
        field = self.fields["organization"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organizations
        found = list(organizations[:2])
        if len(found) == 1:
            field.initial, field.widget = found[0].public_id, forms.HiddenInput()

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if len(words.split()) < FEWEST_WORDS:
            raise forms.ValidationError(
                _("Hãy tả bằng ít nhất một câu: sàn xếp hạng theo các từ này.")
            )
        return words


class ExcludeForm(forms.Form):
    """ "Nothing of this kind": what of a found need or row is the kind that is not wanted."""

    kinds = forms.MultipleChoiceField(
        label=_("Loại nhu cầu"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_of_it = forms.MultipleChoiceField(
        label=_("Lĩnh vực"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = PhrasesField(
        label=_("Khi nói đến"),
        help_text=_("Mỗi dòng một cụm từ trong bài mà bạn không làm."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, scheme, codes in (
            ("kinds", "need-kinds", getattr(row, "need_kinds", [])),
            ("fields_of_it", "st-fields", row.field_codes),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(code, label(scheme, code)) for code in codes]
            if not codes:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("kinds", "fields_of_it", "words")):
            raise forms.ValidationError(_("Hãy chọn điều bạn không nhận nữa."))
        return cleaned
