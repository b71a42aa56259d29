"""The demo's registers: programmes, tasks, and what their results add to the imported records."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string

from marketplace.accounts.services import find_or_create_organization
from marketplace.core import clock
from marketplace.core.printing import PrintingUnavailable, pdf_of
from marketplace.core.ticks import run_stage
from marketplace.core.uploads import PDF
from marketplace.research.filing import browse_batch, count_batch
from marketplace.research.models import (
    Access,
    Attachment,
    AttachmentKind,
    Programme,
    Result,
    Task,
)
from marketplace.research.naming import name_batch
from marketplace.research.programmes import save_programme
from marketplace.research.registering import record_task, report_application

_FILE: Final = Path(__file__).parent / "data" / "registers.json"
_BY: Final = "demo"
#: Field → objective, where nothing says more.
_OBJECTIVES: Final = (
    ("207", "8"), ("208", "8"), ("206", "6"), ("4", "3"), ("3", "6"), ("2", "4"), ("1", "12"),
)  # fmt: skip


def seed_registers(source: str) -> tuple[int, int]:
    """Programmes and tasks; what stands is left alone, so that it may be killed and run again."""
    shipped = json.loads(_FILE.read_text(encoding="utf-8"))
    programmes = {row["code"]: _programme(row) for row in shipped["programmes"]}
    leads = list(
        Result.objects.filter(source=source).exclude(organization=None).order_by("source_id")
    )
    for at, row in enumerate(shipped["tasks"]):
        _task(row, programmes.get(row["programme"]), leads[at * 7 % len(leads)], source)
    for at, result in enumerate(leads):
        if result.task_id is None and not result.objective_codes:
            _enrich(result, at, list(programmes.values()))
    return len(programmes), Task.objects.filter(source=source).count()


def file_registers() -> None:
    """What the ticks would do within seconds: people, entries of the lists, their counts."""
    for name, stage in (
        ("research.people", name_batch),
        ("research.browse", browse_batch),
        ("research.count", count_batch),
    ):
        run_stage(name, stage)


def _programme(row: dict[str, Any]) -> Programme:
    programme = Programme.objects.filter(code=row["code"]).first()
    if programme is None:
        programme = Programme()
        agency = find_or_create_organization(row["agency"], kind="authority")
        save_programme(programme, by=_BY, **{**row, "agency": agency})
    return programme


def _task(row: dict[str, Any], programme: Programme | None, like: Result, source: str) -> None:
    if Task.objects.filter(source=source, source_id=row["id"]).exists():
        return
    values = {
        "title": row["title"],
        "code": row["code"],
        "form_code": row.get("form", "task-budget"),
        "level": row["level"],
        "organization": like.organization,
        "agency": like.agency,
        "programme": programme,
        "people": like.people,
        "aims": row["aims"],
        "summary": row["summary"],
        "methods": row["methods"],
        "expected_products": row["expected_products"],
        "expected_application": row["expected_application"],
        "field_codes": row["fields"],
        "objective_codes": row["objectives"],
        "started_on": row["start"],
        "ended_on": row["end"],
        "months": row["months"],
        "funding": row["state"] + row["own"],
        "funding_state": row["state"] or None,
        "funding_own": row["own"] or None,
    }
    record_task(values=values, source=source, source_id=row["id"], by=_BY)


@transaction.atomic
def _enrich(result: Result, at: int, programmes: list[Programme]) -> None:
    """What form 5 tells of a result and the imported record does not."""
    result.objective_codes = [
        next((to for start, to in _OBJECTIVES if code.startswith(start)), "13")
        for code in result.field_codes[:1]
    ]
    if result.level == "national":
        trail = set(result.field_trail.split("|"))
        result.programme = next(
            (p for p in programmes if trail & set(p.field_codes)), programmes[at % len(programmes)]
        )
    if result.funding:
        result.funding_state = result.funding * 8 // 10
        result.funding_other = result.funding - result.funding_state
    ended = result.ended_on[:7]
    if ended:
        year, month = int(ended[:4]), int(ended[5:7] or 12)
        result.accepted_on = date(year, month, 20)
        result.accepting_body = result.agency
        result.acceptance_council = f"Hội đồng nghiệm thu cấp {_LEVELS.get(result.level, 'cơ sở')}"
    if at % 3 == 0:
        result.task = _task_of(result)
    if at % 4 == 0:
        result.publications = [
            {
                "kind": "article",
                "title": result.title,
                "authors": [person["name"] for person in result.people],
                "venue": "Tạp chí Thử nghiệm Khoa học",
                "year": result.year or 2022,
                "doi": f"10.5555/{result.source_id.lower()}",
            }
        ]
    result.save()
    _files(result)
    if result.application_status == "applied" and result.accepted_on:
        _applications(result)


_LEVELS: Final = {"national": "quốc gia", "ministry": "bộ", "province": "tỉnh"}


def _task_of(result: Result) -> Task:
    """The task whose result this is, as the sheet on it was filed when it began."""
    task = record_task(
        values={
            "title": result.title,
            "form_code": "task-budget",
            "level": result.level,
            "organization": result.organization,
            "agency": result.agency,
            "programme": result.programme,
            "people": result.people,
            "aims": result.abstract.split(". ")[0].rstrip(".") + ".",
            "summary": result.abstract,
            "expected_products": result.products,
            "field_codes": result.field_codes,
            "objective_codes": result.objective_codes,
            "started_on": result.started_on,
            "ended_on": result.ended_on,
            "funding": result.funding,
        },
        source=result.source,
        source_id=f"NV-{result.source_id}",
        by=_BY,
    )
    Task.objects.filter(pk=task.pk).update(state="completed")
    return task


def _files(result: Result) -> None:
    if result.attachments.exists():
        return
    Attachment.objects.create(
        result=result,
        kind=AttachmentKind.REPORT,
        title="Báo cáo tổng hợp kết quả nghiên cứu",
        pages=90 + len(result.title),
        access=Access.ON_REQUEST,
        position=0,
    )
    summary = Attachment.objects.create(
        result=result,
        kind=AttachmentKind.SUMMARY,
        title="Báo cáo tóm tắt",
        pages=12,
        access=Access.ON_REQUEST,
        position=1,
    )
    _with_paper(summary, result)


def _with_paper(summary: Attachment, result: Result) -> None:
    """A file of its own for summaries of institutions' tasks, so that a copy can be asked for."""
    if result.level != "institution":
        return
    try:
        html = render_to_string("demo/summary.html", {"result": result})
        pdf = pdf_of(html, stylesheet="css/certificate.css")
    except PrintingUnavailable:
        return  # it is then read on site, as any document without a file
    summary.file.save("x.pdf", ContentFile(pdf), save=False)
    summary.file_name, summary.content_type, summary.size = "tom-tat.pdf", PDF, len(pdf)
    summary.pages = 1
    summary.save()


def _applications(result: Result) -> None:
    assert result.accepted_on is not None
    for number in range(1, 4):
        reported = result.accepted_on.replace(year=result.accepted_on.year + number)
        if reported > clock.today():
            break
        report_application(
            result,
            year_number=number,
            organization_name=str(result.organization),
            organization=result.organization,
            reported_on=reported,
            by=_BY,
            province_code=result.organization.province_code if result.organization else "",
            form_of_use="production",
            scale=result.application_note,
        )
