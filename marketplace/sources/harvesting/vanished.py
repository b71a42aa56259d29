"""Records that a server lists no more without saying so (`deletedRecord` no or transient).

Only a listing of everything that came to its end without a fault is compared with. Few that are gone
are taken off by the tick, under a run of their own that can be undone; more than is plausible waits
for a person.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.ticks import kick
from marketplace.sources.imports.incoming import Arrival, Deleted, Incoming, Unreadable
from marketplace.sources.models import Listed, RawRecord, Run, Source, SourceKind, Vanishing
from marketplace.sources.registers import REGISTERS
from marketplace.sources.services.entrance import bring_in
from marketplace.sources.services.runs import begin_run
from marketplace.sources.visibility import DELETED, SET_BY_SOURCES, UNDONE, VANISHED

State = Vanishing.State
#: The stage's name, by which it is kicked.
STAGE: Final = "sources.vanished"


class Listing:
    """The ids that pass by on a page."""

    def __init__(self) -> None:
        self.identifiers: set[str] = set()
        #: Records of which nobody can say which they are: then nothing can be said to be missing.
        self.nameless = 0

    def noting(self, arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
        for arrival in arrivals:
            if isinstance(arrival, Incoming | Unreadable):
                if arrival.source_id:
                    self.identifiers.add(arrival.source_id)
                else:
                    self.nameless += 1
            yield arrival

    def keep(self, run: Run) -> None:
        Listed.objects.bulk_create(
            (Listed(run=run, identifier=one[:120]) for one in sorted(self.identifiers)),
            ignore_conflicts=True,
            batch_size=500,
        )


@transaction.atomic
def compare(source: Source, listing: Run, *, most_percent: float) -> Vanishing | None:
    """What the complete listing does not have and we show; None where nothing is missing.

    What was compared before and not decided is replaced; what somebody kept is not asked again until
    the source has listed it meanwhile.
    """
    Vanishing.objects.waiting().filter(source=source).update(state=State.REPLACED)
    listed = Listed.objects.filter(run=listing).values("identifier")
    total, missing = 0, set()
    for register in REGISTERS.values():
        rows = register.rows(source.slug).exclude(withdrawal_reason__in=(DELETED, VANISHED, UNDONE))
        # What staff took down stays as it is, and is no part of what the source could lose.
        shown = rows.filter(withdrawn_at=None) | rows.filter(withdrawal_reason__in=SET_BY_SOURCES)
        total += shown.count()
        gone = shown.exclude(source_id__in=listed).filter(imported_at__lt=listing.started_at)
        missing |= set(gone.values_list("source_id", flat=True))
    missing -= _kept(source, missing)
    Listed.objects.filter(run=listing).delete()
    if not missing:
        return None
    plausible = 100 * len(missing) <= most_percent * total
    found = Vanishing.objects.create(
        source=source,
        listing=listing,
        identifiers=sorted(missing),
        count=len(missing),
        total=total,
        state=State.ACCEPTED if plausible else State.WAITING,
        found_at=clock.now(),
        decided_at=clock.now() if plausible else None,
    )
    audit.record(
        "source.records_vanished", f"source:{source.pk}", by=STAGE, count=len(missing), total=total
    )
    if plausible:
        kick(STAGE)
    return found


def _kept(source: Source, missing: set[str]) -> set[str]:
    """What somebody said is to stay although it is not listed: by a decision, or by undoing."""
    undone = Vanishing.objects.filter(
        source=source, state=State.DONE, run__undo_asked_at__isnull=False
    )
    undone.update(state=State.KEPT)
    kept: set[str] = set()
    for one in Vanishing.objects.filter(source=source, state=State.KEPT).order_by("pk"):
        still = [identifier for identifier in one.identifiers if identifier in missing]
        if still != one.identifiers:
            # The others are listed again: should they vanish once more, that is news.
            one.identifiers = still
            one.save(update_fields=["identifiers"])
        kept |= set(still)
    return kept


@transaction.atomic
def accept_vanished(vanishing: Vanishing, *, by: Any, reason: str = "") -> None:
    """Somebody says that the source has no such records any more; the tick takes them off.

    Raises InvalidTransition where it was decided, or replaced by a later comparison.
    """
    _decide(vanishing, State.ACCEPTED, by=by, reason=reason)
    kick(STAGE)


@transaction.atomic
def keep_vanished(vanishing: Vanishing, *, by: Any, reason: str = "") -> None:
    """Somebody says that the records stay."""
    _decide(vanishing, State.KEPT, by=by, reason=reason)


def _decide(vanishing: Vanishing, state: str, *, by: Any, reason: str) -> None:
    moved = Vanishing.objects.waiting().filter(pk=vanishing.pk)
    reason = " ".join(reason.split())[:300]
    if not moved.update(state=state, decided_at=clock.now(), decided_by=by, reason=reason):
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    vanishing.refresh_from_db()
    audit.record(
        f"source.vanished_{state}", f"source:{vanishing.source_id}", by=by, count=vanishing.count
    )


def take_off_batch() -> int:
    """Takes off what was accepted; the stage of `sources.vanished`.

    Killed anywhere, the next round goes on under the same run: what is off already stays as it is.
    """
    vanishing = Vanishing.objects.accepted().select_related("source", "run").first()
    if vanishing is None:
        return 0
    run = vanishing.run
    if run is None:
        with transaction.atomic():
            run = begin_run(
                vanishing.source,
                kind=SourceKind.HARVEST,
                file_name=_("Đối chiếu: bản ghi không còn ở nguồn"),
            )
            Vanishing.objects.filter(pk=vanishing.pk).update(run=run)
    # What its source has sent again since it was missed is not missing.
    again = set(
        RawRecord.objects.filter(source=vanishing.source, run__gt=vanishing.listing_id)
        .exclude(run=run)
        .filter(identifier__in=vanishing.identifiers)
        .values_list("identifier", flat=True)
    )
    going = [one for one in vanishing.identifiers if one not in again]
    bring_in(
        (Deleted(line, identifier) for line, identifier in enumerate(going, 1)),
        source=vanishing.source,
        run=run,
        deleted_because=VANISHED,
    )
    Vanishing.objects.filter(pk=vanishing.pk).update(state=State.DONE)
    kick("search.sync")
    return 1
