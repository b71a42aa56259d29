"""Who sees the results of a source follows what its row says."""

from django.db import transaction

from marketplace.core import clock
from marketplace.research.models import Result
from marketplace.sources.models import Source
from marketplace.sources.visibility import NOT_PUBLIC, SANDBOX, hidden_because


@transaction.atomic
def hide_or_show(source: Source) -> int:
    """Brings the source's rows to what its sharing level says; returns how many changed.

    What staff withdrew, what the source deleted and what was undone stays as it is.
    """
    hidden = hidden_because(source)
    rows = Result.objects.filter(source=source.slug)
    by_level = rows.filter(withdrawal_reason__in=(SANDBOX, NOT_PUBLIC))
    if hidden:
        return by_level.exclude(withdrawal_reason=hidden).update_content(
            withdrawal_reason=hidden
        ) + rows.filter(withdrawn_at=None).update_content(
            withdrawn_at=clock.now(), withdrawal_reason=hidden
        )
    return by_level.update_content(withdrawn_at=None, withdrawal_reason="")
