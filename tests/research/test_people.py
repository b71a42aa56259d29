"""Authority records of people: the stage that makes them, and merge, split and undo by staff."""

import pytest

from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.research import naming
from marketplace.research.models import Participation, Person, Result
from marketplace.research.naming import name_batch
from marketplace.research.people import (
    PeopleConflict,
    merge_people,
    split_person,
    undo_person_act,
    update_person,
)
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.research import PersonFactory, ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db


def run():
    while name_batch():
        pass


def named(*names, **facts):
    people = [{"name": name, "role": "member"} for name in names]
    return ResultFactory(people=people, **facts)


def everybody():
    return sorted(
        (person.name, person.organization_id or 0, person.participations.count())
        for person in Person.objects.current()
    )


def test_the_same_name_at_the_same_organisation_is_one_person_and_no_other_is():
    ours, theirs = OrganizationFactory(), OrganizationFactory()
    named("PGS.TS. Nguyễn Văn Hùng", organization=ours)
    named("NGUYỄN VĂN HÙNG", organization=ours)
    named("Nguyễn Văn Hưng", organization=ours)
    named("Nguyễn Văn Hùng", organization=theirs)
    named("Nguyễn Văn Hùng", organization=None)
    TaskFactory(people=[{"name": "Nguyễn Văn Hùng", "role": "lead"}], organization=ours)

    run()

    assert everybody() == [
        ("Nguyễn Văn Hùng", 0, 1),
        ("Nguyễn Văn Hùng", ours.pk, 3),
        ("Nguyễn Văn Hùng", theirs.pk, 1),
        ("Nguyễn Văn Hưng", ours.pk, 1),
    ]
    assert not Result.objects.stale("people_version").exists()


def test_a_second_run_changes_nothing_and_a_changed_record_only_its_own_people():
    result = named("Trần Thị Một", "Lê Văn Hai")
    run()
    before = list(Participation.objects.order_by("pk").values())

    assert name_batch() == 0
    Result.objects.update_content(title="Tên khác")
    run()
    assert list(Participation.objects.order_by("pk").values()) == before

    result.refresh_from_db()
    result.people = [{"name": "Lê Văn Hai", "role": "lead"}, {"name": "Đỗ Ba", "role": "member"}]
    result.save()
    run()
    assert [(p.name, p.role, p.position) for p in result.participations.all()] == [
        ("Lê Văn Hai", "lead", 0),
        ("Đỗ Ba", "member", 1),
    ]
    assert not Person.objects.filter(name="Trần Thị Một").exists(), "nobody names her any more"


def test_a_person_of_another_organisation_than_the_records_own():
    ResultFactory(
        people=[{"name": "Phạm Bốn", "role": "member", "organization": "Viện Cây ăn quả"}]
    )

    run()

    assert Person.objects.get().organization.name == "Viện Cây ăn quả"


def test_killed_in_the_middle_of_a_batch_nothing_is_doubled_or_lost(monkeypatch):
    for _each in range(3):
        named("Trần Thị Một", "Lê Văn Hai")
    kept = naming._keep_variants

    def killed(named_people):
        kept(named_people)
        raise KeyboardInterrupt

    monkeypatch.setattr(naming, "_keep_variants", killed)
    with pytest.raises(KeyboardInterrupt):
        name_batch()
    monkeypatch.undo()
    assert not Person.objects.exists()

    run()

    assert Participation.objects.count() == 6
    assert Person.objects.count() == 6


