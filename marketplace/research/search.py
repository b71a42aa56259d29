"""How results, tasks and programmes are found."""

from datetime import date
from operator import attrgetter
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.models import Staged
from marketplace.research.models import (
    ApplicationStatus,
    Programme,
    ProgrammeQuerySet,
    RecordQuerySet,
    Result,
    Task,
    field_trail,
)
from marketplace.taxonomy.labels import label
from search.analysis import Language
from search.documents import Document
from search.registry import Facts, Source, register


def build_document(result: Result) -> Document:
    """Title and what was found; people and organisations are facts of the page, not of the subject."""
    numbers = {"published": _published(result).toordinal()}
    if result.year:
        numbers["year"] = result.year
    if result.trl:
        numbers["trl"] = result.trl
    return Document(
        kind="result",
        key=result.public_id,
        title=result.title,
        text="\n".join(filter(None, _texts(result))),
        language=cast(Language, result.language),
        codes=tuple(filter(None, _codes(result))),
        facets={name: values for name, values in _facets(result).items() if values},
        numbers=numbers,
    )


def _texts(result: Result) -> list[str]:
    return [
        result.title_en,
        result.abstract,
        ", ".join(result.keywords),
        result.products,
        result.application_note,
    ]


def _codes(result: Result) -> list[str]:
    return [
        result.archive_number,
        result.result_code,
        result.certificate_number,
        *(right["number"] for right in result.ip_rights),
    ]


def _facets(result: Result) -> dict[str, tuple[str, ...]]:
    organization = result.organization
    return {
        "field": tuple(filter(None, result.field_trail.split("|"))),
        "organization": (organization.public_id,) if organization else (),
        "province": (result.province,) if result.province else (),
        "year": (str(result.year),) if result.year else (),
        "level": (result.level,) if result.level else (),
        "application": (result.application_status,),
        "language": (result.language,) if result.language in ("vi", "en") else (),
        "verified": ("yes",) if organization and organization.is_verified else (),
        "evidence": _evidence(result),
    }


def _evidence(result: Result) -> tuple[str, ...]:
    found = (
        ("registered", result.is_registered),
        ("ip", bool(result.ip_rights)),
        ("applied", result.application_status == ApplicationStatus.APPLIED),
    )
    return tuple(name for name, has in found if has)


def result_facts(result: Result) -> Facts:
    organization, province = result.organization, result.province
    return Facts(
        number=result.archive_number or result.result_code,
        by=organization.name if organization else "",
        place=label("provinces", province) if province else "",
        year=result.year,
        trl=result.trl,
    )


def _published(result: Result) -> date:
    """The end of its year: what is newest to a reader is what was found last, not imported last."""
    imported = result.imported_at.astimezone(clock.VIETNAM).date()
    return min(date(result.year, 12, 31), imported) if result.year else imported


def build_task_document(task: Task) -> Document:
    """What is being worked on; the people and the money are facts of the page."""
    numbers = {"published": _begun(task).toordinal()}
    if task.year:
        numbers["year"] = task.year
    texts = (
        task.title_en, task.aims, task.summary, ", ".join(task.keywords), task.expected_products,
        task.expected_application,
    )  # fmt: skip
    return Document(
        kind="task",
        key=task.public_id,
        title=task.title,
        text="\n".join(filter(None, texts)),
        codes=(task.code,) if task.code else (),
        facets={name: values for name, values in _task_facets(task).items() if values},
        numbers=numbers,
    )


def _task_facets(task: Task) -> dict[str, tuple[str, ...]]:
    organization = task.organization
    return {
        "field": tuple(filter(None, task.field_trail.split("|"))),
        "organization": (organization.public_id,) if organization else (),
        "province": (task.province,) if task.province else (),
        "year": (str(task.year),) if task.year else (),
        "level": (task.level,) if task.level else (),
        "state": (task.state,),
        "verified": ("yes",) if organization and organization.is_verified else (),
    }


def task_facts(task: Task) -> Facts:
    organization, province = task.organization, task.province
    return Facts(
        number=task.code,
        by=organization.name if organization else "",
        place=label("provinces", province) if province else "",
        year=task.year,
    )


def _begun(task: Task) -> date:
    entered = task.imported_at.astimezone(clock.VIETNAM).date()
    return min(date(task.year, 12, 31), entered) if task.year else entered


def build_programme_document(programme: Programme) -> Document:
    fields = field_trail(programme.field_codes).split("|")
    return Document(
        kind="programme",
        key=programme.public_id,
        title=programme.name,
        text="\n".join(filter(None, (programme.name_en, programme.aims))),
        codes=(programme.code,),
        facets={"field": tuple(codes)} if (codes := [code for code in fields if code]) else {},
        numbers={"published": programme.created_at.astimezone(clock.VIETNAM).date().toordinal()},
    )


def programme_facts(programme: Programme) -> Facts:
    agency = programme.agency
    return Facts(number=programme.code, by=agency.name if agency and not agency.is_hidden else "")


def _indexable(rows: QuerySet[Any]) -> QuerySet[Any]:
    assert isinstance(rows, RecordQuerySet | ProgrammeQuerySet)
    return rows.public()


def _visible(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    assert isinstance(rows, RecordQuerySet | ProgrammeQuerySet)
    return rows.visible_to(user)


def register_registers() -> None:
    for source in (
        _source(
            "result",
            Result,
            label=_("Kết quả nghiên cứu"),
            build=build_document,
            card_template="research/_hit.html",
            facts=result_facts,
            similar=("result", "offer"),
        ),
        _source(
            "task",
            Task,
            label=_("Nhiệm vụ nghiên cứu"),
            build=build_task_document,
            card_template="research/_task_hit.html",
            facts=task_facts,
            similar=("task", "result"),
        ),
        _source(
            "programme",
            Programme,
            label=_("Chương trình"),
            build=build_programme_document,
            card_template="research/_programme_hit.html",
            facts=programme_facts,
            since=attrgetter("created_at"),
            related=("agency",),
            title_field="name",
        ),
    ):
        register(source)


def _source(kind: str, model: type[Staged], **own: Any) -> Source:
    """A register as the search takes it: who sees its rows is the same of all."""
    usual: dict[str, Any] = {"since": attrgetter("imported_at"), "related": ("organization",)}
    return Source(kind=kind, model=model, indexable=_indexable, visible=_visible, **(usual | own))
