"""Forms about matches: why one is passed on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import TextField
from marketplace.matching.models import Match, Side
from marketplace.matching.reasons import meaning_of, reasons_for


class PassForm(forms.Form):
    """One reason; where it asks for it, which requirements, or a word."""

    reason = forms.ChoiceField(
        label=_("Vì sao không phù hợp?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một lý do.")},
    )
    criteria = forms.MultipleChoiceField(
        label=_("Chỉ tiêu nào không đạt?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Chỉ cần khi lý do là “Không đạt chỉ tiêu”."),
    )
    note = TextField(
        label=_("Nói thêm"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Chỉ cán bộ sàn đọc được. Bên kia chỉ thấy số lần của từng lý do."),
    )

    def __init__(
        self, *args: Any, side: Side, requirements: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.side = side
        reason, criteria = self.fields["reason"], self.fields["criteria"]
        assert isinstance(reason, forms.ChoiceField)
        assert isinstance(criteria, forms.MultipleChoiceField)
        reason.choices = reasons_for(side)
        names = list(dict.fromkeys(requirements))
        criteria.choices = [(name, name) for name in names]
        if not names:
            del self.fields["criteria"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asks = meaning_of(cleaned.get("reason", "")).asks
        if asks == "requirement" and not (cleaned.get("criteria") or cleaned.get("note")):
            named = "criteria" in self.fields
            self.add_error(
                "criteria" if named else "note", _("Hãy cho biết chỉ tiêu nào không đạt.")
            )
        if asks == "note" and not cleaned.get("note"):
            self.add_error("note", _("Hãy nói ngắn gọn lý do."))
        return cleaned

    def answer(self) -> dict[str, Any]:
        """What `services.pass_on` takes."""
        return {
            "side": self.side,
            "reason": self.cleaned_data["reason"],
            "criteria": self.cleaned_data.get("criteria", ()),
            "note": self.cleaned_data["note"],
        }


class MatchesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Match) -> str:
        return str(obj.candidate.title)


class PassManyForm(PassForm):
    """The same reason for several matches."""

    #: Not "matches": a field of that name hides the method of its form from scripts.
    match = MatchesField(
        label=_("Gợi ý không phù hợp"),
        queryset=Match.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một gợi ý.")},
    )

    field_order = ("match", "reason", "criteria", "note")

    def __init__(self, *args: Any, matches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["match"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = matches


class PassNeedsForm(PassManyForm):
    """For the side that has the solution: it knows matches by their needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["match"]
        field.label = _("Nhu cầu không phù hợp")
        field.label_from_instance = _with_its_need
        field.error_messages["required"] = _("Chọn ít nhất một nhu cầu.")


def _with_its_need(match: Match) -> str:
    return f"{match.need.title} — {match.candidate.title}"
