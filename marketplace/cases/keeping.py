"""The stage behind the desk: cases follow what they are about.

It finds its work by comparing: rows that run and have no case, cases whose row ended or changed. Each
case is a transaction of its own, so it may be killed anywhere; the constraint on kind and subject makes a
case that two open at once one.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from marketplace.cases import services
from marketplace.cases.kinds import CaseKind, case_kinds
from marketplace.cases.models import Case, CaseEntry, CaseState, EntryKind
from marketplace.cases.officers import officer_by_rule
from marketplace.cases.terms import terms_on
from marketplace.core import audit, clock

BATCH: Final = 50
STAGE: Final = "cases.keep"


def keep_batch(limit: int = BATCH) -> int:
    """Opens, closes and brings up to date; says how many cases it touched."""
    done = 0
    for kind in case_kinds():
        for subject in list(_without_case(kind)[: limit - done]):
            done += _open(kind, subject)
        for pk in list(_ended(kind)[: limit - done]):
            done += _close(kind, pk)
        for pk in list(_changed(kind)[: limit - done]):
            done += _follow(kind, pk)
    return done


def _without_case(kind: CaseKind) -> QuerySet[Any, str]:
    """Rows that run and nobody looks after. A case that an officer closed stays closed."""
    kept = Case.objects.filter(kind=kind.code, subject=OuterRef("public_id"))
    rows = kind.running().exclude(Exists(kept.filter(ended_with_subject=False)))
    return rows.order_by("pk").values_list("public_id", flat=True)


def _ended(kind: CaseKind) -> QuerySet[Any, int]:
    running = kind.running().filter(public_id=OuterRef("subject"))
    gone = Case.objects.open().filter(kind=kind.code).exclude(Exists(running))
    return gone.order_by("pk").values_list("pk", flat=True)


def _changed(kind: CaseKind) -> QuerySet[Any, int]:
    current = kind.rows().filter(public_id=OuterRef("subject")).order_by()
    behind = (
        Case.objects.open()
        .filter(kind=kind.code)
        .alias(current=Subquery(current.values("content_version")[:1]))
        .filter(subject_version__lt=F("current"))
    )
    return behind.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _open(kind: CaseKind, subject: str) -> int:
    row = kind.running().filter(public_id=subject).first()
    if row is None:  # ended since it was found
        return 0
    now = clock.now()
    first = clock.today() + timedelta(days=terms_on(clock.today()).first_action_days)
    Case.objects.bulk_create(
        [
            Case(
                kind=kind.code, subject=subject, opened_at=now, touched_at=now, next_action_on=first
            )
        ],
        ignore_conflicts=True,
    )
    case = Case.objects.select_for_update(of=("self",)).get(kind=kind.code, subject=subject)
    if case.state == CaseState.CLOSED:
        if not case.ended_with_subject:
            return 0
        case.next_action_on = first
        case.save(update_fields=["next_action_on"])
        services.reopen_with_subject(case)
    elif case.entries.exists():  # another stage opened it meanwhile
        return 0
    else:
        CaseEntry.objects.create(case=case, kind=EntryKind.OPENED, at=now)
    _write(kind, case, row)
    if case.officer is None and (officer := officer_by_rule(case)) is not None:
        services.assign(case, officer)
    audit.record("case.opened", f"case:{case.public_id}", by=STAGE, of=f"{kind.code}:{subject}")
    return 1


@transaction.atomic
def _close(kind: CaseKind, pk: int) -> int:
    case = Case.objects.open().select_for_update(of=("self",)).filter(pk=pk).first()
    if case is None or kind.running().filter(public_id=case.subject).exists():
        return 0
    case.state, case.closed_at, case.ended_with_subject = CaseState.CLOSED, clock.now(), True
    case.next_action, case.next_action_on = "", None
    case.save(
        update_fields=["state", "closed_at", "ended_with_subject", "next_action", "next_action_on"]
    )
    CaseEntry.objects.create(case=case, kind=EntryKind.CLOSED, at=clock.now())
    audit.record("case.ended", f"case:{case.public_id}", by=STAGE)
    return 1


@transaction.atomic
def _follow(kind: CaseKind, pk: int) -> int:
    case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
    row = kind.rows().filter(public_id=case.subject).first()
    if row is None or row.content_version <= case.subject_version:
        return 0
    _write(kind, case, row)
    return 1


def _write(kind: CaseKind, case: Case, row: Any) -> None:
    facts = kind.facts_of(row)
    case.title = facts.title[:250]
    case.organization_id = facts.organization_id
    case.province_code = facts.province_code
    case.field_codes = facts.field_codes
    case.subject_version = row.content_version
    case.save(
        update_fields=["title", "organization", "province_code", "field_codes", "subject_version"]
    )
