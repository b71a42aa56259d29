"""The stage `sources.link`: records whose mark is behind are compared with those that share a key.

Its own mark is a row beside the record (`LinkMark`), so that the registers know nothing of linking.
What is done twice comes out the same, so it may be killed anywhere: keys first, then in one
transaction what was found and the marks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.reading.records import (
    Decision,
    Prepared,
    Verdict,
    blocking_keys,
    compare_records,
    contested,
    is_apart,
    is_rival,
    judge,
    prepare,
)
from marketplace.sources.linking.deciding import carry_decisions
from marketplace.sources.linking.keys import (
    LINKING_EDITION,
    candidates_of,
    parts_of,
    write_keys,
)
from marketplace.sources.linking.merging import (
    STAGE,
    choose_survivor,
    group_of,
    merge_records,
    refresh_merge,
    undo_merge,
)
from marketplace.sources.linking.subjects import SUBJECTS, Subject, digest_of, former_names_of
from marketplace.sources.models import LinkMark, LinkPair, Merge, Source
from marketplace.sources.visibility import MERGED
from marketplace.taxonomy.places import place_names

logger = structlog.get_logger(__name__)

Pair = tuple[int, int]
BATCH: Final = 60


@dataclass(slots=True)
class Compared:
    """A record made ready, with the version it was read in."""

    row: Any
    prepared: Prepared
    digest: str

    @property
    def pk(self) -> int:
        return int(self.row.pk)


@dataclass(slots=True)
class _Found:
    """What one batch found: verdicts by pair, and the records it is about."""

    records: dict[int, Compared] = field(default_factory=dict)
    verdicts: dict[Pair, Verdict] = field(default_factory=dict)
    #: Pairs that would be merged → the record with nearly as good a claim to one of them.
    contested: dict[Pair, int] = field(default_factory=dict)
    #: Merges of the stage itself that a record of this batch contests.
    doubted: list[Merge] = field(default_factory=list)


def link_batch(limit: int = BATCH) -> int:
    """Links the next records of every register; returns how many it did."""
    return sum(_link(subject, limit) for subject in SUBJECTS.values())


def stale_records(subject: Subject) -> Any:
    """Records that changed since they were compared, or never were, or were in an older way."""
    done = LinkMark.objects.filter(
        kind=subject.kind,
        record=OuterRef("pk"),
        version__gte=OuterRef("content_version"),
        edition__gte=LINKING_EDITION,
    )
    return subject.rows().filter(~Exists(done)).order_by("pk")


def _link(subject: Subject, limit: int) -> int:
    rows = list(stale_records(subject)[:limit])
    if not rows:
        return 0
    sandboxes = set(Source.objects.filter(is_sandbox=True).values_list("slug", flat=True))
    known = [row for row in rows if _is_known(subject, row) and row.source not in sandboxes]
    ready = {one.pk: one for one in _prepared(subject, known)}
    wanted = {(pk, key) for pk, one in ready.items() for key in blocking_keys(one.prepared)}
    write_keys(subject.kind, [row.pk for row in rows], wanted)
    found = _compare(subject, ready)
    _write(subject, rows, found)
    return len(rows)


def _is_known(subject: Subject, row: Any) -> bool:
    """A merged record keeps its keys: what comes later may have the better claim to it."""
    return subject.is_public(row) or subject.is_merged(row)


def _prepared(subject: Subject, rows: Sequence[Any]) -> list[Compared]:
    names = former_names_of(rows)
    filled = _filled_of(subject, [row.pk for row in rows])
    made = []
    for row in rows:
        facts = subject.facts(
            row,
            filled=filled.get(row.pk, ()),
            former_names=names.get(row.organization_id, ()),
        )
        made.append(Compared(row, prepare(facts, places=place_names()), digest_of(facts)))
    return made


def _filled_of(subject: Subject, pks: Iterable[int]) -> dict[int, set[str]]:
    """Survivor → fields whose value is another record's."""
    found: dict[int, set[str]] = {}
    merges = Merge.objects.standing().filter(kind=subject.kind, survivor__in=list(pks))
    for survivor, filled in merges.values_list("survivor", "filled"):
        found.setdefault(survivor, set()).update(filled)
    return found


def _compare(subject: Subject, ready: dict[int, Compared]) -> _Found:
    found = _Found(records=dict(ready))
    candidates = candidates_of(subject.kind, ready)
    missing = {one for others in candidates.values() for one in others} - ready.keys()
    for part in parts_of(sorted(missing), 500):
        rows = [row for row in subject.rows().filter(pk__in=part) if _is_known(subject, row)]
        found.records |= {one.pk: one for one in _prepared(subject, rows)}
    claims: dict[Pair, Verdict] = {}
    for record, others in candidates.items():
        for other in others:
            pair = (min(record, other), max(record, other))
            if other not in found.records or pair in found.verdicts or pair in claims:
                continue
            merged = sum(found.records[pk].row.withdrawn_at is not None for pk in pair)
            if merged < 2:
                into = claims if merged else found.verdicts
                into[pair] = _judge(found, *pair)
    found.contested = contested(
        found.verdicts, are_apart=lambda one, other: _are_apart(found, one, other)
    )
    found.doubted = _doubted(subject, claims, found)
    return found


