"""Compares the search index with the rows, names what differs, and repairs it."""

import json as json_format
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.progress import ProgressLine
from search.checking import DRIFT_KINDS, Drift, check_index
from search.engines import SearchUnavailable
from search.engines.base import BuilderBusy
from search.labels import drift_label


class Command(BaseCommand):
    help = (
        "Compares the search index with the rows by id and version. Ends with an error where "
        "something differs; with --repair, where something still does after the repair."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="mark what is wrong and sync it")
        parser.add_argument("--json", action="store_true", help="print nothing but a JSON line")

    def handle(self, *args: Any, repair: bool, json: bool, verbosity: int, **options: Any) -> None:
        is_quiet = json or verbosity == 0
        line = ProgressLine(self.stderr, _("đối chiếu"), is_quiet=is_quiet)
        try:
            drift = check_index(repair=repair, on_progress=line.at)
        except BuilderBusy as error:
            raise CommandError(
                _("Một tiến trình khác đang đối chiếu hoặc dựng lại chỉ mục.")
            ) from error
        except SearchUnavailable as error:
            raise CommandError(
                _("Không đối chiếu được, chỉ mục không dùng được: %(reason)s") % {"reason": error}
            ) from error
        line.finish()
        if json:
            self.stdout.write(json_format.dumps(drift.as_json(), ensure_ascii=False))
        elif not is_quiet:
            self._tell(drift)
        if drift:
            total = sum(drift.counts.values())
            raise CommandError(_("Còn %(count)s mục sai lệch.") % {"count": total}, returncode=3)

    def _tell(self, drift: Drift) -> None:
        self.stdout.write(
            _("Đã đối chiếu %(checked)s hàng, %(waiting)s hàng đang chờ lập chỉ mục.")
            % {"checked": drift.checked, "waiting": drift.waiting}
        )
        if drift.repaired:
            self.stdout.write(_("Đã sửa %(count)s mục.") % {"count": drift.repaired})
        for kind in DRIFT_KINDS:
            if drift.counts[kind]:
                shown = ", ".join(drift.examples.get(kind, ()))
                self.stdout.write(f"{drift_label(kind)}: {drift.counts[kind]} ({shown})")
