"""What a person says about a pair: one record, two records, later."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import InvalidTransition
from marketplace.research.models import Result, Task
from marketplace.sources.linking.keys import LINKING_EDITION
from marketplace.sources.linking.merging import merge_records, survivor_of
from marketplace.sources.linking.subjects import SUBJECTS
from marketplace.sources.models import LinkMark, LinkPair, Merge

#: A pair that waits or was put off may be decided; so may one that was parted, should it be reopened.
_OPEN = (LinkPair.State.WAITING, LinkPair.State.LATER)


@transaction.atomic
def merge_pair(pair: LinkPair, *, survivor: int, by: Any, versions: dict[int, int]) -> Merge:
    """A person says that the two are one, and which of them stays.

    Raises:
        InvalidTransition: it was decided elsewhere, or a record changed since it was shown.
        NotMergeable: one of them left the pages meanwhile.
    """
    if survivor not in (pair.left, pair.right):
        raise ValueError("the survivor is one of the pair")
    _take(pair)
    duplicate = pair.left if survivor == pair.right else pair.right
    return merge_records(
        pair.kind,
        survivor=survivor,
        duplicate=duplicate,
        by=by,
        probability=pair.probability,
        explanation=pair.explanation,
        versions=versions,
    )


@transaction.atomic
def keep_apart(pair: LinkPair, *, by: Any, note: str = "") -> None:
    """A person says that they are two: nothing joins them again unless one of them changes."""
    _take(pair)
    _settle(pair, LinkPair.State.APART, by=by, note=note)


@transaction.atomic
def decide_later(pair: LinkPair, *, by: Any, note: str = "") -> None:
    _take(pair)
    _settle(pair, LinkPair.State.LATER, by=by, note=note)


@transaction.atomic
def ask_again(pair: LinkPair, *, by: Any) -> None:
    """Takes back that two were kept apart."""
    rows = LinkPair.objects.filter(pk=pair.pk, state=LinkPair.State.APART)
    if not rows.update(state=LinkPair.State.WAITING, decided_at=None, decided_by=None):
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    pair.refresh_from_db()
    audit.record("link_pair.waiting", f"link_pair:{pair.pk}", by=by)


def carry_decisions(kind: str, records: dict[int, tuple[int, str]]) -> None:
    """What was decided of a record holds on where the way of comparing changed and the record did not.

    ``records``: content version and digest of today's way. Run inside a transaction.
    """
    marks = LinkMark.objects.filter(
        kind=kind, record__in=records, edition__lt=LINKING_EDITION
    ).exclude(digest="")
    for mark in marks:
        version, digest = records[mark.record]
        if mark.version < version or mark.digest == digest:
            continue
        for side in ("left", "right"):
            LinkPair.objects.filter(
                **{side: mark.record, f"{side}_digest": mark.digest},
                kind=kind,
                state__in=(LinkPair.State.APART, LinkPair.State.LATER),
            ).update(**{f"{side}_digest": digest})


def forward_merged(record: Result | Task) -> Result | Task | None:
    """The record that stands for a merged one, where everybody may read it."""
    kind = "task" if isinstance(record, Task) else "result"
    survivor = survivor_of(kind, record.pk)
    if survivor is None:
        return None
    found = SUBJECTS[kind].rows().filter(pk=survivor).first()
    return found if found is not None and SUBJECTS[kind].is_public(found) else None


def _take(pair: LinkPair) -> None:
    locked = LinkPair.objects.select_for_update().filter(pk=pair.pk).first()
    if locked is None or locked.state not in _OPEN:
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))


def _settle(pair: LinkPair, state: str, *, by: Any, note: str) -> None:
    LinkPair.objects.filter(pk=pair.pk).update(
        state=state,
        note=note[:300],
        decided_at=clock.now(),
        decided_by=by if getattr(by, "pk", None) else None,
    )
    pair.refresh_from_db()
    audit.record(f"link_pair.{state}", f"link_pair:{pair.pk}", by=by)
