from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.notifications.kinds import kinds
from marketplace.notifications.models import Frequency, Preference
from marketplace.notifications.services import mode_for


class PreferencesForm(forms.Form):
    """One choice for each kind that is not transactional."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = [kind.code for kind in kinds() if not kind.transactional]
        for kind in kinds():
            if not kind.transactional:
                self.fields[_name(kind.code)] = forms.ChoiceField(
                    label=kind.label,
                    choices=Preference.Mode.choices,
                    initial=mode_for(user, kind),
                    widget=forms.RadioSelect,
                )

    def chosen(self) -> Iterator[tuple[str, str]]:
        for code in self._codes:
            yield code, self.cleaned_data[_name(code)]


class SavedSearchForm(forms.Form):
    name = forms.CharField(label=_("Tên"), max_length=120, required=False, strip=True)
    frequency = forms.ChoiceField(
        label=_("Báo cho tôi"),
        choices=Frequency.choices,
        initial=Frequency.DAILY,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["frequency"].choices = [
                choice for choice in Frequency.choices if choice[0] != Frequency.OFF
            ]


def _name(code: str) -> str:
    return code.replace(".", "-")
