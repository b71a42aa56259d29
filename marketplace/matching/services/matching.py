"""Matches as rows, with the notices that go with them, each need in one transaction."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.accounts.supply import supply_kind, supply_kinds
from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.explanations import explanation_of, left_out_of, nearest_of
from marketplace.matching.finding import find_matches
from marketplace.matching.models import Band, Curation, Match, MatchRun
from marketplace.matching.scoring import MatchList, Scored
from marketplace.matching.services.retiring import retire
from marketplace.matching.services.telling import tell
from marketplace.matching.texts import available_kinds, complete, kinds_under_way, need_text


def match_need(need: Need, *, searched: Mapping[str, int] | None = None) -> int:
    """Matches a public need anew and returns how many matches are shown.

    Candidates are looked for before the transaction; rows, notices and the need's mark change in
    one, which holds the need's row: of two processes at one need the second finds it done and writes
    nothing. What is not good enough is not kept: the page says that nothing is. Decisions of staff hold:
    what they keep stays, what they suppressed does not come back.

    Args:
        searched: of `public_supply`, where many needs are matched one after the other.

    Raises:
        SearchUnavailable: the index is missing or broken; the need stays to be done.
    """
    version, began, since = need.content_version, time.perf_counter(), clock.now()
    found = find_matches(need_text(need), complete=complete)
    spent = round((time.perf_counter() - began) * 1000)
    with transaction.atomic():
        # Before the lists are read, so that nobody reads what another is about to write.
        Need.objects.select_for_update().filter(pk=need.pk).first()
        if (other := _done_since(need, since, weights=found.version)) is not None:
            return other.shown
        shown, new = _write_matches(need, found)
        _write_run(
            need,
            found,
            version=version,
            spent=spent,
            shown=shown,
            searched=public_supply() if searched is None else searched,
        )
        tell(need, new)
        Need.mark_done("matched_version", [(need.pk, version)])
    return len(shown)


def _done_since(need: Need, since: datetime, *, weights: str) -> MatchRun | None:
    """The run of another process that ended while this one was looking: by the same text and weights it
    found the same. Where the need was marked again since, it is still to be done, and is by the next batch."""
    runs = MatchRun.objects.filter(need=need, ran_at__gt=since, weights_version=weights)
    return runs.filter(content_version=need.content_version).first()


def _write_run(
    need: Need,
    found: MatchList,
    *,
    version: int,
    spent: int,
    shown: Sequence[Match],
    searched: Mapping[str, int],
) -> None:
    """Where nothing that can be had is good enough the need is unmet, since the first run that found so."""
    now = clock.now()
    before = MatchRun.objects.filter(need=need).values_list("unmet_since", flat=True).first()
    # What staff keep answers the need, what they suppressed does not, nor what is only worked on.
    abstained = not any(
        match.is_good_enough and not match.kind_of_supply.is_under_way for match in shown
    )
    looked_among = {*available_kinds(need.need_kinds), *kinds_under_way()}
    MatchRun.objects.update_or_create(
        need=need,
        defaults={
            "content_version": version,
            "ran_at": now,
            "duration_ms": spent,
            "searched": {kind: n for kind, n in searched.items() if kind in looked_among},
            "shown": len(shown),
            "abstained": abstained,
            "unmet_since": (before or now) if abstained else None,
            "weights_version": found.version,
            "left_out": [left_out_of(one) for one in found.left_out],
            "nearest": _nearest(need, found) if not shown else [],
        },
    )


def _nearest(need: Need, found: MatchList) -> list[dict[str, Any]]:
    """The first that came near and do not answer, without those that staff took from the list."""
    suppressed = {
        (match.kind, match.candidate.public_id)
        for match in need.matches.with_decisions()
        if match.curation is not None and not match.curation.keeps and match.candidate is not None
    }
    return [
        nearest_of(one)
        for one in found.nearest
        if (one.candidate.kind, one.candidate.key) not in suppressed
    ]


def public_supply() -> dict[str, int]:
    """How much there is of each kind. What it costs grows with the register: for a batch it is counted
    once."""
    return {code: kind.rows().count() for code, kind in supply_kinds().items()}


def _write_matches(need: Need, found: MatchList) -> tuple[list[Match], list[Match]]:
    """Upserts what is shown and retires the rest; returns what is shown, and those of it that the need
    did not have before."""
    existing = {(match.kind, match.candidate_id): match for match in need.matches.with_decisions()}
    decided = {key: match.curation for key, match in existing.items() if match.curation is not None}
    now, new, kept = clock.now(), [], []
    for rank, (key, scored) in enumerate(_shown(found, existing, decided), 1):
        kind, pk = key
        match = existing.get(key)
        if match is None:
            match = Match(need=need, first_matched_at=now, kind=kind, candidate_id=pk)
        # What may only be related is listed, but nobody is written to for it.
        was_told = match.pk is not None and match.retired_at is None and match.band != Band.WEAK
        if not was_told and (match.band if scored is None else scored.band) != Band.WEAK:
            new.append(match)
        match.rank, match.need_version, match.retired_at = rank, need.content_version, None
        if scored is not None:
            match.score, match.probability, match.band = (
                scored.score, scored.probability, scored.band
            )  # fmt: skip
            match.explanation, match.weights_version = explanation_of(scored), found.version
        match.save()
        kept.append(match)
    stays = {match.pk for match in kept}
    retire([m for m in existing.values() if m.retired_at is None and m.pk not in stays])
    return kept, new


Key = tuple[str, int]


def _shown(
    found: MatchList, existing: Mapping[Key, Match], decided: Mapping[Key, Curation]
) -> list[tuple[Key, Scored | None]]:
    """The list in its order: what staff pinned, then the good ones but those that staff suppressed, and
    among them, by the score, what staff keep though it is not good enough by itself."""
    everything = (*found.scored, *found.under_way)
    rows = _rows_of(everything)
    scored: dict[Key, Scored] = {
        (one.candidate.kind, rows[one.candidate.id]): one
        for one in everything
        if one.candidate.id in rows
    }
    good = {one.candidate.id for one in (*found.good, *found.promising)}
    shown: list[Key] = [
        key
        for key, one in scored.items()
        if one.candidate.id in good and (key not in decided or decided[key].keeps)
    ]
    there = _public(key for key, one in decided.items() if one.keeps)
    extra = [key for key in there if key not in set(shown)]

    def score_of(key: Key) -> float:
        return scored[key].score if key in scored else existing[key].score

    for key in extra:
        place = next((i for i, other in enumerate(shown) if score_of(other) < score_of(key)), None)
        shown.insert(len(shown) if place is None else place, key)
    pinned = sorted(
        (key for key in shown if key in decided and decided[key].act == Curation.Act.PIN),
        key=lambda key: decided[key].pk,
    )
    # Work under way stands behind all that can be had, whatever staff keep of either.
    rest = sorted(
        (key for key in shown if key not in set(pinned)),
        key=lambda key: supply_kind(key[0]).is_under_way,
    )
    return [(key, scored.get(key)) for key in (*pinned, *rest)]


def _public(keys: Iterable[Key]) -> list[Key]:
    wanted: dict[str, list[int]] = {}
    for kind, pk in keys:
        wanted.setdefault(kind, []).append(pk)
    return [
        (kind, pk)
        for kind, pks in wanted.items()
        for pk in supply_kind(kind).rows().filter(pk__in=pks).values_list("pk", flat=True)
    ]


def _rows_of(good: Sequence[Scored]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, kind in supply_kinds().items():
        keys = [s.candidate.key for s in good if s.candidate.kind == code]
        if not keys:
            continue
        rows = kind.rows().filter(public_id__in=keys).values_list("public_id", "pk")
        found |= {f"{code}:{key}": pk for key, pk in rows}
    return found
