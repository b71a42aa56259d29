"""The form of a standard licence: that of terms, with days instead of dates and two forms of price."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.deals.forms.terms import PLAN_LINES, TermsForm
from marketplace.deals.licensing import edition_on
from marketplace.deals.models import StandardLicence
from marketplace.deals.services.licences import LicenceTerms


class LicenceForm(TermsForm):
    is_exclusive = forms.BooleanField(
        label=_("Độc quyền: chỉ một bên nhận"),
        help_text=_("Giấy phép đóng lại khi có bên đầu tiên chấp nhận."),
        required=False,
    )

    def __init__(self, *args: Any, licence: StandardLicence | None = None, **kwargs: Any) -> None:
        super().__init__(*args, sheet=licence, initial=_initial(licence), **kwargs)
        fields: Any = self.fields
        known = edition_on(clock.today()).price_forms
        fields["price_form"].choices = [
            one for one in fields["price_form"].choices if one[0] in known
        ]
        for number in range(1, PLAN_LINES + 1):
            del fields[f"plan_{number}_due"]
            fields[f"plan_{number}_days"] = forms.IntegerField(
                label=_("Mốc %(number)s: hạn, số ngày từ ngày chấp nhận") % {"number": number},
                required=False,
                min_value=0,
                max_value=3650,
                widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
                error_messages={"invalid": _("Ghi số ngày, ví dụ 30.")},
            )
        of_a_line = ("title", "amount", "days")
        plan = [f"plan_{n}_{of}" for n in range(1, PLAN_LINES + 1) for of in of_a_line]
        first = ("price_form", "currency", "is_exclusive")
        self.order_fields([*first, *(n for n in fields if n not in (*first, *plan)), *plan])

    def licence_terms(self) -> LicenceTerms:
        values = self.cleaned_data
        days = [
            values.get(f"plan_{number}_days")
            for number in range(1, PLAN_LINES + 1)
            if values.get(f"plan_{number}_title")
        ]
        return LicenceTerms(self.terms(), days, values["is_exclusive"])


def _initial(licence: StandardLicence | None) -> dict[str, Any]:
    """The version that stands, to be changed; else the template."""
    if licence is None:
        contents = edition_on(clock.today()).contents
        return {f"content_{code}": text for code, text in contents.items()} | {
            "price_form": "lump_sum"
        }
    days = {f"plan_{n}_days": one["days"] for n, one in enumerate(licence.plan, start=1)}
    return days | {"is_exclusive": licence.is_exclusive}
