"""Values that lost letters on their way here, and whether somebody has mended them since."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from marketplace.sources.models import Correction, Fault, RawRecord


def damaged_texts(*, run: int | None = None) -> QuerySet[Fault]:
    """Damaged values with `is_corrected`, the newest first; of one run, or of all, each value once.

    A damaged record is read again at each run and said again, so the last one that said it stands for
    all. A version that came in later and is not said to be damaged has replaced the value. Rows of
    before records were noted cannot be followed and stay open.
    """
    again = Fault.objects.damaged().filter(
        run__source=OuterRef("run__source"),
        source_id=OuterRef("source_id"),
        field=OuterRef("field"),
        column=OuterRef("column"),
        run__gt=OuterRef("run"),
    )
    corrected = Correction.objects.standing().filter(
        Q(result__source=OuterRef("run__source"), result__source_id=OuterRef("source_id"))
        | Q(task__source=OuterRef("run__source"), task__source_id=OuterRef("source_id")),
        field=OuterRef("field"),
    )
    replaced = RawRecord.objects.filter(
        source__slug=OuterRef("run__source"),
        identifier=OuterRef("source_id"),
        run__gt=OuterRef("run"),
        undo_outcome="",
    )
    found = Fault.objects.damaged().annotate(
        source=F("run__source"),
        is_again=~Q(source_id="") & Exists(again),
        is_corrected=~Q(source_id="") & (Exists(corrected) | (Exists(replaced) & ~Exists(again))),
    )
    found = found.filter(is_again=False) if run is None else found.filter(run=run)
    return found.select_related("run__source").order_by("-run", "pk")
