"""Joining two records so that nothing is lost, and taking it back whole."""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.sources.linking.attachments import attachment, attachments_of
from marketplace.sources.linking.subjects import (
    SUBJECTS,
    Subject,
    empty_value,
    is_empty,
    read_value,
    write_value,
)
from marketplace.sources.models import Correction, LinkMark, LinkPair, Merge, Source
from marketplace.sources.visibility import MERGED

#: How the stage signs in the audit log.
STAGE: Final = "sources.link"


class NotMergeable(DomainError):
    """One of the two is not on the pages, or stands for another record already."""


def choose_survivor(subject: Subject, one: Any, other: Any) -> tuple[Any, Any]:
    """`(survivor, duplicate)`: what is registered first, then the more trusted source, then the one
    that knows more, then the older."""
    trusts = dict(
        Source.objects.filter(slug__in={one.source, other.source}).values_list("slug", "trust")
    )

    def rank(row: Any) -> tuple[bool, int, int, int]:
        known = sum(not is_empty(name, read_value(row, name)) for name in subject.fillable)
        registered = bool(getattr(row, "certificate_number", ""))
        return registered, trusts.get(row.source, 0), known, -row.pk

    survivor, duplicate = sorted((one, other), key=rank, reverse=True)
    return survivor, duplicate


def survivor_of(kind: str, record: int) -> int | None:
    """The record that stands for this one in the end; None where it stands for itself."""
    found: int | None = None
    seen = {record}
    while True:
        step = (
            Merge.objects.standing()
            .filter(kind=kind, duplicate=found or record)
            .values_list("survivor", flat=True)
            .first()
        )
        if step is None or step in seen:
            return found
        seen.add(step)
        found = step


def group_of(kind: str, record: int) -> set[int]:
    """The record and all that it stands for."""
    group, edge = {record}, {record}
    while edge:
        edge = set(
            Merge.objects.standing()
            .filter(kind=kind, survivor__in=edge)
            .values_list("duplicate", flat=True)
        )
        edge -= group
        group |= edge
    return group


@transaction.atomic
def merge_records(
    kind: str,
    *,
    survivor: int,
    duplicate: int,
    by: Any,
    probability: float | None = None,
    explanation: dict[str, Any] | None = None,
    versions: dict[int, int] | None = None,
) -> Merge:
    """The survivor stands for both from now on: its empty fields are filled, what hangs on the
    duplicate goes with it, the duplicate leaves the pages.

    `versions`: the versions that were compared; where one has moved on nothing is done.

    Raises:
        NotMergeable: one of them is not public, or merged already.
        InvalidTransition: one of them has changed since it was compared.
    """
    subject = SUBJECTS[kind]
    rows = {row.pk: row for row in _locked(subject, survivor, duplicate)}
    kept, gone = rows[survivor], rows[duplicate]
    if not (subject.is_public(kept) and subject.is_public(gone)):
        raise NotMergeable(_("Chỉ gộp được hai bản ghi đang công khai."))
    if any(row.content_version != (versions or {}).get(row.pk, row.content_version) for row in rows.values()):  # fmt: skip
        raise InvalidTransition(_("Bản ghi vừa thay đổi. Hãy tải lại trang."))
    now = clock.now()
    filled = _fill(subject, kept, gone)
    type(gone)._default_manager.filter(pk=gone.pk).update(
        withdrawn_at=now, withdrawal_reason=MERGED
    )
    moved = {one.name: one.move(duplicate, survivor) for one in attachments_of(kind)}
    merge = Merge.objects.create(
        kind=kind,
        duplicate=duplicate,
        survivor=survivor,
        probability=probability,
        explanation=explanation or {},
        filled=filled,
        moved={name: data for name, data in moved.items() if data},
        merged_at=now,
        merged_by=by if getattr(by, "pk", None) else None,
    )
    _settle_pair(merge, LinkPair.State.MERGED, by=by)
    audit.record(
        f"{kind}.merged",
        f"{kind}:{gone.public_id}",
        by=by,
        into=kept.public_id,
        probability=probability and round(probability, 4),
        filled=sorted(filled),
    )
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: Any, reason: str = "", keep_apart: bool = True) -> None:
    """Both records are what they were: what was filled in and still stands is taken out, what was
    moved goes back, the duplicate is on the pages again unless its source or staff took it off.

    The two are kept apart from then on, unless their contents change (`keep_apart`).

    Raises:
        InvalidTransition: it was undone already.
    """
    subject = SUBJECTS[merge.kind]
    rows = {row.pk: row for row in _locked(subject, merge.survivor, merge.duplicate)}
    kept, gone = rows[merge.survivor], rows[merge.duplicate]
    undone = Merge.objects.standing().filter(pk=merge.pk)
    if not undone.update(
        undone_at=clock.now(),
        undone_by=by if getattr(by, "pk", None) else None,
        undo_reason=reason[:300],
    ):
        raise InvalidTransition(_("Lần gộp này đã được tách trước đó."))
    merge.refresh_from_db()
    for name, data in merge.moved.items():
        if found := attachment(merge.kind, name):
            found.take_back(data, merge.duplicate, merge.survivor)
    _take_out(kept, merge.filled)
    if gone.withdrawal_reason == MERGED:
        type(gone)._default_manager.filter(pk=gone.pk).update(
            withdrawn_at=None, withdrawal_reason=""
        )
    if keep_apart:
        _settle_pair(merge, LinkPair.State.APART, by=by)
    else:
        LinkPair.objects.filter(**_pair_key(merge)).delete()
    audit.record(
        f"{merge.kind}.merge_undone",
        f"{merge.kind}:{gone.public_id}",
        by=by,
        from_=kept.public_id,
    )


