"""The lists of the registers: entries and counts kept by ticks, pages read from them."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.research import browsing, filing
from marketplace.research.browsing import COLUMNS, FACETS, Filters, browse, counted
from marketplace.research.filing import browse_batch, count_batch, count_register
from marketplace.research.models import Counting, Entry, EntryField, FacetCount, Register, Result
from marketplace.research.services import withdraw_result
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ProgrammeFactory, ResultFactory, TaskFactory
from tests.research.registers import browse_all

pytestmark = pytest.mark.django_db


def many(seed: int, count: int) -> list[Result]:
    """Results of a small world, so that every pair of values occurs."""
    rng = random.Random(seed)
    organizations = [OrganizationFactory(province_code=code) for code in ("1", "79", "")]
    programmes = [ProgrammeFactory(), None]
    return [
        ResultFactory(
            field_codes=rng.sample(["40107", "40105", "20501", "2"], k=rng.randint(0, 2)),
            year=rng.choice([2020, 2021, None]),
            level=rng.choice(["ministry", "province", ""]),
            agency=rng.choice(["Bộ Thử", "Bộ  THỬ", "UBND tỉnh Thử", ""]),
            organization=rng.choice([*organizations, None]),
            programme=rng.choice(programmes),
        )
        for _each in range(count)
    ]


def matching(filters: Filters) -> list[int]:
    """The same by brute force over the rows themselves."""
    rows = []
    for row in Result.objects.public().select_related("organization"):
        entry = Entry.objects.get(register=Register.RESULT, record=row.pk)
        values = {
            "level": row.level,
            "year": str(row.year or 0),
            "province": row.organization.province_code if row.organization else "",
            "programme": str(row.programme_id or ""),
            "organization": str(row.organization_id or ""),
            "agency": str(entry.agency_id or ""),
        }
        chosen = filters.chosen()
        code = chosen.pop("field", "")
        if (not code or f"|{code}|" in row.field_trail) and all(
            values[name] == value for name, value in chosen.items()
        ):
            rows.append(row)
    return [row.pk for row in sorted(rows, key=lambda row: (-(row.year or 0), -row.pk))]


@pytest.mark.parametrize("seed", [1, 2])
def test_lists_totals_and_counts_equal_what_the_rows_say(seed):
    many(seed, 40)
    browse_all()
    agency = Entry.objects.exclude(agency=None).order_by("pk").first().agency_id
    programme = Entry.objects.exclude(programme=None).order_by("pk").first().programme_id
    organization = Entry.objects.exclude(organization=None).order_by("pk").first().organization_id

    for filters in (
        Filters(),
        Filters(field="4"),
        Filters(field="401", year="2021"),
        Filters(agency=str(agency)),
        Filters(agency=str(agency), level="ministry"),
        Filters(field="2", level="ministry", year="2020"),
        Filters(programme=str(programme), province="79", level="province"),
        Filters(organization=str(organization)),
        Filters(organization=str(organization), field="401"),
    ):
        expected = matching(filters)
        found = browse(Register.RESULT, filters, page=100)
        assert found.keys == expected
        assert (found.total, found.is_more) == (len(expected), False)
        for facet in ("field", *COLUMNS):
            others = set(matching(filters.without(facet)))
            counter: Counter[str] = Counter()
            if facet == "field":
                counter.update(
                    EntryField.objects.filter(record__in=others).values_list("code", flat=True)
                )
            else:
                rows = Entry.objects.filter(record__in=others).values_list(
                    COLUMNS[facet], flat=True
                )
                counter.update(str(value) for value in rows if value not in ("", 0, None))
            if facet == "field" and filters.field and len(filters.chosen()) < 2:
                # Counts of a tree: what is below the chosen field is counted as it stands.
                assert found.facets["field"] == dict(counter)
            else:
                assert found.facets[facet] == dict(counter), (filters, facet)


def test_two_spellings_of_an_agency_are_one_value():
    ResultFactory(agency="Bộ Thử Nghiệm")
    ResultFactory(agency="BỘ THỬ NGHIỆM")
    browse_all()

    assert Entry.objects.values("agency").distinct().count() == 1


def test_what_is_withdrawn_or_changed_leaves_or_moves_and_the_counts_follow():
    kept, gone = ResultFactory(year=2021), ResultFactory(year=2021)
    browse_all()
    assert counted(Register.RESULT, year="2021") == 2

    withdraw_result(gone, by="test", reason="sai")
    kept.year = 2022
    kept.save()
    browse_all()

    assert browse(Register.RESULT, Filters()).keys == [kept.pk]
    assert (counted(Register.RESULT, year="2021"), counted(Register.RESULT, year="2022")) == (0, 1)
    assert not FacetCount.objects.filter(register=Register.RESULT, count=0).exists()


def test_tasks_are_filed_under_the_year_they_began():
    task = TaskFactory(started_on="2023-04")
    browse_all()

    assert browse(Register.TASK, Filters(year="2023")).keys == [task.pk]
    assert browse(Register.RESULT, Filters()).keys == []


def test_killed_between_entries_and_mark_nothing_is_doubled(monkeypatch):
    ResultFactory.create_batch(3)

    def killed(register):
        raise KeyboardInterrupt

    monkeypatch.setattr(filing, "_note_change", killed)
    with pytest.raises(KeyboardInterrupt):
        browse_batch()
    monkeypatch.undo()
    assert not Entry.objects.exists()

    browse_all()
    browse_all()

    assert Entry.objects.count() == 3
    assert EntryField.objects.count() == 9


def test_killed_while_counting_the_next_run_ends_with_the_same_counts(monkeypatch):
    many(3, 30)
    while browse_batch():
        pass
    count_register(Register.RESULT)
    undisturbed = set(FacetCount.objects.values_list("by", "by_value", "facet", "value", "count"))
    FacetCount.objects.all().delete()

    parts = filing._parts

    def killed(rows):
        for number, part in enumerate(parts(rows)):
            yield part[:5]
            if number == 0:
                raise KeyboardInterrupt

    monkeypatch.setattr(filing, "_parts", killed)
    with pytest.raises(KeyboardInterrupt):
        count_register(Register.RESULT)
    monkeypatch.undo()
    assert FacetCount.objects.count() == 5
    count_register(Register.RESULT)

    again = set(FacetCount.objects.values_list("by", "by_value", "facet", "value", "count"))
    assert again == undisturbed


def test_counting_rests_after_a_long_run_and_has_nothing_to_do_when_nothing_changed():
    ResultFactory()
    browse_batch()
    assert count_batch() == 1
    assert count_batch() == 0

    Counting.objects.update(seconds=30, changed=9)
    assert count_batch() == 0
    with clock.frozen_at(clock.now() + timedelta(minutes=11)):
        assert count_batch() == 1


def test_beyond_the_cap_nothing_is_counted_while_a_reader_waits(monkeypatch):
    monkeypatch.setattr(browsing, "CAP", 3)
    organization = OrganizationFactory()
    ResultFactory.create_batch(5, organization=organization)
    browse_all()

    found = browse(Register.RESULT, Filters(organization=str(organization.pk)))

    assert (found.total, found.is_more) == (5, True)
    assert set(found.facets["year"].values()) == {None}


def test_two_filters_beyond_the_cap_offer_the_values_of_both_and_say_no_counts(monkeypatch):
    many(5, 60)
    browse_all()
    monkeypatch.setattr(browsing, "CAP", 2)
    filters = Filters(field="4", level="ministry")
    together = matching(filters)
    assert len(together) > 2

    found = browse(Register.RESULT, filters, page=100)

    assert (found.keys, found.total) == (together, len(together))
    entries = Entry.objects.filter(record__in=together)
    for facet in set(FACETS) - {"field", "level"}:
        there = {str(v) for v in entries.values_list(COLUMNS[facet], flat=True)} - {"", "0", "None"}
        # Of values that occur with each of the two, some may not occur with both.
        assert there <= set(found.facets[facet])
        assert set(found.facets[facet].values()) == {None}


@pytest.mark.parametrize("seed", [3, 4])
def test_a_field_is_found_from_whichever_side_has_fewer(seed):
    many(seed, 40)
    browse_all()

    for code in ("4", "401", "40107", "2", "205"):
        for more in ({"level": "ministry"}, {"year": "2021"}, {"province": "79", "year": "2020"}):
            filters = Filters(field=code, **more)
            expected = matching(filters)
            walked = [
                browsing._Entries(Register.RESULT, filters) for _side in ("entries", "fields")
            ]
            walked[0].is_field_first, walked[1].is_field_first = False, True
            for entries in walked:
                rows = entries.meeting(filters).order_by("-year", "-record")
                assert list(rows.values_list("record", flat=True)) == expected


def test_a_changed_record_changes_what_lies_beside_its_fields():
    row = ResultFactory(field_codes=["40107"], level="ministry")
    browse_all()
    row.level = "province"
    row.save()
    browse_all()

    assert browse(Register.RESULT, Filters(field="401", level="province")).keys == [row.pk]
    assert browse(Register.RESULT, Filters(field="401", level="ministry")).keys == []
