"""`backup FILE`: the database, uploaded files and the secret key in one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.backup import BackupProblem, write_backup


class Command(BaseCommand):
    help = (
        "Writes the database, uploaded files and the secret key into one archive (.tar.gz), while "
        "the exchange is running. The search index is left out: it is built anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="replace a file of that name")

    def handle(self, *args: Any, file: Path, overwrite: bool, **options: Any) -> None:
        if file.exists() and not overwrite:
            raise CommandError(_("Đã có tệp %(path)s.") % {"path": file})
        try:
            manifest = write_backup(file, tell=self.stderr.write)
        except BackupProblem as problem:
            raise CommandError(str(problem.message)) from problem
        self.stdout.write(
            _("Đã sao lưu vào %(path)s (%(files)s tệp tải lên, %(size)s byte).")
            % {"path": file, "files": manifest.files, "size": file.stat().st_size}
        )
