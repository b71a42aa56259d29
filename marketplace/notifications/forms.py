from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import TextField
from marketplace.notifications.kinds import NoticeKind, kinds
from marketplace.notifications.models import Frequency, Notice, Preference
from marketplace.notifications.services import mode_for, times_of
from marketplace.notifications.times import DIGEST_CLOSES, Times


def _hour(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%H"],
        error_messages={"invalid": _("Viết giờ như 22:00.")},
        **kwargs,
    )


class PreferencesForm(forms.Form):
    """When mails may come, and one choice for each kind that is not transactional."""

    quiet_from = _hour(_("Không gửi thư từ"), required=False)
    quiet_to = _hour(
        _("Đến"),
        help_text=_(
            "Để trống cả hai nếu lúc nào cũng được. Thư đến giờ này thì chờ hết giờ yên lặng."
        ),
        required=False,
    )
    digest_at = _hour(
        _("Giờ gửi thư gộp mỗi ngày"), help_text=_("Để trống thì là 17:00."), required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        times = times_of(user)
        for name in ("quiet_from", "quiet_to", "digest_at"):
            self.fields[name].initial = getattr(times, name)
        chosen = _kinds_for(user)
        self._codes = [kind.code for kind in chosen]
        for kind in chosen:
            self.fields[_name(kind.code)] = forms.ChoiceField(
                label=kind.label,
                choices=Preference.Mode.choices,
                initial=mode_for(user, kind),
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("quiet_from"), self.cleaned_data.get("quiet_to")
        for name, value, other in (("quiet_from", start, end), ("quiet_to", end, start)):
            if other is not None and value is None and name not in self.errors:
                self.add_error(name, ValidationError(_("Ghi cả giờ bắt đầu và giờ kết thúc.")))
        if start is not None and start == end:
            self.add_error("quiet_to", ValidationError(_("Giờ kết thúc phải khác giờ bắt đầu.")))
        return self.cleaned_data

    def times(self) -> Times:
        data = self.cleaned_data
        return Times(data["quiet_from"], data["quiet_to"], data["digest_at"] or DIGEST_CLOSES)

    def chosen(self) -> Iterator[tuple[str, str]]:
        for code in self._codes:
            yield code, self.cleaned_data[_name(code)]


def _kinds_for(user: Any) -> list[NoticeKind]:
    """What the person chooses: those of desks where they are staff, or were told one as an officer."""
    optional = [kind for kind in kinds() if not kind.transactional]
    if user.is_staff:
        return optional
    desks = [kind.code for kind in optional if kind.desk]
    told = set(Notice.objects.filter(recipient=user, kind__in=desks).values_list("kind", flat=True))
    return [kind for kind in optional if not kind.desk or kind.code in told]


class SavedSearchForm(forms.Form):
    name = TextField(label=_("Tên"), max_length=120, required=False, strip=True)
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
