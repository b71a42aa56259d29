"""Forms of an evaluation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import User
from marketplace.core.fields import TextField
from marketplace.deals.evaluating import criteria_of, edition_on
from marketplace.deals.forms.expressions import PlainForm
from marketplace.deals.models import Evaluation, Recommendation, Score


class ScoreForm(PlainForm):
    """Points and words for each criterion of the stage that lasts, with what the person gave before."""

    def __init__(self, *args: Any, evaluation: Evaluation, given: list[Score], **kwargs: Any):
        super().__init__(*args, **kwargs)
        day = evaluation.opened_on
        self.criteria = criteria_of(evaluation.kind, evaluation.state, day)
        points = range(1, edition_on(day).most_points + 1)
        before = {one.criterion: one for one in given}
        for one in self.criteria:
            known = before.get(one.code)
            self.fields[f"points_{one.code}"] = forms.TypedChoiceField(
                label=one.label,
                choices=[("", "—"), *((number, str(number)) for number in points)],
                widget=forms.Select(attrs={"class": "short"}),
                coerce=int,
                empty_value=None,
                required=False,
                initial=known.points if known else None,
            )
            self.fields[f"comment_{one.code}"] = TextField(
                label=_("Nhận xét: %(what)s") % {"what": one.label},
                max_length=1000,
                required=False,
                initial=known.comment if known else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        """Words without points would be lost: nothing is kept of a criterion that has none."""
        cleaned = super().clean() or {}
        for one in self.criteria:
            if cleaned.get(f"comment_{one.code}") and not cleaned.get(f"points_{one.code}"):
                self.add_error(f"points_{one.code}", _("Hãy cho điểm tiêu chí bạn nhận xét."))
        return cleaned

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Of each criterion its two fields: what was not said stands folded."""
        return [
            {"points": self[f"points_{one.code}"], "comment": self[f"comment_{one.code}"]}
            for one in self.criteria
        ]

    def marks(self) -> dict[str, tuple[int, str]]:
        """What `services.evaluations.score` takes: only criteria that have points."""
        values = self.cleaned_data
        return {
            one.code: (values[f"points_{one.code}"], values[f"comment_{one.code}"])
            for one in self.criteria
            if values[f"points_{one.code}"]
        }


class ReviewerForm(PlainForm):
    person = forms.ModelChoiceField(
        label=_("Người của bên bạn trong giao dịch"),
        queryset=User.objects.none(),
        error_messages={"required": _("Chọn một người.")},
    )

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = evaluation.deal.members.filter(
            left_at=None, organization=evaluation.organization_id
        )
        team = evaluation.team.filter(left_at=None).values("user")
        people: Any = self.fields["person"]
        people.queryset = User.objects.filter(is_active=True, pk__in=seats.values("user")).exclude(
            pk__in=team
        )


class ConclusionForm(PlainForm):
    recommendation = forms.ChoiceField(
        label=pgettext_lazy("đánh giá", "Kết luận"),
        choices=Recommendation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một kết luận.")},
    )
    conclusion = TextField(
        label=_("Lý do, điều kiện"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
