"""Brings result records in from JSONL or CSV files and makes them searchable."""

import contextlib
import json as json_format
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.progress import ProgressLine
from marketplace.sources.imports.files import FileProblem, read_records
from marketplace.sources.imports.incoming import Incoming, NotReadable
from marketplace.sources.indexing import make_searchable
from marketplace.sources.services import ImportSummary, Seen, import_file


class Command(BaseCommand):
    help = (
        "Brings research results in from JSONL or CSV files (.gz too). Usual column names are "
        "recognised (id, title, abstract, keywords, org, agency, year, url, and their Vietnamese "
        "names). Run again with the same file it doubles nothing and changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--no-index",
            action="store_true",
            help="leave it to the search tick to make the records searchable",
        )
        parser.add_argument(
            "--source",
            default="",
            help="name of the source that the records' ids belong to "
            "(default: the file's name without suffixes)",
        )
        parser.add_argument(
            "--organizations",
            type=Path,
            metavar="FILE",
            help="JSONL of organisations (key, name), where records name them by key",
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(
        self,
        *args: Any,
        files: list[Path],
        no_index: bool,
        source: str,
        organizations: Path | None,
        json: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        self.is_quiet = verbosity == 0
        names = _organization_names(organizations) if organizations else {}
        seen = Seen()
        summaries = []
        for path in files:
            progress = self._progress(path.name)
            summary = import_file(
                path,
                source=source,
                organization_names=names,
                on_progress=progress,
                seen=seen,
            )
            progress.end(summary)
            summaries.append((path, summary))
            self._tell_refusals(path, summary)
        is_searchable = False
        if not no_index:
            is_searchable = self._make_searchable()
        if json:
            self._print_json(summaries, is_searchable)
        elif not self.is_quiet:
            for path, summary in summaries:
                self.stdout.write(_line(path, summary))
        problems = [path.name for path, summary in summaries if summary.problem]
        if problems:
            raise CommandError(_("Có tệp không đọc được đến cuối: %s") % ", ".join(problems))

    def _progress(self, label: str) -> "_Progress":
        return _Progress(self.stderr, label, is_quiet=self.is_quiet)

    def _tell_refusals(self, path: Path, summary: ImportSummary) -> None:
        if summary.problem:
            self.stderr.write(f"{path.name}: {summary.problem}")
        if summary.refused:
            self.stderr.write(_("%(count)s bản ghi bị từ chối:") % {"count": summary.refused})
            for line, reason in summary.first_refusals:
                self.stderr.write(
                    "  " + _("dòng %(line)s: %(reason)s") % {"line": line, "reason": reason}
                )
            rest = summary.refused - len(summary.first_refusals)
            if rest > 0:
                self.stderr.write("  " + _("… và %(count)s bản ghi nữa") % {"count": rest})
        if summary.remarks:
            self.stderr.write(
                _("%(count)s giá trị không đọc được, bản ghi vẫn được nhận.")
                % {"count": summary.remarks}
            )
        if summary.report_path:
            self.stderr.write(_("Báo cáo đầy đủ: %(path)s") % {"path": summary.report_path})

    def _make_searchable(self) -> bool:
        progress = self._progress(_("lập chỉ mục"))
        try:
            make_searchable(on_progress=progress.count)
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        progress.finish()
        return True

    def _print_json(self, summaries: list[tuple[Path, ImportSummary]], is_searchable: bool) -> None:
        files = [
            {
                "file": str(path),
                "source": summary.source,
                "read": summary.read,
                "created": summary.created,
                "updated": summary.updated,
                "unchanged": summary.unchanged,
                "refused": summary.refused,
                "remarks": summary.remarks,
                "problem": summary.problem,
                "report": str(summary.report_path or ""),
            }
            for path, summary in summaries
        ]
        self.stdout.write(
            json_format.dumps({"files": files, "searchable": is_searchable}, ensure_ascii=False)
        )


def _organization_names(path: Path) -> dict[str, str]:
    rows = []
    try:
        for arrival in read_records(path):
            if isinstance(arrival, Incoming):
                with contextlib.suppress(NotReadable):
                    rows.append(arrival.values())
    except FileProblem as problem:
        raise CommandError(f"{path.name}: {problem.message}") from problem
    return {
        str(row.get("key") or row.get("id")): str(row["name"])
        for row in rows
        if row.get("name") and (row.get("key") or row.get("id"))
    }


def _line(path: Path, summary: ImportSummary) -> str:
    return _(
        "%(file)s (nguồn %(source)s): đọc %(read)s, thêm %(created)s, cập nhật %(updated)s, "
        "không đổi %(unchanged)s, từ chối %(refused)s"
    ) % {
        "file": path.name,
        "source": summary.source,
        "read": summary.read,
        "created": summary.created,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "refused": summary.refused,
    }


class _Progress(ProgressLine):
    """The progress of one file."""

    def __call__(self, summary: ImportSummary) -> None:
        self.at(summary.read)

    def end(self, summary: ImportSummary) -> None:
        self.done = summary.read
        self.finish()