def test_who_was_merged_is_meant_by_later_records_and_the_merge_can_be_undone():
    ours, theirs = OrganizationFactory(), OrganizationFactory()
    named("Nguyễn Văn Hùng", organization=ours)
    named("Nguyễn Văn Hùng", organization=theirs)
    run()
    kept, other = Person.objects.get(organization=ours), Person.objects.get(organization=theirs)
    Person.objects.filter(pk=other.pk).update(orcid="0000-0002-1825-0097")
    staff = UserFactory()

    act = merge_people(kept, Person.objects.get(pk=other.pk), by=staff, reason="cùng một người")
    later = named("Nguyễn Văn Hùng", organization=theirs)
    run()

    kept.refresh_from_db()
    assert kept.participations.count() == 3
    assert kept.orcid == "0000-0002-1825-0097"
    assert list(Person.objects.public()) == [kept]

    undo_person_act(act, by=staff)
    run()

    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.participations.count(), other.participations.count()) == (1, 2)
    assert later.participations.get().person == other
    assert (kept.orcid, other.orcid) == ("", "0000-0002-1825-0097")
    with pytest.raises(InvalidTransition):
        undo_person_act(act, by=staff)
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {
        "person.merged",
        "person.merge_undone",
    }


def test_merges_that_are_no_merges_change_nothing():
    ours = OrganizationFactory()
    named("Trần Thị Một", "Lê Văn Hai", organization=ours)
    run()
    one, two = Person.objects.order_by("pk")
    with pytest.raises(PeopleConflict, match="hai người khác nhau"):
        merge_people(one, two, by="test")
    with pytest.raises(PeopleConflict):
        merge_people(one, one, by="test")
    three = PersonFactory(orcid="0000-0002-1694-233X")
    Person.objects.filter(pk=one.pk).update(orcid="0000-0002-1825-0097")
    with pytest.raises(PeopleConflict, match="mã định danh"):
        merge_people(Person.objects.get(pk=one.pk), three, by="test")
    assert not AuditEntry.objects.exists()
    assert not Person.objects.exclude(merged_into=None).exists()


def test_a_split_stays_when_records_are_read_again_until_it_is_undone():
    ours = OrganizationFactory()
    first = named("Nguyễn Văn Hùng", organization=ours)
    second = named("Nguyễn Văn Hùng", organization=ours)
    run()
    person = Person.objects.get()
    with pytest.raises(PeopleConflict):
        split_person(person, [p.pk for p in person.participations.all()], by="test")
    with pytest.raises(PeopleConflict):
        split_person(person, [0], by="test")

    act = split_person(person, [second.participations.get().pk], by=UserFactory())
    Result.objects.update_content(title="Tên khác")
    run()

    assert first.participations.get().person == person
    assert second.participations.get().person == act.other != person

    undo_person_act(act, by=UserFactory())
    run()

    assert person.participations.count() == 2
    assert list(Person.objects.current()) == [person]


def test_identifiers_need_their_check_digit_and_one_owner():
    person, other = PersonFactory(), PersonFactory(orcid="0000-0002-1825-0097")
    facts = {"name": person.name, "isni": "", "agreed_on": None, "is_hidden": False, "by": "test"}

    with pytest.raises(PeopleConflict, match="ORCID"):
        update_person(person, orcid="0000-0002-1825-0098", **facts)
    with pytest.raises(PeopleConflict, match="gộp"):
        update_person(person, orcid=other.orcid, **facts)
    update_person(person, orcid="https://orcid.org/0000-0002-1694-233x", **facts)

    assert person.orcid == "0000-0002-1694-233X"


def test_a_corrected_name_is_still_meant_by_records_as_they_write_it():
    ours = OrganizationFactory()
    named("Nguyễn Văn Hùg", organization=ours)
    run()
    person = Person.objects.get()
    update_person(
        person,
        name="Nguyễn Văn Hùng", orcid="", isni="", agreed_on=None, is_hidden=False, by="test",
    )  # fmt: skip

    named("Nguyễn Văn Hùg", organization=ours)
    run()

    person = Person.objects.get()
    assert (person.name, person.variants) == ("Nguyễn Văn Hùng", ["Nguyễn Văn Hùg"])
    assert person.participations.count() == 2


def test_only_who_a_public_record_names_has_a_page():
    shown = named("Trần Thị Một")
    hidden = named("Lê Văn Hai", publication_state="pending")
    run()

    assert [person.name for person in Person.objects.public()] == ["Trần Thị Một"]
    assert hidden.participations.exists()

    Person.objects.update(is_hidden=True)
    assert not Person.objects.public().exists()
    assert shown.participations.exists()
