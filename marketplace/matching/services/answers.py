"""What the need's owner answers to a match."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.matching.models import Match
from marketplace.taxonomy.models import Term


@transaction.atomic
def pass_on(match: Match, *, by: User, reason: str, note: str = "") -> None:
    """The need's owner finds a match unfit, and says why; it stays in the list, folded."""
    if reason not in dict(pass_reasons()):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    Match.objects.filter(pk=match.pk, passed_at=None).update(
        passed_at=clock.now(), passed_reason=reason, passed_note=note[:300]
    )


@transaction.atomic
def take_back_pass(match: Match, *, by: User) -> None:
    Match.objects.filter(pk=match.pk).update(passed_at=None, passed_reason="", passed_note="")


def record_opened(match: Match) -> None:
    """The need's owner looked at the candidate from the match; the first time counts."""
    Match.objects.filter(pk=match.pk, opened_at=None).update(opened_at=clock.now())


def pass_reasons() -> list[tuple[str, str]]:
    return [(term.code, term.label) for term in Term.objects.in_vocabulary("pass-reasons")]
