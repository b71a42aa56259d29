"""Two judges grade a pool without knowing of each other; what they differ in a third settles."""

import hashlib
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.matching.models import Grade, Judgement, JudgingItem, JudgingPool, JudgingSeat

SEATS: Final = (1, 2)


@transaction.atomic
def take_seat(pool: JudgingPool, *, judge: User) -> JudgingSeat:
    """The judge's seat, taken now where one is free.

    Raises:
        DomainError: two others judge it, or the need is of the judge's own organisation.
    """
    JudgingPool.objects.select_for_update(of=("self",)).get(pk=pool.pk)
    seats = {seat.number: seat for seat in pool.seats.all()}
    mine = next((seat for seat in seats.values() if seat.judge_id == judge.pk), None)
    if mine is not None:
        return mine
    if Membership.objects.filter(user=judge, organization=pool.need.organization_id).exists():
        raise DomainError(_("Nhu cầu là của tổ chức bạn; người khác chấm."))
    free = next((number for number in SEATS if number not in seats), None)
    if free is None:
        raise DomainError(_("Nhu cầu này đã có hai người chấm."))
    return JudgingSeat.objects.create(pool=pool, number=free, judge=judge)


def blind_order(pool: JudgingPool, judge: User) -> list[JudgingItem]:
    """The pool's items in an order that tells nothing, and another one for each judge."""

    def place(item: JudgingItem) -> str:
        mixed = f"{pool.public_id}:{judge.pk}:{item.kind}:{item.key}"
        return hashlib.sha256(mixed.encode()).hexdigest()

    return sorted(pool.items.all(), key=place)


@transaction.atomic
def grade_items(seat: JudgingSeat, grades: Mapping[int, int]) -> int:
    """Keeps grades by item; returns how many of the pool are still without one. With the last one
    the seat is finished.

    Raises:
        DomainError: a grade outside the scale, or an item of another pool.
        InvalidTransition: both judges have finished; what they said is compared already.
    """
    locked = JudgingSeat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if is_compared(locked.pool):
        raise InvalidTransition(_("Hai người đã chấm xong; không sửa điểm được nữa."))
    items = set(locked.pool.items.values_list("pk", flat=True))
    if not grades.keys() <= items or not set(grades.values()) <= set(Grade.values):
        raise DomainError(_("Điểm từ 0 đến 3, cho ứng viên của nhu cầu này."))
    for item, grade in grades.items():
        Judgement.objects.update_or_create(
            seat=locked, item_id=item, defaults={"grade": grade, "at": clock.now()}
        )
    left = len(items) - locked.judgements.count()
    JudgingSeat.objects.filter(pk=seat.pk).update(finished_at=None if left else clock.now())
    return left


def is_compared(pool: JudgingPool) -> bool:
    """Whether both judges have finished."""
    return pool.seats.exclude(finished_at=None).count() == len(SEATS)


def pairs_of(pool: JudgingPool) -> dict[int, tuple[int, int]]:
    """Both grades of each item; empty until both judges have finished."""
    if not is_compared(pool):
        return {}
    found: dict[int, list[int]] = {}
    rows = Judgement.objects.filter(seat__pool=pool).order_by("item", "seat__number")
    for item, grade in rows.values_list("item", "grade"):
        found.setdefault(item, []).append(grade)
    return {item: (grades[0], grades[1]) for item, grades in found.items()}


def disagreements(pool: JudgingPool) -> list[JudgingItem]:
    """Items that the two graded differently, with both grades, settled or not."""
    pairs = pairs_of(pool)
    differing = [item for item, (one, other) in pairs.items() if one != other]
    found = list(JudgingItem.objects.filter(pk__in=differing).select_related("settled_by"))
    for item in found:
        item.grades = pairs[item.pk]
    return found


@transaction.atomic
def settle(item: JudgingItem, *, grade: int, by: User) -> None:
    """A third person's word on an item that two graded differently.

    Raises:
        DomainError: the person is one of the two, or the two agree.
    """
    if grade not in Grade.values:
        raise DomainError(_("Điểm từ 0 đến 3, cho ứng viên của nhu cầu này."))
    if item.pool.seats.filter(judge=by).exists():
        raise DomainError(_("Bạn đã chấm nhu cầu này; người thứ ba quyết định chỗ khác nhau."))
    if Membership.objects.filter(user=by, organization=item.pool.need.organization_id).exists():
        raise DomainError(_("Nhu cầu là của tổ chức bạn; người khác chấm."))
    pair = pairs_of(item.pool).get(item.pk)
    if pair is None or pair[0] == pair[1]:
        raise DomainError(_("Ở đây không có chỗ khác nhau để quyết định."))
    JudgingItem.objects.filter(pk=item.pk).update(
        settled_grade=grade, settled_by=by, settled_at=clock.now()
    )
    audit.record("judging.settled", f"judging:{item.pool.public_id}", by=by, grade=grade)


def final_grades(pool: JudgingPool) -> dict[int, int] | None:
    """The grade of each item: what both said, or what the third said. None while something is open."""
    pairs = pairs_of(pool)
    if not pairs:
        return None
    settled = dict(pool.items.values_list("pk", "settled_grade"))
    found = {item: one if one == other else settled[item] for item, (one, other) in pairs.items()}
    if any(grade is None for grade in found.values()):
        return None
    return {item: grade for item, grade in found.items() if grade is not None}
