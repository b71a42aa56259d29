"""Cases of needs: one for each need that is published, until it is withdrawn or runs out."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.accounts.models import User
from marketplace.cases.kinds import CaseKind, Event, Facts, register_case_kind
from marketplace.listings.models import Need, ReturnReason, ReviewDecision
from marketplace.matching.models import Match
from marketplace.notifications.models import Notice
from marketplace.notifications.rendering import subject_of

_SHOWN_NOTICES = 30


def _rows() -> QuerySet[Need]:
    return Need.objects.select_related("organization")


def _running() -> QuerySet[Need]:
    # One that is hidden until its owner answers keeps its case: that is when somebody has to call.
    return _rows().filter(live=True, withdrawn_at=None)


def _facts(need: Need) -> Facts:
    return Facts(
        title=str(need),
        organization_id=need.organization_id,
        province_code=need.province_code or need.organization.province_code,
        field_codes=list(need.field_codes),
    )


def _people(need: Need) -> QuerySet[User]:
    return User.objects.filter(memberships__organization=need.organization_id, is_active=True)


def _events(need: Need) -> Sequence[Event]:
    return [*_decisions(need), *_matches(need), *_notices(need)]


def _decisions(need: Need) -> list[Event]:
    rows = list(
        ReviewDecision.objects.filter(kind=need.KIND, key=need.public_id).select_related("by")
    )
    codes = {code for row in rows for code in row.reason_codes}
    reasons = {row.code: row.label_vi for row in ReturnReason.objects.filter(code__in=codes)}
    return [
        Event(
            at=row.at,
            title=str(row.get_decision_display()),
            text="\n".join([*(reasons.get(c, c) for c in row.reason_codes), row.note]).strip(),
            who=str(row.by or ""),
        )
        for row in rows
    ]


def _matches(need: Need) -> list[Event]:
    """Matches by the day on which they were found: a run may bring thirty."""
    days = (
        Match.objects.filter(need=need)
        .values("first_matched_at__date")
        .annotate(count=Count("pk"), at=Min("first_matched_at"))
        .order_by("at")
    )
    return [
        Event(
            at=day["at"],
            title=ngettext("Có %(n)s gợi ý", "Có %(n)s gợi ý", day["count"]) % {"n": day["count"]},
        )
        for day in days
    ]


def _notices(need: Need) -> list[Event]:
    rows = (
        Notice.objects.filter(
            recipient__in=_people(need).values("pk"), dedupe_key__contains=need.public_id
        )
        .select_related("recipient")
        .order_by("-created_at", "-pk")[:_SHOWN_NOTICES]
    )
    return [
        Event(
            at=row.created_at,
            title=_("Đã báo cho người đăng"),
            text=subject_of(row),
            who=str(row.recipient),
        )
        for row in rows
    ]


def register_needs() -> None:
    register_case_kind(
        CaseKind(
            code=Need.KIND,
            label=gettext_lazy("Nhu cầu"),
            rows=_rows,
            running=_running,
            facts_of=_facts,
            events_of=_events,
            people_of=_people,
        )
    )


def matches_of(case: Any) -> QuerySet[Match]:
    """What may be introduced to the owner of a need: its matches that still hold, best first."""
    found: QuerySet[Match] = (
        Match.objects.active()
        .filter(need__public_id=case.subject)
        .with_candidates()
        .order_by("rank", "pk")
    )
    return found if case.kind == Need.KIND else found.none()
