"""Loads crosswalks between two editions: those that come with the exchange, or official ones."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.taxonomy.crosswalks import (
    SHIPPED,
    CrosswalkData,
    LoadedPairs,
    Pair,
    load_crosswalk,
    read_pairs,
    read_tables,
)
from marketplace.taxonomy.shipped import VocabularyFileError


class Command(BaseCommand):
    help = (
        "Nạp bảng chuyển đổi mã: không có tệp thì nạp các bảng kèm theo sàn; .json là danh sách bảng "
        "(như crosswalks.json), .tsv là các cặp mã của một bảng (cột from, to, relation, note). "
        "Sai một dòng thì không nạp gì; chạy lại không làm gì thừa."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--from", dest="from_vocabulary", help="bảng mã nguồn của tệp .tsv")
        parser.add_argument("--to", dest="to_vocabulary", help="bảng mã đích của tệp .tsv")
        parser.add_argument("--source", default="", help="nguồn của tệp .tsv, hiện trên trang")
        parser.add_argument("--legal-basis", default="", help="căn cứ pháp lý của tệp .tsv")
        parser.add_argument(
            "--status", choices=["official", "unverified", "own"], default="unverified"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        try:
            # Everything is read and checked before the first row is written.
            jobs = [job for file in files or [SHIPPED] for job in self._read(file, options)]
            with transaction.atomic():
                loaded = [
                    load_crosswalk(data, pairs=pairs, shipped=not files) for data, pairs in jobs
                ]
        except VocabularyFileError as error:
            raise CommandError(str(error)) from error
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        except OSError as error:
            raise CommandError(
                _("không đọc được %(file)s: %(reason)s")
                % {"file": error.filename, "reason": error.strerror}
            ) from error
        for one in loaded:
            self._report(one)

    def _read(self, file: Path, options: dict[str, Any]) -> list[tuple[CrosswalkData, list[Pair]]]:
        if file.suffix == ".json":
            return [(data, read_pairs(data.path)) for data in read_tables(file) if data.path]
        left, right = options["from_vocabulary"], options["to_vocabulary"]
        if not left or not right:
            raise CommandError(_("tệp .tsv cần --from và --to"))
        data = CrosswalkData(
            code=f"{left}-to-{right}",
            from_vocabulary=left,
            to_vocabulary=right,
            label_vi=f"{left} → {right}",
            source=options["source"] or file.name,
            legal_basis=options["legal_basis"],
            status=options["status"],
        )
        return [(data, read_pairs(file))]

    def _report(self, loaded: LoadedPairs) -> None:
        self.stdout.write(
            _("%(code)s: thêm %(added)d, sửa %(updated)d, bỏ %(removed)d, giữ nguyên %(unchanged)d")
            % {
                "code": loaded.code,
                "added": loaded.added,
                "updated": loaded.updated,
                "removed": loaded.removed,
                "unchanged": loaded.unchanged,
            }
        )