def _judge(found: _Found, one: int, other: int) -> Verdict:
    left, right = (found.records[pk].prepared for pk in (one, other))
    return judge(compare_records(left, right))


def _are_apart(found: _Found, one: int, other: int) -> bool:
    """One source's records are two, as far as it knows."""
    left, right = found.records[one], found.records[other]
    if left.row.source == right.row.source:
        return True
    return is_apart(
        found.verdicts.get((min(one, other), max(one, other))) or _judge(found, one, other)
    )


def _doubted(subject: Subject, claims: dict[Pair, Verdict], found: _Found) -> list[Merge]:
    """A record that came later may fit a merged one as well as that into which it was merged; had it
    come first, nothing would have been merged unasked."""
    claimed: dict[int, list[tuple[int, Verdict]]] = {}
    for (left, right), verdict in claims.items():
        if not is_apart(verdict):
            is_left_merged = found.records[left].row.withdrawn_at is not None
            merged, claimant = (left, right) if is_left_merged else (right, left)
            claimed.setdefault(merged, []).append((claimant, verdict))
    merges = Merge.objects.standing().filter(
        kind=subject.kind, duplicate__in=claimed, merged_by=None, probability__isnull=False
    )
    standing = [merge for merge in (merges if claimed else ()) if merge.probability is not None]
    survivors = {merge.survivor for merge in standing}
    found.records |= _members(subject, survivors - found.records.keys())
    parted = _parted(subject, claimed)
    return [
        merge
        for merge in standing
        if any(
            claimant != merge.survivor
            and (min(claimant, merge.duplicate), max(claimant, merge.duplicate)) not in parted
            and is_rival(verdict.probability, merge.probability or 0)
            and _are_apart(found, claimant, merge.survivor)
            for claimant, verdict in claimed[merge.duplicate]
        )
    ]


def _parted(subject: Subject, records: Iterable[int]) -> set[Pair]:
    """Pairs of these records that somebody has parted."""
    rows = list(records)
    pairs = LinkPair.objects.filter(
        Q(left__in=rows) | Q(right__in=rows), kind=subject.kind, state=LinkPair.State.APART
    )
    return set(pairs.values_list("left", "right")) if rows else set()


# --- what was found, written down -----------------------------------------------------------------


def _write(subject: Subject, rows: Sequence[Any], found: _Found) -> None:
    with transaction.atomic():
        carry_decisions(
            subject.kind,
            {pk: (one.row.content_version, one.digest) for pk, one in found.records.items()},
        )
        for row in rows:
            _follow(subject, row)
        for merge in found.doubted:
            # Both are compared again with the newcomer, and with it in sight.
            undo_merge(merge, by=STAGE, reason="rival", keep_apart=False)
        _write_pairs(subject, rows, found)
        for row in rows:
            one = found.records.get(row.pk)
            # A merge of this batch has raised versions: those records are compared once more.
            done = {"version": row.content_version, "edition": LINKING_EDITION}
            done |= {"digest": one.digest} if one else {}
            LinkMark.objects.update_or_create(kind=subject.kind, record=row.pk, defaults=done)


def _follow(subject: Subject, row: Any) -> None:
    """Merges keep up with their records."""
    standing = Merge.objects.standing().filter(kind=subject.kind)
    own = standing.filter(duplicate=row.pk).first()
    if own is not None and (row.withdrawal_reason != MERGED or not _may_be_read(row)):
        # Its source or staff took the duplicate off, or it is held back: nothing of it may stay.
        undo_merge(own, by=STAGE, reason="duplicate.gone", keep_apart=False)
    elif own is not None:
        refresh_merge(own)
    elif row.withdrawal_reason == MERGED:
        # An import set the row back to a time when it was merged.
        type(row)._default_manager.filter(pk=row.pk).update(withdrawn_at=None, withdrawal_reason="")
    if row.withdrawal_reason == MERGED:
        return
    for merge in standing.filter(survivor=row.pk):
        if subject.is_public(row):
            refresh_merge(merge)
        elif row.withdrawal_reason != "classified":
            # The survivor left the pages; what it stood for is news again. Of a classified record
            # nothing is shown again by a program.
            undo_merge(merge, by=STAGE, reason="survivor.gone", keep_apart=False)


