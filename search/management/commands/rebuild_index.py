"""Builds the search index anew from all rows; the old one answers until the new one is whole."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.engines import SearchUnavailable
from search.sync import rebuild_index, sync_all


class Command(BaseCommand):
    help = (
        "Builds the search index anew from all rows and swaps it in. The site keeps answering "
        "from the old index meanwhile."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            count = rebuild_index(on_progress=self._tell)
            sync_all()
        except SearchUnavailable as error:
            raise CommandError(
                _("Không dựng được chỉ mục tìm kiếm: %(reason)s") % {"reason": error}
            ) from error
        self.stdout.write(
            _("Đã lập chỉ mục %(count)s mục trong %(seconds)s giây.")
            % {"count": count, "seconds": f"{time.monotonic() - started:.1f}"}
        )

    def _tell(self, total: int) -> None:
        self.stderr.write(_("%(count)s mục …") % {"count": total})
