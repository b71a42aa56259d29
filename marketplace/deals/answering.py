"""How many of the interests that an organisation received it answered in time."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DateField, F, Q
from django.db.models.functions import Cast, TruncDate

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.deals.models import ExpressionOfInterest
from marketplace.deals.states import ExpressionState
from marketplace.deals.terms import terms_on

_ANSWERS = (ExpressionState.ACCEPTED, ExpressionState.DECLINED)


@dataclass(frozen=True, slots=True)
class AnswerRate:
    """Of `due` interests, `in_time` were answered by their last day."""

    due: int
    in_time: int

    @property
    def percent(self) -> int:
        return round(100 * self.in_time / self.due)


def answer_rate(organization: Organization) -> AnswerRate | None:
    """Over the days of the terms in force; None where there were too few to say anything.

    What the asker took back, or staff closed, was not the organisation's to answer; what still waits
    counts once its last day is over.
    """
    terms = terms_on(clock.today())
    since = clock.today() - timedelta(days=terms.rate_days)
    waits_late = Q(state=ExpressionState.SENT, due_on__lt=clock.today())
    rows = ExpressionOfInterest.objects.filter(
        Q(state__in=_ANSWERS) | waits_late, receiver=organization, due_on__gte=since
    ).annotate(ended_day=Cast(TruncDate("ended_at", tzinfo=clock.VIETNAM), DateField()))
    found = rows.aggregate(
        due=Count("pk"),
        in_time=Count("pk", filter=Q(state__in=_ANSWERS, ended_day__lte=F("due_on"))),
    )
    if found["due"] < terms.rate_least:
        return None
    return AnswerRate(due=found["due"], in_time=found["in_time"])
