"""Files brought in."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from marketplace.sources.imports.arriving import arrivals_of
from marketplace.sources.imports.cleaning import clean
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import kind_of
from marketplace.sources.imports.files import source_name
from marketplace.sources.imports.incoming import Arrival, Incoming, InputProblem, NotReadable
from marketplace.sources.imports.refusals import Refused
from marketplace.sources.imports.report import Report
from marketplace.sources.models import Source
from marketplace.sources.registers import REGISTERS
from marketplace.sources.services.entrance import Progress, bring_in
from marketplace.sources.services.runs import begin_run, find_or_create_source
from marketplace.sources.services.summary import ImportSummary, Seen

_SAMPLE: Final = 50


def import_file(
    path: Path,
    *,
    source: str = "",
    organization_names: Mapping[str, str] | None = None,
    report_folder: Path | None = None,
    on_progress: Progress | None = None,
    seen: Seen | None = None,
) -> ImportSummary:
    """Brings the records of a file (JSON, CSV, XLSX, MARC, OAI-PMH, CERIF) in, in batches that are committed one by one.

    Interrupted at any point, the next run does what is left: a record is known by (source, id), and
    one whose content is the same is left alone. The source is the file's name without suffixes unless
    it is given, or another source holds these very records already (a file that was renamed).
    """
    slug = source[:60] or source_name(path)
    known = Source.objects.filter(slug=slug).first()
    arrivals: Iterable[Arrival] = arrivals_of(path, columns=known.columns if known else None)
    if not source:
        sample, arrivals = _peek(arrivals)
        slug = _adopted_source(sample, organization_names or {}) or slug
    row = find_or_create_source(slug)
    seen = seen or Seen()
    seen.files += 1
    return bring_in(
        arrivals,
        source=row,
        run=begin_run(row, kind="file", file_name=path.name),
        seen=seen,
        organization_names=organization_names,
        report=Report(report_folder or settings.DATA_DIR / "imports", source_name(path)),
        on_progress=on_progress,
        reads_ahead=True,
    )


def _peek(arrivals: Iterable[Arrival]) -> tuple[list[Arrival], Iterator[Arrival]]:
    """The first few, and all of them again; a file that breaks among them breaks there again."""
    sample: list[Arrival] = []
    rest = iter(arrivals)
    broken: InputProblem | None = None
    try:
        sample.extend(itertools.islice(rest, _SAMPLE))
    except InputProblem as problem:
        broken = problem

    def again() -> Iterator[Arrival]:
        yield from sample
        if broken:
            raise broken
        yield from rest

    return sample, again()


def _adopted_source(sample: list[Arrival], organization_names: Mapping[str, str]) -> str:
    """The source that holds most of these very records: the same file under another name."""
    hashes = []
    codes = Codes()
    for arrival in sample:
        if isinstance(arrival, Incoming):
            try:
                values = arrival.values()
                kind = arrival.kind or kind_of(values)
                cleaned = clean(kind, values, organization_names=organization_names, codes=codes)
            except (NotReadable, Refused):
                continue
            hashes.append(cleaned.record.content_hash())
    counts: Counter[str] = Counter()
    for register in REGISTERS.values():
        rows: Any = register.model._default_manager
        rows = rows.filter(content_hash__in=hashes)
        counts.update(rows.values_list("source", flat=True))
    holder = min(counts, key=lambda slug: (-counts[slug], slug), default="")
    return holder if counts[holder] * 2 >= len(hashes) else ""
