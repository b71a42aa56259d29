"""Rebuilds and checks that staff ask for: a row says what is to do, a tick does it."""

from typing import Any, Final

from django.db import transaction

from marketplace.core import audit
from marketplace.core.ticks import kick
from search.checking import check_index
from search.engines import get_engine
from search.models import IndexRun
from search.rebuilding import advance_rebuild

Kind = IndexRun.Kind
State = IndexRun.State
#: A tick that works longer without an end looks stuck to the health check.
SLICE_SECONDS: Final = 20.0


@transaction.atomic
def ask_for(kind: str, *, by: Any) -> IndexRun:
    """Asks for a run, once: one that waits or is under way is the answer to a second click."""
    run, made = IndexRun.objects.get_or_create(kind=Kind(kind), finished_at=None)
    if not made and run.state == State.FAILED:
        run.state, run.error = State.ASKED, ""
        run.save(update_fields=["state", "error"])
        made = True
    if made:
        audit.record(f"search.{run.kind}_asked", f"index_run:{run.pk}", by=by)
        kick("search.keep")
    return run


def run_asked() -> int:
    """Does one run that was asked for, or that was killed on its way, a rebuild for a while only;
    0 where there is none.

    Raises:
        BuilderBusy: it is under way in another process.
    """
    waiting = IndexRun.objects.filter(state__in=[State.ASKED, State.RUNNING, State.SWAPPING])
    run = waiting.order_by("pk").first()
    if run is None:
        return 0
    if run.kind == Kind.REBUILD:
        if advance_rebuild(get_engine(), seconds=SLICE_SECONDS) is None:
            kick("search.keep")
    else:
        check_index(repair=run.kind == Kind.REPAIR)
    return 1
