"""Cases of expressions of interest: staff look after each until it is answered."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import User
from marketplace.cases.kinds import CaseKind, Event, Facts, register_case_kind
from marketplace.deals.models import ExpressionOfInterest

KIND: Final = "interest"


def _rows() -> QuerySet[Any]:
    return ExpressionOfInterest.objects.with_sides()


def _running() -> QuerySet[Any]:
    return ExpressionOfInterest.objects.with_sides().waiting()


def _facts(expression: ExpressionOfInterest) -> Facts:
    codes = getattr(expression.subject, "field_codes", None) or []
    return Facts(
        title=expression.title,
        organization_id=expression.receiver_id,
        province_code=expression.receiver.province_code,
        field_codes=list(codes),
    )


def _people(expression: ExpressionOfInterest) -> QuerySet[User]:
    sides = Q(memberships__organization=expression.asker_id) | Q(
        memberships__organization=expression.receiver_id
    )
    return User.objects.filter(sides, is_active=True).distinct()


def _events(expression: ExpressionOfInterest) -> Sequence[Event]:
    url = expression.get_absolute_url()
    names = {"asker": expression.asker.name, "receiver": expression.receiver.name}
    events = [
        Event(
            expression.sent_at,
            _("%(asker)s đề nghị kết nối với %(receiver)s") % names,
            url=url,
        )
    ]
    if expression.escalated_at:
        events.append(Event(expression.escalated_at, _("Quá hạn trả lời")))
    if expression.ended_at:
        events.append(Event(expression.ended_at, str(expression.get_state_display())))
    return events


def register_interests() -> None:
    register_case_kind(
        CaseKind(
            code=KIND,
            label=gettext_lazy("Đề nghị kết nối"),
            rows=_rows,
            running=_running,
            facts_of=_facts,
            events_of=_events,
            people_of=_people,
        )
    )
