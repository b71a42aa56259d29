"""What becomes of the words of calls and visits: cleared when their time is over, or with the account."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from marketplace.cases.models import Case, CaseEntry, CaseState
from marketplace.cases.terms import terms_on
from marketplace.core import audit, clock
from marketplace.core.personal_data import register_closing

_BATCH: Final = 200


@transaction.atomic
def forget_batch() -> int:
    """Clears the words of cases that were closed so long ago that nobody needs them."""
    before = clock.now() - timedelta(days=terms_on(clock.today()).keep_notes_days)
    due = CaseEntry.objects.filter(
        case__state=CaseState.CLOSED, case__closed_at__lt=before, forgotten_at=None
    ).exclude(text="", spoke_with=None)
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    return _clear(CaseEntry.objects.filter(pk__in=keys))


def leave_cases(user: Any) -> None:
    """With a closed account goes what was said with the person; what they looked after waits for another."""
    cleared = _clear(CaseEntry.objects.filter(spoke_with=user))
    left = Case.objects.of(user).update(officer=None)
    if cleared or left:
        audit.record("case.person_left", "case", by="privacy.close", cleared=cleared, left=left)


def _clear(entries: Any) -> int:
    cleared: int = entries.update(text="", spoke_with=None, forgotten_at=clock.now())
    return cleared


def register_personal_data() -> None:
    register_closing("cases.notes", leave_cases)
