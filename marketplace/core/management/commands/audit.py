"""`audit check`, `audit export`: the append-only log read from outside of the pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from marketplace.core.audit import guard
from marketplace.core.audit.checking import check_chain, kept_lines, text_of, texts_of
from marketplace.core.models import AuditArchive


class Command(BaseCommand):
    help = (
        "check: makes the seal of every line of the log again and says where the chain breaks. "
        "export: writes the sealed lines as JSON, one a line, to standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check")
        check.add_argument("--archives", action="store_true", help="read the years in files too")
        check.add_argument(
            "--expect", metavar="NUMBER:SEAL",
            help="what an earlier check printed: the chain must still hold that line",
        )  # fmt: skip
        export = acts.add_parser("export")
        export.add_argument("--year", type=int, help="one year that lies in an archive")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "check":
            self.check_log(options["archives"], options["expect"])
        else:
            self.export(options["year"])

    def check_log(self, archives: bool, expect: str | None) -> None:
        found = check_chain(with_archives=archives, expect=_line_and_seal(expect))
        if not found.holds:
            raise CommandError(
                _("Chuỗi nhật ký đứt tại dòng %(line)s. %(file)s")
                % {"line": found.broken_at, "file": found.broken_file}
            )
        self.stdout.write(
            _("Đã kiểm tra %(lines)s dòng nhật ký, chuỗi còn nguyên. Dòng cuối: %(head)s")
            % {"lines": found.lines, "head": f"{found.sequence}:{found.seal}"}
        )
        if not guard.is_installed(connection):
            self.stderr.write(
                _("Cơ sở dữ liệu chưa tự chặn việc sửa, xóa nhật ký: hãy chạy manage.py migrate.")
            )

    def export(self, year: int | None) -> None:
        archives = AuditArchive.objects.order_by("first_sequence")
        for archive in archives.filter(year=year) if year else archives:
            for text in texts_of(archive):
                self.stdout.write(text)
        if not year:
            last = archives.last()
            for line in kept_lines(after=last.last_sequence if last else 0):
                self.stdout.write(text_of(line))


def _line_and_seal(text: str | None) -> tuple[int, str] | None:
    if not text:
        return None
    number, _colon, seal = text.partition(":")
    if not number.isdigit() or not seal:
        raise CommandError(_("Ghi --expect theo mẫu SỐ:DẤU như lần kiểm tra trước đã in."))
    return int(number), seal
