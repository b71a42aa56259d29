"""How the desk works: decisions, waiting times, reasons, by curator and by institute; on a page and as a file."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median, quantiles
from typing import Any, Final

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from openpyxl import Workbook
from wagtail.models import TaskState

from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.models import ReviewTask
from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.cells import harmless
from marketplace.core.fields import DateField
from marketplace.listings.models import LISTING_MODELS, ReturnReason, ReviewDecision

_USUAL: Final = timedelta(days=30)
#: People and institutes that are listed.
_MOST: Final = 200
Decision = ReviewDecision.Decision
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    code: str
    heading: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


class PeriodForm(forms.Form):
    use_required_attribute = False

    tu = DateField(label=gettext_lazy("Từ ngày"), required=False)
    den = DateField(label=gettext_lazy("Đến ngày"), required=False)


def report_of(first: date, last: date) -> list[Table]:
    """Every table of the period, both days included. Waiting is counted in days of the clock, step by step."""
    since = datetime.combine(first, time(), tzinfo=clock.VIETNAM)
    until = datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.VIETNAM)
    decisions = list(
        ReviewDecision.objects.filter(at__gte=since, at__lt=until)
        .exclude(decision=Decision.UNDONE)
        .values_list("kind", "key", "decision", "reason_codes", "by")
        .order_by("pk")
    )
    waits = _waits(since, until)
    return [
        _throughput(decisions, waits),
        _steps(waits),
        _reasons(code for _k, _y, _d, codes, _b in decisions for code in codes),
        _curators(decisions, waits),
        _institutes(decisions, waits),
    ]


@dataclass(frozen=True, slots=True)
class Wait:
    """One step of one submission that was decided."""

    step: str
    kind: str
    pk: int
    by: int | None
    days: float


def _waits(since: datetime, until: datetime) -> list[Wait]:
    types = ContentType.objects.get_for_models(*LISTING_MODELS.values(), for_concrete_models=False)
    kinds = {content_type.pk: model.KIND for model, content_type in types.items()}
    rows = TaskState.objects.filter(
        task__in=ReviewTask.objects.values("pk"),
        status__in=[TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED],
        finished_at__gte=since,
        finished_at__lt=until,
    ).values_list(
        "task__name", "workflow_state__base_content_type", "workflow_state__object_id",
        "finished_by", "started_at", "finished_at",
    )  # fmt: skip
    return [
        Wait(step, kinds[type_id], int(pk), by, (end - start).total_seconds() / 86_400)
        for step, type_id, pk, by, start, end in rows.order_by("pk")
        if type_id in kinds
    ]


def _throughput(decisions: list[Any], waits: list[Wait]) -> Table:
    found = Counter((kind, decision) for kind, _key, decision, _codes, _by in decisions)
    columns = [Decision.APPROVED, Decision.PUBLISHED, Decision.RETURNED, Decision.REJECTED,
               Decision.TAKEN_DOWN]  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (capfirst(str(model._meta.verbose_name)), *(found[kind, one.value] for one in columns), *_times(
            [wait.days for wait in waits if wait.kind == kind]
        ))
        for kind, model in LISTING_MODELS.items()
    ]  # fmt: skip
    heads = [str(one.label) for one in columns]
    return Table("throughput", _("Theo loại tin"), (_("Loại"), *heads, *_time_heads()), rows)


def _steps(waits: list[Wait]) -> Table:
    by_step: dict[str, list[float]] = defaultdict(list)
    for wait in waits:
        by_step[wait.step].append(wait.days)
    rows: list[tuple[Cell, ...]] = [
        (step, len(days), *_times(days)) for step, days in sorted(by_step.items())
    ]
    return Table(
        "steps", _("Thời gian chờ từng bước"), (_("Bước"), _("Số bài"), *_time_heads()), rows
    )


def _reasons(codes: Iterable[str]) -> Table:
    labels = {one.code: str(one) for one in ReturnReason.objects.all()}
    rows: list[tuple[Cell, ...]] = [
        (labels.get(code, code), count) for code, count in Counter(codes).most_common()
    ]
    return Table("reasons", _("Lý do trả lại"), (_("Lý do"), _("Số lần")), rows)


def _curators(decisions: list[Any], waits: list[Wait]) -> Table:
    counts: dict[int | None, Counter[str]] = defaultdict(Counter)
    for _kind, _key, decision, _codes, by in decisions:
        counts[by][decision] += 1
    days: dict[int | None, list[float]] = defaultdict(list)
    for wait in waits:
        days[wait.by].append(wait.days)
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=[pk for pk in counts if pk])}
    rows = [
        (names.get(by or 0, "–"), *_decided(found), *_times(days[by]))
        for by, found in counts.items()
    ]
    return Table(
        "curators",
        _("Theo cán bộ"),
        (_("Cán bộ"), *_decided_heads(), *_time_heads()),
        _largest(rows),
    )


def _institutes(decisions: list[Any], waits: list[Wait]) -> Table:
    owners, names = _owners(decisions, waits)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, key, decision, _codes, _by in decisions:
        counts[owners.get((kind, key), "–")][decision] += 1
    days: dict[str, list[float]] = defaultdict(list)
    for wait in waits:
        days[names.get((wait.kind, wait.pk), "–")].append(wait.days)
    rows = [(name, *_decided(found), *_times(days[name])) for name, found in counts.items()]
    return Table(
        "institutes", _("Theo tổ chức"),
        (pgettext("một tổ chức", "Tổ chức"), *_decided_heads(), *_time_heads()), _largest(rows),
    )  # fmt: skip


def _owners(
    decisions: list[Any], waits: list[Wait]
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, int], str]]:
    """The organisation of each listing, by its public id and by its key."""
    by_code: dict[tuple[str, str], str] = {}
    by_pk: dict[tuple[str, int], str] = {}
    for kind, model in LISTING_MODELS.items():
        codes = {key for one, key, *_rest in decisions if one == kind}
        rows = model.objects.filter(public_id__in=codes)
        for pk, code, name in rows.values_list("pk", "public_id", "organization__name"):
            by_code[kind, code] = name
            by_pk[kind, pk] = name
    return by_code, by_pk


def _decided(found: Counter[str]) -> tuple[int, int, int, int]:
    total = sum(found.values())
    return (total, found[Decision.APPROVED] + found[Decision.PUBLISHED], found[Decision.RETURNED],
            found[Decision.REJECTED])  # fmt: skip


def _decided_heads() -> tuple[str, ...]:
    return (_("Quyết định"), _("Duyệt"), _("Trả lại"), _("Từ chối"))


def _times(days: list[float]) -> tuple[Cell, Cell]:
    """The middle one, and that of nine in ten; empty where none was decided."""
    if not days:
        return ("", "")
    ninth = quantiles(days, n=10)[-1] if len(days) > 1 else days[0]
    return (round(median(days), 1), round(ninth, 1))


def _time_heads() -> tuple[str, ...]:
    return (_("Chờ, trung vị (ngày)"), _("Chờ, 9/10 bài (ngày)"))


def _largest(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    return sorted(rows, key=lambda row: (-int(row[1]), str(row[0])))[:_MOST]


# --- files ----------------------------------------------------------------------------------------


def _cell(value: Cell) -> Cell:
    return harmless(value) if isinstance(value, str) else value


def as_csv(tables: list[Table]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for table in tables:
        writer.writerow([table.heading])
        writer.writerow(table.columns)
        writer.writerows([[_cell(cell) for cell in row] for row in table.rows])
        writer.writerow([])
    # With the mark by which spreadsheets know that it is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: list[Table]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(table.code)
        sheet.append([table.heading])
        sheet.append(list(table.columns))
        for row in table.rows:
            sheet.append([_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class ReviewReportView(DeskView):
    of = ReturnReason
    template_name = "cms/review_report.html"
    page_title = gettext_lazy("Báo cáo duyệt tin")
    header_icon = "table"

    def period(self) -> tuple[date, date, PeriodForm]:
        form = PeriodForm(self.request.GET or None)
        said = form.cleaned_data if form.is_bound and form.is_valid() else {}
        last = said.get("den") or clock.today()
        first = said.get("tu") or last - _USUAL
        return min(first, last), max(first, last), form

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        first, last, form = self.period()
        tables = report_of(first, last)
        wanted = request.GET.get("tep", "")
        files = {
            "csv": (as_csv, "text/csv; charset=utf-8"),
            "xlsx": (
                as_xlsx,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        }
        if wanted in files:
            write, content_type = files[wanted]
            response = HttpResponse(write(tables), content_type=content_type)
            name = f"duyet-tin-{first:%Y%m%d}-{last:%Y%m%d}.{wanted}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
        context = self.get_context_data(first=first, last=last, form=form, tables=tables)
        return self.render_to_response(context)


def review_report_urls() -> list[URLPattern]:
    return [path("bao-cao-duyet/", ReviewReportView.as_view(), name="review_report")]


def review_report_menu_item() -> DeskMenuItem:
    return menu_item(ReviewReportView, gettext_lazy("Báo cáo duyệt tin"), "review_report", order=70)
