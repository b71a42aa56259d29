"""Rows of the database as the plain texts that scoring compares. Public text only."""

from collections.abc import Iterable, Sequence
from typing import Any

from marketplace.accounts.supply import supply_kind, supply_kinds
from marketplace.listings.models import Need
from marketplace.listings.supply import plain_specifications
from marketplace.matching.scoring import CandidateText, NeedText
from marketplace.reading.needs import load_corrections
from search.registry import source


def need_text(need: Need) -> NeedText:
    """What is public of a need; the confidential part neither ranks nor proves anything."""
    parts = [
        need.summary, need.problem, need.required, need.volume, need.site, need.partner_role, need.keywords
    ]  # fmt: skip
    return NeedText(
        title=need.title,
        text="\n".join(part for part in parts if part),
        wanted="\n".join(part for part in (need.summary, need.required) if part),
        specifications=plain_specifications(need.specifications.all()),
        fields=tuple(need.field_codes),
        province=need.province_code,
        min_trl=need.required_trl,
        budget_max=need.budget_max,
        kinds=tuple(need.need_kinds),
        corrections=load_corrections(need.reading_corrections),
    )


def candidate_text(kind: str, row: Any) -> CandidateText:
    """A row of supply, with the very text that the index holds of it.

    Raises:
        KeyError: nobody registered the kind.
    """
    supply, registered = supply_kind(kind), source(kind)
    assert registered is not None, kind
    document, facts = registered.build(row), supply.facts(row)
    return CandidateText(
        kind=kind,
        key=row.public_id,
        title=document.title,
        text=document.text,
        language=document.language,
        fields=facts.fields,
        province=facts.province,
        trl=facts.trl,
        year=facts.year,
        price_min=facts.price_min,
        specifications=facts.specifications,
        organization=str(row.organization_id or ""),
        registered=facts.is_registered,
        ip_numbers=facts.ip_numbers,
        answers=facts.answers,
        under_way=supply.is_under_way,
        until=facts.until,
    )


def complete(candidates: Sequence[CandidateText]) -> list[CandidateText]:
    """The candidates as their rows say now; what is not open any more is left out.

    The index may lag behind: what it says decides who is looked at, never what is shown.
    """
    found: dict[str, CandidateText] = {}
    for code, kind in supply_kinds().items():
        keys = [candidate.key for candidate in candidates if candidate.kind == code]
        if keys:
            for row in kind.with_related().filter(public_id__in=keys):
                found[f"{code}:{row.public_id}"] = candidate_text(code, row)
    return [found[candidate.id] for candidate in candidates if candidate.id in found]


def available_kinds(asked: Iterable[str] = ()) -> tuple[str, ...]:
    """Kinds of what can be had, for a need of these kinds: what must be asked for only where it is."""
    kinds = set(asked)
    return tuple(
        code
        for code, kind in supply_kinds().items()
        if not kind.is_under_way and (not kind.asked_by or kind.asked_by & kinds)
    )


def kinds_under_way() -> tuple[str, ...]:
    """Kinds of what is still being worked on."""
    return tuple(code for code, kind in supply_kinds().items() if kind.is_under_way)
