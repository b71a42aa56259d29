"""Matches as rows, with the notices that go with them, each need in one transaction."""

import time
from collections.abc import Sequence

from django.db import transaction

from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.explanations import explanation_of, left_out_of
from marketplace.matching.finding import find_matches
from marketplace.matching.models import Band, Match, MatchRun
from marketplace.matching.scoring import MatchList, Scored
from marketplace.matching.services.retiring import retire
from marketplace.matching.services.telling import tell
from marketplace.matching.texts import SUPPLY, complete, need_text


def match_need(need: Need) -> int:
    """Matches a public need anew and returns how many matches are shown.

    Candidates are looked for before the transaction; rows, notices and the need's mark change in
    one. What is not good enough is not kept: the page says that nothing is.

    Raises:
        SearchUnavailable: the index is missing or broken; the need stays to be done.
    """
    version, began = need.content_version, time.perf_counter()
    found = find_matches(need_text(need), complete=complete)
    spent = round((time.perf_counter() - began) * 1000)
    with transaction.atomic():
        new = _write_matches(need, found)
        _write_run(need, found, version=version, spent=spent)
        tell(need, new)
        Need.mark_done("matched_version", [(need.pk, version)])
    return len(found.good)


def _write_run(need: Need, found: MatchList, *, version: int, spent: int) -> None:
    """Where nothing is good enough the need is unmet, since the first run that found so."""
    now = clock.now()
    before = MatchRun.objects.filter(need=need).values_list("unmet_since", flat=True).first()
    MatchRun.objects.update_or_create(
        need=need,
        defaults={
            "content_version": version,
            "ran_at": now,
            "duration_ms": spent,
            "searched": _searched(),
            "shown": len(found.good),
            "abstained": found.abstained,
            "unmet_since": (before or now) if found.abstained else None,
            "weights_version": found.version,
            "left_out": [left_out_of(one) for one in found.left_out],
        },
    )


def _searched() -> dict[str, int]:
    return {kind: model.objects.public().count() for kind, model in SUPPLY.items()}


def _write_matches(need: Need, found: MatchList) -> list[Match]:
    """Upserts the good ones and retires the rest; returns those the need did not have before."""
    rows = _rows_of(found.good)
    existing = {(m.kind, _candidate_pk(m)): m for m in Match.objects.filter(need=need)}
    now, new, kept = clock.now(), [], set()
    for rank, scored in enumerate(found.good, 1):
        candidate = scored.candidate
        pk = rows.get(candidate.id)
        if pk is None:
            continue
        match = existing.get((candidate.kind, pk))
        if match is None:
            match = Match(need=need, first_matched_at=now, **{f"{candidate.kind}_id": pk})
        # What may only be related is listed, but nobody is written to for it.
        was_told = match.pk is not None and match.retired_at is None and match.band != Band.WEAK
        if not was_told and scored.band != Band.WEAK:
            new.append(match)
        match.rank, match.score, match.probability = rank, scored.score, scored.probability
        match.band, match.need_version = scored.band, need.content_version
        match.explanation, match.retired_at = explanation_of(scored), None
        match.weights_version = found.version
        match.save()
        kept.add(match.pk)
    retire([m for m in existing.values() if m.retired_at is None and m.pk not in kept])
    return new


def _candidate_pk(match: Match) -> int | None:
    return match.result_id or match.offer_id or match.equipment_id


def _rows_of(good: Sequence[Scored]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, model in SUPPLY.items():
        keys = [s.candidate.key for s in good if s.candidate.kind == kind]
        rows = model.objects.public().filter(public_id__in=keys).values_list("public_id", "pk")
        found |= {f"{kind}:{key}": pk for key, pk in rows}
    return found
