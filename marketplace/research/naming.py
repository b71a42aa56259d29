"""The stage that makes authority records of the people whom records name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from marketplace.accounts.services import find_or_create_organizations
from marketplace.core.text import fold
from marketplace.research.models import (
    Participation,
    Person,
    PersonAct,
    PersonRole,
    Record,
    Result,
    Task,
)
from marketplace.research.names import bare_name, person_key

MARK: Final = "people_version"
_BATCH: Final = 300
_NAME: Final = 200
_ROLES: Final = frozenset(PersonRole.values)

#: The name's key and the organisation: exactly that makes two mentions one person.
Who = tuple[str, int | None]


@dataclass(slots=True)
class _Mention:
    record: int
    who: Who
    name: str
    role: str
    position: int


@dataclass(slots=True)
class _Batch:
    column: str
    mentions: list[_Mention] = field(default_factory=list)
    done: list[tuple[int, int]] = field(default_factory=list)


def name_batch(limit: int = _BATCH) -> int:
    """Brings the people of records whose content is ahead in line; the stage of `research.people`.

    The same name at the same organisation is the same person; a name alone joins nobody. Whatever
    staff merged or split stays so. One transaction a batch: killed, nothing of it remains.
    """
    for model, column in ((Result, "result"), (Task, "task")):
        with transaction.atomic():
            batch = _read(model, column, limit)
            if batch.done:
                _write(batch)
                model.mark_done(MARK, batch.done)
                return len(batch.done)
    return 0


def _read(model: type[Record], column: str, limit: int) -> _Batch:
    rows = list(
        model.objects.stale(MARK)
        .order_by("pk")
        .values_list("pk", "content_version", "people", "organization")[:limit]
    )
    named = {
        str(entry["organization"])
        for _pk, _version, people, _organization in rows
        for entry in people
        if entry.get("organization")
    }
    organizations = {
        name: found.pk for name, found in find_or_create_organizations(sorted(named)).items()
    }
    batch = _Batch(column)
    for pk, version, people, organization in rows:
        batch.done.append((pk, version))
        seen = set()
        for position, entry in enumerate(people):
            name = str(entry.get("name", ""))[:_NAME]
            key = person_key(name)
            if not key or key in seen:
                continue
            seen.add(key)
            role = entry.get("role", "")
            batch.mentions.append(
                _Mention(
                    record=pk,
                    who=(key, organizations.get(str(entry.get("organization", "")), organization)),
                    name=name,
                    role=role if role in _ROLES else PersonRole.MEMBER,
                    position=position,
                )
            )
    return batch


def _write(batch: _Batch) -> None:
    column = f"{batch.column}_id"
    held = {
        (getattr(row, column), row.name_key): row
        for row in Participation.objects.select_for_update(of=("self",))
        .filter(**{f"{column}__in": [pk for pk, _version in batch.done]})
        .order_by("pk")
    }
    open_mentions = [
        mention
        for mention in batch.mentions
        if not ((row := held.get((mention.record, mention.who[0]))) and row.is_settled)
    ]
    people = _people({mention.who: mention.name for mention in open_mentions})
    new, changed, left = [], [], set()
    for mention in batch.mentions:
        row = held.pop((mention.record, mention.who[0]), None)
        facts = {"name": mention.name, "role": mention.role, "position": mention.position}
        if row is None:
            new.append(
                Participation(
                    **{column: mention.record},
                    person_id=people[mention.who],
                    name_key=mention.who[0],
                    **facts,
                )
            )
            continue
        if not row.is_settled:
            facts["person_id"] = people[mention.who]
        if any(getattr(row, name) != value for name, value in facts.items()):
            left.add(row.person_id)
            for name, value in facts.items():
                setattr(row, name, value)
            changed.append(row)
    left |= {row.person_id for row in held.values()}
    Participation.objects.filter(pk__in=[row.pk for row in held.values()]).delete()
    Participation.objects.bulk_update(changed, ["name", "role", "position", "person"])
    Participation.objects.bulk_create(new)
    _keep_variants((people[mention.who], mention.name) for mention in open_mentions)
    _drop_unnamed(left)


def _people(names: dict[Who, str]) -> dict[Who, int]:
    """Who → the person's key; made where there is none, followed where staff merged it."""
    found = _known(names)
    missing = [who for who in names if who not in found]
    if missing:
        # Another process may make the same person: its row is then the one.
        Person.objects.bulk_create(
            (_new_person(who, names[who]) for who in missing), ignore_conflicts=True
        )
        found |= _known(missing)
    return found


def _known(wanted: Iterable[Who]) -> dict[Who, int]:
    asked = set(wanted)
    rows = Person.objects.filter(homonym=0, name_key__in={key for key, _organization in asked})
    return {
        (key, organization): merged_into or pk
        for pk, key, organization, merged_into in rows.values_list(
            "pk", "name_key", "organization", "merged_into"
        )
        if (key, organization) in asked
    }


def _new_person(who: Who, name: str) -> Person:
    key, organization = who
    shown = _shown(name)
    return Person(name=shown, name_key=key, name_folded=fold(shown), organization_id=organization)


def _shown(name: str) -> str:
    """As a name is written on a page: bare of titles, not all in capitals."""
    bare = bare_name(name)
    return bare.title() if bare.isupper() and " " in bare else bare


def _keep_variants(named: Iterable[tuple[int, str]]) -> None:
    spellings: dict[int, set[str]] = {}
    for pk, name in named:
        spellings.setdefault(pk, set()).add(_shown(name))
    changed = []
    for person in Person.objects.filter(pk__in=spellings).order_by("pk"):
        new = spellings[person.pk] - {person.name, *person.variants}
        if new:
            person.variants = [*person.variants, *sorted(new)][:50]
            changed.append(person)
    Person.objects.bulk_update(changed, ["variants"])


def _drop_unnamed(people: set[int]) -> None:
    """Nobody is kept whom no record names any more, unless staff worked on them."""
    Person.objects.filter(
        ~Exists(Participation.objects.filter(person=OuterRef("pk"))),
        ~Exists(PersonAct.objects.filter(Q(person=OuterRef("pk")) | Q(other=OuterRef("pk")))),
        pk__in=people,
        merged_into=None,
        is_hidden=False,
        orcid="",
        isni="",
    ).delete()
