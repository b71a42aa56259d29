"""The form of an offer of terms: a field for each content of a contract, and the plan of payments."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.currencies import DONG, currencies
from marketplace.core.fields import DateField, TextField, Unreadable, parse_sum, show_sum
from marketplace.deals.contents import edition_on
from marketplace.deals.forms.expressions import PlainForm
from marketplace.deals.models import Direction, Wording
from marketplace.deals.services.terms import PRICE_FORMS, PlanLine, Terms
from marketplace.taxonomy.choices import choices

#: Lines of the plan in the form.
PLAN_LINES: Final = 5


class TermsForm(PlainForm):
    """All sums of a version are in its one currency: nothing here converts."""

    price_form = forms.ChoiceField(label=_("Phương thức thanh toán"))
    currency = forms.ChoiceField(
        label=_("Đồng tiền"),
        help_text=_(
            "Hai bên ở Việt Nam ghi giá bằng đồng. Sàn không quy đổi; nếu hợp đồng dùng tỷ giá, hãy ghi tỷ giá, "
            "ngày và nguồn ở mục giá."
        ),
    )

    def __init__(self, *args: Any, sheet: Wording | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(sheet) | kwargs.pop("initial", {}), **kwargs)
        fields: Any = self.fields
        fields["price_form"].choices = choices(PRICE_FORMS)
        fields["currency"].choices = [
            (code, f"{code} · {one.words}") for code, one in currencies().items()
        ]
        self.contents = edition_on(clock.today()).contents
        for content in self.contents:
            self.fields[f"content_{content.code}"] = TextField(
                label=content.label,
                help_text=content.hint,
                required=content.required,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _("Hãy ghi: %(what)s.") % {"what": content.label}},
            )
        for number in range(1, PLAN_LINES + 1):
            words = {"number": number}
            self.fields[f"plan_{number}_title"] = TextField(
                label=_("Mốc %(number)s: nội dung") % words, required=False, max_length=300
            )
            self.fields[f"plan_{number}_amount"] = TextField(
                label=_("Mốc %(number)s: số tiền") % words,
                required=False,
                max_length=60,
                widget=forms.TextInput(attrs={"class": "short"}),
            )
            self.fields[f"plan_{number}_due"] = DateField(
                label=_("Mốc %(number)s: hạn") % words, required=False
            )

    def _sum(self, cleaned: dict[str, Any], name: str) -> int | None:
        """Of a line of the plan, in the smallest unit of the version's currency."""
        written = cleaned.get(name)
        if not written:
            return None
        try:
            return parse_sum(written, cleaned.get("currency") or DONG)
        except Unreadable:
            self.add_error(
                name,
                _("Chưa đọc được số tiền này. Viết như 500 triệu, 1.200.000.000 hoặc 12.500,50."),
            )
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = []
        for number in range(1, PLAN_LINES + 1):
            title, amount = (
                cleaned.get(f"plan_{number}_title"),
                self._sum(cleaned, f"plan_{number}_amount"),
            )
            due = cleaned.get(f"plan_{number}_due")
            if f"plan_{number}_amount" in self.errors:
                continue
            if bool(title) != bool(amount):
                self.add_error(
                    f"plan_{number}_title", _("Mỗi mốc cần nội dung và số tiền lớn hơn 0.")
                )
            elif title:
                lines.append(PlanLine(title, int(amount or 0), due.isoformat() if due else ""))
        if not lines and not self.errors:
            self.add_error("plan_1_title", _("Cần ít nhất một mốc thanh toán."))
        cleaned["plan"] = lines
        return cleaned

    def terms(self) -> Terms:
        values = self.cleaned_data
        contents = {one.code: values[f"content_{one.code}"] for one in self.contents}
        return Terms(values["price_form"], contents, values["plan"], values["currency"])


def _initial(sheet: Wording | None) -> dict[str, Any]:
    """The newest version, to be changed."""
    if sheet is None:
        return {"price_form": "instalments", "currency": DONG}
    code = sheet.content["currency"]
    found: dict[str, Any] = {"price_form": sheet.content["price_form"], "currency": code}
    found |= {f"content_{code}": text for code, text in sheet.contents.items()}
    for number, line in enumerate(sheet.plan[:PLAN_LINES], start=1):
        found[f"plan_{number}_title"] = line["title"]
        found[f"plan_{number}_amount"] = show_sum(line["amount"], code)
        found[f"plan_{number}_due"] = line["due_on"]
    return found


class FactsForm(PlainForm):
    """What decides on registration, and what statistics ask for."""

    direction = forms.ChoiceField(label=_("Chiều chuyển giao"), choices=Direction.choices)
    is_transfer = forms.BooleanField(label=_("Có chuyển giao công nghệ"), required=False)
    uses_state_funds = forms.BooleanField(
        label=_("Có dùng vốn nhà nước, ngân sách nhà nước"), required=False
    )
    has_certificate = forms.BooleanField(
        label=_("Kết quả đã có giấy chứng nhận đăng ký kết quả nhiệm vụ"), required=False
    )
    is_licensed = forms.BooleanField(
        label=_("Công nghệ hạn chế chuyển giao, đã được cấp phép"), required=False
    )
    transfer_form = forms.ChoiceField(label=_("Hình thức chuyển giao"), required=False)
    transfer_methods = forms.MultipleChoiceField(
        label=_("Phương thức chuyển giao"), required=False, widget=forms.CheckboxSelectMultiple
    )
    country = TextField(
        label=_("Nước của bên nước ngoài"), required=False, max_length=60,
        help_text=_("Để trống nếu cả hai bên ở Việt Nam."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["transfer_form"].choices = [("", "—"), *choices("transfer-forms")]
        fields["transfer_methods"].choices = choices("transfer-methods")


class RegistrationForm(PlainForm):
    number = TextField(label=_("Số giấy chứng nhận đăng ký"), max_length=60)
    registered_on = DateField(label=_("Ngày đăng ký"))
