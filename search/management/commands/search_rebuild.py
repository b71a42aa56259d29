"""Builds the search index anew from all rows; the old one answers until the new one is whole."""

import json as json_format
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.progress import ProgressLine
from search.engines import SearchUnavailable
from search.engines.base import BuilderBusy
from search.models import note_problem
from search.rebuilding import rebuild_index
from search.sync import stale_count, sync_all


class Command(BaseCommand):
    help = (
        "Builds the search index anew from all rows and swaps it in. The site keeps answering "
        "from the old index meanwhile, and changes go on. Killed, it goes on where it stood when "
        "it is run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--afresh", action="store_true", help="drop what a killed rebuild has done"
        )
        parser.add_argument("--json", action="store_true", help="print nothing but a JSON line")

    def handle(self, *args: Any, afresh: bool, json: bool, verbosity: int, **options: Any) -> None:
        started = time.monotonic()
        is_quiet = json or verbosity == 0
        line = ProgressLine(self.stderr, _("dựng chỉ mục"), is_quiet=is_quiet)
        try:
            count = rebuild_index(resume=not afresh, on_progress=line.at)
            line.finish()
            sync_all()
        except BuilderBusy as error:
            raise CommandError(_("Một tiến trình khác đang dựng lại chỉ mục.")) from error
        except SearchUnavailable as error:
            note_problem("rebuild", str(error))
            raise CommandError(
                _("Không dựng được chỉ mục tìm kiếm: %(reason)s") % {"reason": error}
            ) from error
        seconds = time.monotonic() - started
        if json:
            answer = {"documents": count, "seconds": round(seconds, 1), "waiting": stale_count()}
            self.stdout.write(json_format.dumps(answer))
        elif not is_quiet:
            self.stdout.write(
                _("Đã lập chỉ mục %(count)s mục trong %(seconds)s giây.")
                % {"count": count, "seconds": f"{seconds:.1f}"}
            )
