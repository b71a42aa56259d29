"""Loads the vocabularies that come with the exchange, or official tables from files."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.taxonomy.clocks import load_calendar
from marketplace.taxonomy.crosswalks import (
    SHIPPED,
    CrosswalkRefused,
    load_crosswalk,
    read_pairs,
    read_tables,
)
from marketplace.taxonomy.models import Vocabulary
from marketplace.taxonomy.services import Loaded, load_vocabulary
from marketplace.taxonomy.shipped import (
    MANIFEST,
    TermData,
    VocabularyData,
    VocabularyFileError,
    read_manifest,
    read_terms,
    shipped_vocabularies,
)
from marketplace.taxonomy.term_pairs import load_term_pairs, shipped_lines
from marketplace.taxonomy.words import LoadedWords, load_words
from search.analysis.abbreviations import shipped


class Command(BaseCommand):
    help = (
        "Nạp các bảng mã kèm theo sàn; hoặc nạp từng tệp: .json là danh sách bảng mã (như "
        "vocabularies.json), .tsv là các mục của một bảng mã. Chạy lại không làm gì thừa."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--vocabulary", help="mã của bảng mã trong tệp .tsv (mặc định: tên tệp)"
        )
        parser.add_argument(
            "--status",
            choices=["official", "unverified", "own"],
            default="unverified",
            help="tình trạng của bảng mã nạp từ tệp .tsv (mặc định: unverified)",
        )
        parser.add_argument(
            "--source", default="", help="nguồn của tệp .tsv, hiện trên trang danh mục"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        if options["vocabulary"] and (len(files) != 1 or files[0].suffix == ".json"):
            raise CommandError(_("--vocabulary đi cùng đúng một tệp .tsv"))
        try:
            # Everything is read and checked before the first row is written.
            jobs = [job for file in files or [MANIFEST] for job in self._read(file, options)]
        except VocabularyFileError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                _("không đọc được %(file)s: %(reason)s")
                % {"file": error.filename, "reason": error.strerror}
            ) from error
        for data, terms, position in jobs:
            loaded = load_vocabulary(data, terms=terms, shipped=not files, position=position)
            self._report(loaded, data)
        if not files:
            self.stdout.write(
                _("lịch nghỉ: thêm hoặc sửa %(changed)d ngày") % {"changed": load_calendar()}
            )
            self._load_crosswalks()
            self._report_words(_("từ tìm kiếm"), load_words(shipped()))
            self._report_words(_("thuật ngữ Việt – Anh"), load_term_pairs(shipped_lines()))

    def _report_words(self, name: str, loaded: LoadedWords) -> None:
        self.stdout.write(
            _(
                "%(name)s: thêm %(added)d, sửa %(updated)d, thôi dùng %(closed)d, giữ nguyên %(unchanged)d"
            )
            % {
                "name": name,
                "added": loaded.added,
                "updated": loaded.updated,
                "closed": loaded.closed,
                "unchanged": loaded.unchanged,
            }
        )

    def _load_crosswalks(self) -> None:
        for data in read_tables(SHIPPED):
            assert data.path is not None
            try:
                load_crosswalk(data, pairs=read_pairs(data.path), shipped=True)
            except CrosswalkRefused as refused:
                # An official vocabulary loaded since may lack a code of ours; it is right, not we.
                self.stderr.write(f"{data.code}: {refused.message}")

    def _read(
        self, file: Path, options: dict[str, Any]
    ) -> list[tuple[VocabularyData, list[TermData], int | None]]:
        if file.suffix == ".json":
            return [
                (data, read_terms(data.path) if data.path else [], place)
                for place, data in enumerate(read_manifest(file), start=1)
            ]
        terms = read_terms(file)
        code = options["vocabulary"] or file.stem
        data = replace(
            self._known(code, file),
            status=options["status"],
            source=options["source"] or file.name,
        )
        return [(data, terms, None)]

    def _known(self, code: str, file: Path) -> VocabularyData:
        if row := Vocabulary.objects.filter(code=code).first():
            return VocabularyData(
                code=row.code,
                scheme=row.scheme,
                label_vi=row.label_vi,
                label_en=row.label_en,
                status=row.status,
                edition=row.edition,
                legal_basis=row.legal_basis,
                source=row.source,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                note=row.note,
            )
        for data in shipped_vocabularies():
            if data.code == code:
                return data
        raise VocabularyFileError(
            file,
            _("không biết bảng mã “%(code)s”; khai báo nó trong một tệp .json trước")
            % {"code": code},
        )

    def _report(self, loaded: Loaded, data: VocabularyData) -> None:
        if data.status == Vocabulary.Status.NOT_LOADED and not loaded.unchanged:
            self.stdout.write(_("%(code)s: chưa nạp, chờ bảng chính thức") % {"code": loaded.code})
            return
        self.stdout.write(
            _(
                "%(code)s: thêm %(added)d, sửa %(updated)d, hết hiệu lực %(closed)d, "
                "giữ nguyên %(unchanged)d"
            )
            % {
                "code": loaded.code,
                "added": loaded.added,
                "updated": loaded.updated,
                "closed": loaded.closed,
                "unchanged": loaded.unchanged,
            }
        )
