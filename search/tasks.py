"""The clock of the index."""

import structlog
from celery import shared_task

from marketplace.core.ticks import run_stage, tick
from search.engines import SearchUnavailable
from search.engines.base import BuilderBusy
from search.models import note_problem
from search.runs import run_asked
from search.semantic.embedding import embed_batch
from search.sync import sync_batch

logger = structlog.get_logger(__name__)


def _sync() -> int:
    try:
        return sync_batch()
    except SearchUnavailable as error:
        logger.warning("search is out of reach", reason=str(error))
        note_problem("sync", str(error))
        return 0
    except Exception as error:
        note_problem("sync", f"{type(error).__name__}: {error}")
        raise


def _keep() -> int:
    try:
        return run_asked()
    except BuilderBusy:
        return 0  # the process that is at it brings it to its end
    except SearchUnavailable as error:
        note_problem("keep", str(error))
        return 0


sync = tick("search.sync", _sync)


@shared_task(name="search.keep", ignore_result=True)
def keep() -> int:
    """One piece a tick, so that a long rebuild does not look like a stage that is stuck."""
    return run_stage("search.keep", _keep, batches=1)


@shared_task(name="search.embed", ignore_result=True)
def embed() -> int:
    """A few batches a tick: of a long import the other stages have their turn in between."""
    return run_stage("search.embed", embed_batch, seconds=120, batches=8)
