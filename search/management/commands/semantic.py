"""The optional semantic part: makes its model ready, says how far it is, and reads what waits."""

import json as json_format
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.progress import ProgressLine
from marketplace.core.ticks import run_stage
from search.semantic import get_encoder, is_installed
from search.semantic.embedding import embed_batch, embedded_share


class Command(BaseCommand):
    help = (
        "Makes the model of the optional semantic part ready (converted once, checked by checksum) and says "
        "how many public rows have been read by it. With --embed reads all that wait now; the tick "
        "search.embed does the same in the background."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--embed", action="store_true", help="read what waits, until nothing does"
        )
        parser.add_argument("--json", action="store_true", help="print nothing but a JSON line")

    def handle(self, *args: Any, embed: bool, json: bool, verbosity: int, **options: Any) -> None:
        if not is_installed():
            raise CommandError(
                _("Phần hiểu nghĩa chưa được cài: chạy make install EXTRA=semantic.")
            )
        encoder = get_encoder()
        if encoder is None:
            raise CommandError(_("Mô hình không dùng được; nhật ký ghi rõ lý do."))
        if embed:
            self._embed(is_quiet=json or verbosity == 0)
        done, public = embedded_share() or (0, 0)
        if json:
            line = {"model": encoder.name, "embedded": done, "public": public}
            self.stdout.write(json_format.dumps(line))
            return
        self.stdout.write(
            _("Mô hình %(model)s: đã đọc %(done)s trong %(public)s mục công khai.")
            % {"model": encoder.name, "done": done, "public": public}
        )

    def _embed(self, *, is_quiet: bool) -> None:
        line = ProgressLine(self.stderr, _("đọc nghĩa"), is_quiet=is_quiet)
        done = 0

        def stage() -> int:
            nonlocal done
            count = embed_batch()
            done += count
            line.at(done)
            return count

        run_stage("search.embed", stage, seconds=120, batches=1_000_000)
        line.finish()
