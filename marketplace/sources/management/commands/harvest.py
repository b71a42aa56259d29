"""Harvests a source over OAI-PMH, from where the last harvest ended."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.sources.harvesting.due import harvest
from marketplace.sources.harvesting.progress import Progress
from marketplace.sources.models import Source, SourceKind
from marketplace.sources.services.summary import ImportSummary


class Command(BaseCommand):
    help = (
        "Harvests a source over OAI-PMH. It goes on where an interrupted harvest stopped, else asks "
        "for what changed since the last one. Ended at any moment, it can be started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="slug of the source")
        parser.add_argument("--full", action="store_true", help="ask for everything again")
        parser.add_argument("--pages", type=int, help="stop after so many pages")

    def handle(
        self, *args: Any, source: str, full: bool, pages: int | None, verbosity: int, **options: Any
    ) -> None:
        row = Source.objects.filter(slug=source, kind=SourceKind.HARVEST).first()
        if row is None or not row.address:
            raise CommandError(_("Không có nguồn OAI-PMH nào mang mã này, hoặc chưa có địa chỉ."))
        self.is_quiet = verbosity == 0
        try:
            summary = harvest(row, pages=pages, is_full=full, on_page=self._tell)
        except DomainError as problem:
            raise CommandError(str(problem.message)) from problem
        if summary is None:
            raise CommandError(_("Nguồn này đang được đọc ở nơi khác."))
        self._tell(summary)
        row.refresh_from_db()
        if summary.problem:
            raise CommandError(summary.problem)
        if Progress.of(row).walk is not None:
            self.stderr.write(_("Chưa hết danh sách: chạy lại lệnh này để đọc tiếp."))

    def _tell(self, summary: ImportSummary) -> None:
        if not self.is_quiet:
            self.stdout.write(
                _(
                    "đọc %(read)s, thêm %(created)s, cập nhật %(updated)s, không đổi %(unchanged)s, "
                    "gỡ %(deleted)s, từ chối %(refused)s"
                )
                % {
                    "read": summary.read,
                    "created": summary.created,
                    "updated": summary.updated,
                    "unchanged": summary.unchanged,
                    "deleted": summary.deleted,
                    "refused": summary.refused,
                }
            )
