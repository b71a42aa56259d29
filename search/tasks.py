"""The clock of the index."""

import structlog

from marketplace.core.ticks import tick
from search.engines import SearchUnavailable
from search.sync import sync_batch

logger = structlog.get_logger(__name__)


def _sync() -> int:
    try:
        return sync_batch()
    except SearchUnavailable as error:
        logger.warning("search is out of reach", reason=str(error))
        return 0


sync = tick("search.sync", _sync)
