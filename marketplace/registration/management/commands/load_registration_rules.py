"""Loads the rules of registration that come with the exchange, or editions from files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.registration.rules import RuleFileError, read_books
from marketplace.registration.services import load_rule_books


class Command(BaseCommand):
    help = (
        "Nạp quy định đăng ký kết quả kèm theo sàn; hoặc các ấn bản trong tệp .json. "
        "Chạy lại không làm gì thừa."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # Everything is read and checked before the first row is written.
            books = [book for file in options["files"] for book in read_books(file)]
        except (RuleFileError, OSError) as error:
            raise CommandError(str(error)) from error
        changed = load_rule_books(books if options["files"] else None)
        self.stdout.write(
            _("quy định đăng ký: thêm hoặc sửa %(changed)d ấn bản") % {"changed": changed}
        )
