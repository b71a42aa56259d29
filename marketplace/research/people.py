"""What staff do to the authority records of people: merge, split, undo, correct."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.text import fold
from marketplace.research.identifiers import clean_isni, clean_orcid
from marketplace.research.models import Participation, Person, PersonAct, Result, Task
from marketplace.research.names import person_key
from marketplace.research.naming import MARK


class PeopleConflict(DomainError):
    """What is asked cannot be done with these two people."""


@transaction.atomic
def merge_people(kept: Person, other: Person, *, by: Any, reason: str = "") -> PersonAct:
    """`other` becomes `kept`: its parts move, its address leads there, records that name it mean
    `kept` from now on. `undo_person_act` takes it back.

    Raises:
        PeopleConflict: the two are one, or carry two different identifiers.
        InvalidTransition: one of them was merged away already.
    """
    if kept.pk == other.pk:
        raise PeopleConflict(_("Hãy chọn hai người khác nhau."))
    kept, other = _locked(kept, other)
    taken = {}
    for name in ("orcid", "isni"):
        mine, theirs = getattr(kept, name), getattr(other, name)
        if mine and theirs and mine != theirs:
            raise PeopleConflict(_("Hai người có mã định danh khác nhau nên không thể gộp."))
        if theirs and not mine:
            taken[name] = theirs
    clash = set(_records(kept)) & set(_records(other))
    if clash:
        raise PeopleConflict(_("Một hồ sơ nêu tên cả hai, nên họ là hai người khác nhau."))
    added = [
        name for name in (other.name, *other.variants) if name not in (kept.name, *kept.variants)
    ]
    moved = list(other.participations.order_by("pk").values_list("pk", flat=True))
    # Those that were merged into the other lead to the kept one as well: chains stay one long.
    followers = list(other.merged.order_by("pk").values_list("pk", flat=True))
    Participation.objects.filter(pk__in=moved).update(person=kept)
    Person.objects.filter(pk__in=[other.pk, *followers]).update(merged_into=kept)
    kept.variants = [*kept.variants, *added]
    for name, value in taken.items():
        setattr(kept, name, value)
    kept.save()
    act = PersonAct.objects.create(
        kind=PersonAct.Kind.MERGE,
        person=kept,
        other=other,
        moved=moved,
        added_variants=added,
        taken={**taken, "followers": followers},
        reason=reason[:300],
        by=by,
        at=clock.now(),
    )
    audit.record(
        "person.merged", f"person:{kept.public_id}", by=by, other=other.public_id, parts=len(moved)
    )
    return act


@transaction.atomic
def split_person(
    person: Person, participations: Sequence[int], *, by: Any, reason: str = ""
) -> PersonAct:
    """The parts named go to a new person of the same name; the tick leaves them there.

    Raises:
        PeopleConflict: none of the parts, or all of them, are the person's.
    """
    (person,) = _locked(person)
    own = set(person.participations.values_list("pk", flat=True))
    moved = sorted(own & set(participations))
    if not moved or len(moved) == len(own):
        raise PeopleConflict(_("Hãy chọn một phần (không phải tất cả) các hồ sơ để tách."))
    organization = person.organization
    last = (
        Person.objects.filter(name_key=person.name_key, organization=organization)
        .order_by("-homonym")
        .values_list("homonym", flat=True)
        .first()
    )
    other = Person(name=person.name, organization=organization, homonym=(last or 0) + 1)
    other.save()
    Participation.objects.filter(pk__in=moved).update(person=other, is_settled=True)
    act = PersonAct.objects.create(
        kind=PersonAct.Kind.SPLIT,
        person=person,
        other=other,
        moved=moved,
        reason=reason[:300],
        by=by,
        at=clock.now(),
    )
    audit.record(
        "person.split", f"person:{person.public_id}", by=by, other=other.public_id, parts=len(moved)
    )
    return act


@transaction.atomic
def undo_person_act(act: PersonAct, *, by: Any) -> None:
    """Takes a merge or a split back. Parts that records have dropped meanwhile stay dropped.

    Raises:
        InvalidTransition: it was undone already, or one of the two was merged elsewhere since.
    """
    now = clock.now()
    if not PersonAct.objects.filter(pk=act.pk, undone_at=None).update(undone_at=now):
        raise InvalidTransition(_("Việc này đã được hoàn tác trước đó."))
    act.refresh_from_db()
    person, other = act.person, act.other
    if act.kind == PersonAct.Kind.MERGE:
        if other.merged_into_id != person.pk:
            raise InvalidTransition(
                _("Người này đã được gộp tiếp. Hãy hoàn tác lần gộp sau trước.")
            )
        _locked(person)
        person.variants = [name for name in person.variants if name not in act.added_variants]
        for name in ("orcid", "isni"):
            if name in act.taken and getattr(person, name) == act.taken[name]:
                setattr(person, name, "")
        person.save()
        followers = act.taken.get("followers", [])
        Person.objects.filter(pk=other.pk).update(merged_into=None)
        Person.objects.filter(pk__in=followers, merged_into=person).update(merged_into=other)
        Participation.objects.filter(pk__in=act.moved, person=person).update(person=other)
        _ask_again(person)
    else:
        _locked(person, other)
        Participation.objects.filter(pk__in=act.moved, person=other).update(
            person=person, is_settled=False
        )
        Person.objects.filter(pk=other.pk).update(merged_into=person)
    audit.record(
        f"person.{act.kind}_undone", f"person:{person.public_id}", by=by, other=other.public_id
    )


@transaction.atomic
def update_person(
    person: Person, *, by: Any, name: str, orcid: str, isni: str, agreed_on: Any, is_hidden: bool
) -> None:
    """Corrects the name as shown, keeps identifiers whose check digit fits, hides the page.

    Raises:
        PeopleConflict: an identifier is wrong or another person's; the name means somebody else.
    """
    (row,) = _locked(person)
    identifiers = {"orcid": clean_orcid(orcid), "isni": clean_isni(isni)}
    for field_name, given in (("orcid", orcid), ("isni", isni)):
        if given.strip() and not identifiers[field_name]:
            raise PeopleConflict(
                _("%(name)s không đúng: chữ số kiểm tra không khớp.") % {"name": field_name.upper()}
            )
    shown = " ".join(name.split())
    if not person_key(shown):
        raise PeopleConflict(_("Hãy ghi họ và tên."))
    before = row.name
    changes: dict[str, Any] = {
        "name": shown,
        "name_folded": fold(shown),
        "agreed_on": agreed_on,
        "is_hidden": is_hidden,
        **identifiers,
    }
    if shown != before and before not in row.variants:
        changes["variants"] = [*row.variants, before]
    try:
        with transaction.atomic():
            # The key stays: records go on naming the person as they did.
            Person.objects.filter(pk=row.pk).update(**changes)
    except IntegrityError as error:
        raise PeopleConflict(
            _("Mã định danh này thuộc về người khác. Hãy gộp hai người.")
        ) from error
    person.refresh_from_db()
    audit.record("person.changed", f"person:{person.public_id}", by=by)


def _ask_again(person: Person) -> None:
    """Records that came meanwhile may have meant the other: the tick looks at all of them again."""
    open_parts = Participation.objects.filter(person=person, is_settled=False)
    for model, column in ((Result, "result"), (Task, "task")):
        model.objects.filter(pk__in=open_parts.values(column)).update(**{MARK: 0})


def _locked(*people: Person) -> list[Person]:
    keys = [person.pk for person in people]
    rows = {
        row.pk: row
        for row in Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    }
    if any(row.merged_into_id for row in rows.values()) or len(rows) < len(set(keys)):
        raise InvalidTransition(_("Người này đã được gộp vào người khác. Hãy tải lại trang."))
    return [rows[pk] for pk in keys]


def _records(person: Person) -> list[tuple[int | None, int | None]]:
    return list(person.participations.values_list("result", "task"))
