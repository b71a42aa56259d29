"""Waiting until what was brought in can be found, with or without a worker running."""

import time
from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.ticks import run_stage
from search.engines.base import SearchUnavailable
from search.sync import stale_count, sync_batch

_BATCH: Final = 2000
#: Longer than the lease of a worker that was killed in the middle of the same stage.
_PATIENCE_SECONDS: Final = 180


class NotSearchable(DomainError):
    """The records are kept, but the index does not take them now."""


def make_searchable(*, on_progress: Callable[[int], None] | None = None) -> int:
    """Runs the stage of the search tick until nothing is left to index; returns the rows it did.

    Where a worker runs that stage already it is waited for.
    """
    done, moved_at, left = 0, time.monotonic(), stale_count()

    def stage() -> int:
        count = sync_batch(_BATCH)
        if on_progress and count:
            on_progress(count)
        return count

    while left:
        try:
            done += run_stage("search.sync", stage, batches=20)
        except SearchUnavailable as error:
            raise NotSearchable(
                _("Dữ liệu đã lưu nhưng chỉ mục tìm kiếm chưa sẵn sàng. Hãy chạy search_rebuild.")
            ) from error
        now_left = stale_count()
        if now_left < left:
            moved_at = time.monotonic()
        elif time.monotonic() - moved_at > _PATIENCE_SECONDS:
            raise NotSearchable(
                _("Dữ liệu đã lưu nhưng còn %(count)s bản ghi chưa lập được chỉ mục.")
                % {"count": now_left}
            )
        else:
            time.sleep(0.2)
        left = now_left
    return done
