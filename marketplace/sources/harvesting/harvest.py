"""One harvest of a source: page after page, each brought in before the place in the list is noted.

Killed anywhere, it goes on from the last page that is in: the page that was on its way is read again,
which changes nothing of what it had brought already.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.fetching import Fetcher, FetchLimits
from marketplace.core.leases import Held
from marketplace.sources.formats.oai import DAY, Answer, OaiError, is_datestamp
from marketplace.sources.harvesting.client import Client, TryLater
from marketplace.sources.harvesting.options import Options
from marketplace.sources.harvesting.progress import Progress, Walk
from marketplace.sources.harvesting.vanished import Listing, compare
from marketplace.sources.imports.arriving import arrival_of
from marketplace.sources.imports.incoming import Arrival, InputProblem
from marketplace.sources.imports.report import Report
from marketplace.sources.models import Listed, Run, Source, SourceKind
from marketplace.sources.services.entrance import bring_in
from marketplace.sources.services.runs import begin_run, close_run
from marketplace.sources.services.summary import ImportSummary

_RESTARTS: Final = 1
#: What servers say that do not tell of every deletion.
FORGETFUL: Final = frozenset({"no", "transient"})

OnPage = Callable[[ImportSummary], None]


class Harvest:
    """`run_pages` goes on with what is begun, or begins; the row knows the place all the time."""

    def __init__(
        self,
        source: Source,
        *,
        fetcher: Fetcher | None = None,
        wait: Callable[[float], None] = time.sleep,
        is_full: bool = False,
    ) -> None:
        self.source, self.options = source, Options.of(source)
        self.progress = Progress.of(source)
        self.is_full = is_full
        self.client = Client(
            source.address,
            fetcher
            or Fetcher(
                inside=self.options.inside,
                limits=FetchLimits(total=self.options.seconds),
                headers=self.options.headers,
            ),
            interval=self.options.interval,
            wait=wait,
        )

    def run_pages(
        self, *, pages: int | None = None, held: Held | None = None, on_page: OnPage | None = None
    ) -> ImportSummary:
        """Brings in up to `pages` pages, or all; closes the run when the list has ended, or when it
        cannot be read any further. A server that asks for patience leaves the run open."""
        run, walk = self._begin()
        summary = ImportSummary(source=self.source.slug)
        for name, count in walk.counts.items():
            setattr(summary, name, count)
        report = Report(
            settings.DATA_DIR / "imports",
            self.source.slug,
            refused=summary.refused,
            remarks=summary.remarks,
        )
        done = 0
        try:
            while walk.sets and (pages is None or done < pages):
                if held is not None and not held.renew():
                    return summary
                self._bring_page(walk, run, summary, report)
                done += 1
                if on_page:
                    on_page(summary)
        except TryLater as later:
            self._wait_for(later)
            return summary
        except InputProblem as problem:
            summary.problem = str(problem.message)
        finally:
            report.close()
            self.client.fetcher.close()
        summary.first_refusals = report.first
        summary.report_path = report.path or summary.report_path
        if summary.problem or not walk.sets:
            self._end(walk, run, summary)
        return summary

    def _begin(self) -> tuple[Run, Walk]:
        walk = self.progress.walk
        if walk is not None and not self.is_full:
            run = Run.objects.filter(pk=walk.run, finished_at=None).first()
            if run is not None:
                # What was said of the page that was on its way is said again when it is read again.
                run.faults.filter(line__gt=walk.records).delete()
                return run, walk
        with transaction.atomic():
            run = begin_run(self.source, kind=SourceKind.HARVEST)
            walk = Walk(run=run.pk, since="" if self._is_full_due() else self.progress.since)
            walk.sets = list(self.options.sets) or [""]
            self.progress.walk, self.progress.asked_at = walk, ""
            self.progress.save(self.source)
        return run, walk

    def _is_full_due(self) -> bool:
        """A server that keeps no record of deletions is asked for everything from time to time."""
        if self.is_full or self.progress.deletions not in FORGETFUL:
            return self.is_full
        last = self.progress.full_at
        due = clock.now() - timedelta(days=self.options.full_days)
        return not last or datetime.fromisoformat(last) <= due

    def _bring_page(self, walk: Walk, run: Run, summary: ImportSummary, report: Report) -> None:
        listing = Listing()
        with self.client.ask(self._arguments(walk)) as answer:
            bring_in(
                listing.noting(self._arrivals(answer, walk.records)),
                source=self.source,
                run=run,
                report=report,
                summary=summary,
                is_last=False,
            )
        if summary.problem:
            raise InputProblem(summary.problem)
        if not walk.since and self.progress.deletions in FORGETFUL:
            listing.keep(run)
            walk.is_compared, walk.nameless = True, walk.nameless + listing.nameless
        if answer.errors:
            self._meet(answer.errors[0], answer, walk)
        else:
            self._go_on(answer, walk)
        walk.counts = _counts(summary)
        self.progress.not_before = ""
        self.progress.save(self.source)

    def _arrivals(self, answer: Answer, before: int) -> Iterator[Arrival]:
        for number, read in enumerate(answer, start=before + 1):
            yield arrival_of(read, form=self.options.prefix, line=number)

    def _arguments(self, walk: Walk) -> dict[str, str]:
        if walk.token:
            return {"verb": "ListRecords", "resumptionToken": walk.token}
        if not walk.pages and not self.progress.granularity:
            self._meet_server()
        arguments = {"verb": "ListRecords", "metadataPrefix": self.options.prefix}
        if walk.since:
            is_day = self.progress.granularity == DAY
            arguments["from"] = walk.since[:10] if is_day else walk.since
        if walk.sets[0]:
            arguments["set"] = walk.sets[0]
        return arguments

    def _meet_server(self) -> None:
        repository = self.client.identify()
        self.progress.granularity = repository.granularity
        self.progress.deletions = repository.deletions[:20]
        self.progress.save(self.source)

    def _go_on(self, answer: Answer, walk: Walk) -> None:
        """Notes the place behind this page."""
        walk.began = walk.began or _moment(answer)
        walk.pages += 1
        walk.records += answer.count
        token = answer.token or ""
        if not token:
            walk.sets = walk.sets[1:]
            walk.forget_tokens()
        elif walk.repeats(token):
            raise InputProblem(
                _(
                    "Máy chủ trả lại mã tiếp tục (resumptionToken) đã dùng: danh sách không có điểm cuối."
                )
            )
        else:
            walk.token = token

    def _meet(self, error: OaiError, answer: Answer, walk: Walk) -> None:
        if error.code == "noRecordsMatch":
            walk.began = walk.began or _moment(answer) or self.progress.since
            walk.sets = walk.sets[1:]
            walk.forget_tokens()
        elif error.code == "badResumptionToken" and walk.token and walk.restarts < _RESTARTS:
            # It has run out on the server: the set begins again, which changes nothing already in.
            walk.restarts += 1
            walk.forget_tokens()
        else:
            raise InputProblem(
                _("Máy chủ trả lời lỗi OAI-PMH %(code)s.") % {"code": error.code[:40] or "?"}
            )

    def _wait_for(self, later: TryLater) -> None:
        self.progress.not_before = (clock.now() + timedelta(seconds=later.seconds)).isoformat()
        self.progress.save(self.source)
        Source.objects.filter(pk=self.source.pk).update(last_problem=str(later.message)[:300])

    def _end(self, walk: Walk, run: Run, summary: ImportSummary) -> None:
        self.progress.walk = None
        with transaction.atomic():
            if not summary.problem:
                self.progress.since = walk.began or self.progress.since
                if not walk.since:
                    self.progress.full_at = clock.now().isoformat()
                if walk.is_compared and not walk.nameless:
                    compare(self.source, run, most_percent=self.options.vanished_percent)
            Listed.objects.filter(run=run).delete()
            close_run(run, summary)
            self.progress.save(self.source)


_COUNTS: Final = (
    "read", "created", "updated", "unchanged", "deleted", "refused", "remarks", "conflicts",
)  # fmt: skip


def _moment(answer: Answer) -> str:
    """The server's own time; where it says none, the youngest datestamp it gave."""
    return answer.response_date if is_datestamp(answer.response_date) else answer.latest


def _counts(summary: ImportSummary) -> dict[str, int]:
    return {name: getattr(summary, name) for name in _COUNTS}