def refresh_merge(merge: Merge) -> bool:
    """Brings what the survivor was filled with to what the duplicate says now; a value that the
    survivor has got by itself since stays. Says whether anything changed. Run inside a transaction."""
    subject = SUBJECTS[merge.kind]
    rows = {row.pk: row for row in _locked(subject, merge.survivor, merge.duplicate)}
    kept, gone = rows[merge.survivor], rows[merge.duplicate]
    before = dict(merge.filled)
    stale = {name: value for name, value in before.items() if read_value(gone, name) != value}
    _take_out(kept, stale)
    lost = {name for name, value in before.items() if read_value(kept, name) != value}
    standing = {name: value for name, value in before.items() if name not in lost}
    merge.filled = standing | _fill(subject, kept, gone)
    if merge.filled == before:
        return False
    merge.save(update_fields=["filled"])
    return True


# --- parts ----------------------------------------------------------------------------------------


def _locked(subject: Subject, *pks: int) -> list[Any]:
    rows = subject.model._default_manager.select_for_update(of=("self",)).filter(pk__in=pks)
    found = list(rows.order_by("pk"))
    if len(found) != len(set(pks)):
        raise NotMergeable(_("Không còn bản ghi này."))
    return found


def _fill(subject: Subject, kept: Any, gone: Any) -> dict[str, Any]:
    """Empty fields of the survivor get the duplicate's value; those that staff emptied stay empty."""
    standing = Correction.objects.standing().of(type(kept), [kept.pk])
    corrected = set(standing.values_list("field", flat=True))
    filled: dict[str, Any] = {}
    columns: set[str] = set()
    for name in subject.fillable:
        value = read_value(gone, name)
        if name in corrected or is_empty(name, value):
            continue
        if is_empty(name, read_value(kept, name)):
            filled[name] = value
            columns |= write_value(kept, name, value)
    if columns:
        kept.save(update_fields=sorted(columns))
    return filled


def _take_out(kept: Any, filled: dict[str, Any]) -> None:
    columns: set[str] = set()
    for name, value in filled.items():
        if read_value(kept, name) == value:
            columns |= write_value(kept, name, empty_value(kept, name))
    if columns:
        kept.save(update_fields=sorted(columns))


def _pair_key(merge: Merge) -> dict[str, Any]:
    left, right = sorted((merge.duplicate, merge.survivor))
    return {"kind": merge.kind, "left": left, "right": right}


def _settle_pair(merge: Merge, state: str, *, by: Any) -> None:
    # Joined by hand without having been found, it has no pair yet: one is made, so that it holds.
    key = _pair_key(merge)
    digests = dict(
        LinkMark.objects.filter(
            kind=merge.kind, record__in=(key["left"], key["right"])
        ).values_list("record", "digest")
    )
    decision = {
        "state": state,
        "decided_at": clock.now(),
        "decided_by": by if getattr(by, "pk", None) else None,
        "left_digest": digests.get(key["left"], ""),
        "right_digest": digests.get(key["right"], ""),
    }
    LinkPair.objects.update_or_create(
        **key,
        defaults=decision,
        create_defaults=decision
        | {
            "probability": merge.probability or 0,
            "explanation": merge.explanation,
            "found_at": clock.now(),
        },
    )