def _may_be_read(row: Any) -> bool:
    return bool(getattr(row, "publication_state", "published") == "published")


def _write_pairs(subject: Subject, rows: Sequence[Any], found: _Found) -> None:
    touched = {row.pk for row in rows}
    held = {
        (pair.left, pair.right): pair
        for pair in LinkPair.objects.filter(
            Q(left__in=touched) | Q(right__in=touched), kind=subject.kind
        )
    }
    # What nobody has decided and is found no more: one of them changed or left.
    LinkPair.objects.filter(
        pk__in=[
            pair.pk
            for place, pair in held.items()
            if pair.state in (LinkPair.State.WAITING, LinkPair.State.LATER)
            and (place not in found.verdicts or found.verdicts[place].decision is Decision.APART)
        ]
    ).delete()
    ordered = sorted(found.verdicts.items(), key=lambda item: -item[1].probability)
    for place, verdict in ordered:
        if verdict.decision is not Decision.APART:
            _decide(subject, place, verdict, found, held.get(place))


def _decide(
    subject: Subject,
    place: Pair,
    verdict: Verdict,
    found: _Found,
    held: LinkPair | None,
) -> None:
    left, right = (found.records[pk] for pk in place)
    same_contents = held is not None and (held.left_digest, held.right_digest) == (
        left.digest,
        right.digest,
    )
    if held is not None and (held.state == LinkPair.State.MERGED or same_contents):
        return
    explanation = verdict.as_data()
    is_automatic = verdict.decision is Decision.MERGE and held is None
    if is_automatic and (rival := found.contested.get(place)):
        explanation["cautions"].append(_rival_sign(found.records[rival]))
        is_automatic = False
    if is_automatic and (reason := _why_not_together(subject, left, right, found)):
        explanation["cautions"].append({"code": reason, "weight": 0, "agrees": None, "params": {}})
        is_automatic = False
    if held is not None and held.state == LinkPair.State.APART:
        # Somebody parted them; they have changed since, and that is for a person to see.
        explanation["cautions"].append(
            {"code": "parted_before", "weight": 0, "agrees": None, "params": {}}
        )
    if is_automatic:
        _merge(subject, left, right, verdict, explanation)
        return
    keep = held is not None and held.state == LinkPair.State.LATER
    LinkPair.objects.update_or_create(
        kind=subject.kind,
        left=place[0],
        right=place[1],
        defaults={
            "state": LinkPair.State.LATER if keep else LinkPair.State.WAITING,
            "probability": verdict.probability,
            "explanation": explanation,
            "left_digest": left.digest,
            "right_digest": right.digest,
            "found_at": clock.now(),
            "decided_at": None,
            "decided_by": None,
        },
    )


def _rival_sign(rival: Compared) -> dict[str, Any]:
    params = {"title": rival.row.title, "public_id": str(rival.row.public_id)}
    return {"code": "rival", "weight": 0, "agrees": None, "params": params}


def _why_not_together(subject: Subject, left: Compared, right: Compared, found: _Found) -> str:
    """What each stands for comes together as well: no two of them may have been parted by somebody,
    or contradict each other."""
    ours, theirs = group_of(subject.kind, left.pk), group_of(subject.kind, right.pk)
    parted = LinkPair.objects.filter(
        Q(left__in=ours, right__in=theirs) | Q(left__in=theirs, right__in=ours),
        kind=subject.kind,
        state=LinkPair.State.APART,
    )
    if parted.exists():
        return "group_parted"
    members = _members(subject, (ours | theirs) - found.records.keys())
    for one in ours:
        for other in theirs:
            pair = [members.get(pk) or found.records.get(pk) for pk in (one, other)]
            if None in pair or (one, other) == (left.pk, right.pk):
                continue
            first, second = (item.prepared for item in pair if item is not None)
            if judge(compare_records(first, second)).vetoes:
                return "group_contradicts"
    return ""


def _members(subject: Subject, pks: set[int]) -> dict[int, Compared]:
    return {one.pk: one for one in _prepared(subject, list(subject.rows().filter(pk__in=pks)))}


def _merge(
    subject: Subject,
    left: Compared,
    right: Compared,
    verdict: Verdict,
    explanation: dict[str, Any],
) -> None:
    survivor, duplicate = choose_survivor(subject, left.row, right.row)
    try:
        merge_records(
            subject.kind,
            survivor=survivor.pk,
            duplicate=duplicate.pk,
            by=STAGE,
            probability=verdict.probability,
            explanation=explanation,
            versions={one.pk: one.row.content_version for one in (left, right)},
        )
    except DomainError as refused:
        # One of them changed or was merged a moment ago, perhaps in this batch: its version is ahead
        # of its mark then, and the pair is looked at again.
        logger.info("not merged", kind=subject.kind, reason=type(refused).__name__)
