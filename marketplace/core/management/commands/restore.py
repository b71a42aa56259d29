"""`restore FILE`: puts an archive of `backup` back, migrates it and builds the index."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.backup import BackupProblem, has_data, restore_backup


class Command(BaseCommand):
    help = (
        "Restores an archive written by `backup`: database, uploaded files, secret key; then "
        "migrates an older database and builds the search index. Stop the exchange first."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--force", action="store_true", help="also where the database holds data, which is lost"
        )

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        if has_data() and not force:
            raise CommandError(
                _("Cơ sở dữ liệu đang có dữ liệu. Thêm --force nếu muốn thay bằng bản sao lưu.")
            )
        try:
            manifest = restore_backup(file, tell=self.stderr.write)
        except BackupProblem as problem:
            raise CommandError(str(problem.message)) from problem
        call_command("migrate", interactive=False, verbosity=0)
        call_command("search_rebuild", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(
            _("Đã phục hồi bản sao lưu lúc %(made_at)s (%(files)s tệp tải lên).")
            % {"made_at": manifest.made_at, "files": manifest.files}
        )
