"""Rows of the database as the plain texts that scoring compares. Public text only."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from marketplace.listings.models import (
    Equipment,
    Need,
    TechnologyOffer,
)
from marketplace.listings.models import (
    Specification as SpecificationRow,
)
from marketplace.matching.scoring import CandidateText, NeedText, Specification
from marketplace.reading.needs import load_corrections
from marketplace.research.models import Result
from search.registry import source

#: Operators of the form's rows in the words of the scoring.
_OPERATORS: Final = {"ge": ">=", "le": "<=", "eq": "=", "between": "range", "text": "text"}
SUPPLY: Final[dict[str, type[Any]]] = {
    "result": Result,
    "offer": TechnologyOffer,
    "equipment": Equipment,
}


def need_text(need: Need) -> NeedText:
    """What is public of a need; the confidential part neither ranks nor proves anything."""
    parts = [
        need.summary, need.problem, need.required, need.volume, need.site, need.partner_role, need.keywords
    ]  # fmt: skip
    return NeedText(
        title=need.title,
        text="\n".join(part for part in parts if part),
        wanted="\n".join(part for part in (need.summary, need.required) if part),
        specifications=_specifications(need.specifications.all()),
        fields=tuple(need.field_codes),
        province=need.province_code,
        min_trl=need.required_trl,
        budget_max=need.budget_max,
        corrections=load_corrections(need.reading_corrections),
    )


def candidate_text(kind: str, row: Any) -> CandidateText:
    """A result, offer or piece of equipment, with the very text that the index holds of it."""
    registered = source(kind)
    assert registered is not None, kind
    document = registered.build(row)
    specifications = _specifications(row.specifications.all()) if kind != "result" else ()
    return CandidateText(
        kind=kind,
        key=row.public_id,
        title=document.title,
        text=document.text,
        language=document.language,
        fields=tuple(row.field_codes),
        province=getattr(row, "province_code", ""),
        trl=row.trl,
        year=getattr(row, "year", None),
        price_min=getattr(row, "price_min", None),
        specifications=specifications,
        organization=str(row.organization_id or ""),
        registered=bool(getattr(row, "archive_number", "") or getattr(row, "result_code", "")),
        ip_numbers=_ip_numbers(row),
    )


def _ip_numbers(row: Any) -> int:
    rights = getattr(row, "ip_rights", None)
    if rights is None:
        return 0
    return len(rights) if isinstance(rights, list) else len(rights.all())


def complete(candidates: Sequence[CandidateText]) -> list[CandidateText]:
    """The candidates as their rows say now; what is no longer public is left out.

    The index may lag behind: what it says decides who is looked at, never what is shown.
    """
    found: dict[str, CandidateText] = {}
    for kind, model in SUPPLY.items():
        keys = [candidate.key for candidate in candidates if candidate.kind == kind]
        if not keys:
            continue
        registered = source(kind)
        related = registered.related if registered else ()
        rows = model.objects.public().filter(public_id__in=keys).prefetch_related(*related)
        for row in rows:
            found[f"{kind}:{row.public_id}"] = candidate_text(kind, row)
    return [found[candidate.id] for candidate in candidates if candidate.id in found]


def _specifications(rows: Iterable[SpecificationRow]) -> tuple[Specification, ...]:
    return tuple(
        Specification(
            name=row.name,
            operator=_OPERATORS[row.operator],
            low=None if row.low is None else float(row.low),
            high=None if row.high is None else float(row.high),
            unit=row.unit,
            text=row.text,
        )
        for row in rows
    )
