"""Joining two records loses nothing, and taking it back brings back all."""

import pytest
from django.apps import apps
from django.db import transaction
from django.forms.models import model_to_dict

from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.matching.models import Match
from marketplace.research.models import Application, OldIdentifier, Result, Task
from marketplace.research.services import withdraw_result
from marketplace.sources.linking.attachments import attachments_of, register_attachment
from marketplace.sources.linking.deciding import forward_merged
from marketplace.sources.linking.merging import (
    NotMergeable,
    choose_survivor,
    group_of,
    merge_records,
    survivor_of,
    undo_merge,
)
from marketplace.sources.linking.subjects import RESULTS, SUBJECTS, is_empty, read_value
from marketplace.sources.models import Correction, LinkPair, Merge, Source
from marketplace.sources.visibility import DELETED, MERGED
from tests.factories.accounts import UserFactory
from tests.factories.listings import NeedFactory
from tests.factories.research import TaskFactory

BOOKKEEPING = {
    "content_version", "indexed_version", "matched_version", "alerted_version", "people_version",
    "browsed_version", "listed_version",
}  # fmt: skip


def contents(row):
    row.refresh_from_db()
    names = [f.attname for f in row._meta.concrete_fields if f.name not in BOOKKEEPING]
    return {name: getattr(row, name) for name in names}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# --- joining and taking back ----------------------------------------------------------------------


def test_survivor_gets_what_it_lacks_and_the_duplicate_leaves_the_pages(twins):
    kept, gone, merge = twins

    assert (kept.trl, kept.products) == (7, "Máy sấy 300 kg/mẻ")
    assert kept.keywords == ["xoài"]  # what it had stays
    assert merge.filled == {"trl": 7, "products": "Máy sấy 300 kg/mẻ"}
    assert (gone.withdrawal_reason, gone in Result.objects.public()) == (MERGED, False)
    assert merge.merged_by is None
    assert LinkPair.objects.get().state == "merged"


def test_address_of_the_duplicate_leads_to_the_survivor(client, twins):
    kept, gone, merge = twins

    answer = client.get(gone.get_absolute_url())

    assert (answer.status_code, answer.url) == (302, kept.get_absolute_url())
    undo_merge(merge, by=UserFactory())
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_address_leads_nowhere_when_the_survivor_left_too(client, twins):
    kept, gone, _merge = twins
    withdraw_result(kept, by="thử", reason="lỗi")

    assert client.get(gone.get_absolute_url()).status_code == 410


def test_undoing_brings_both_back_as_they_were(record):
    kept, gone = record("bo", trl=None, agency=""), record("tinh", agency="Bộ Y tế")
    before = contents(kept), contents(gone)

    merge = merge_records("result", survivor=kept.pk, duplicate=gone.pk, by=UserFactory())
    assert contents(kept) != before[0]
    person = UserFactory()
    undo_merge(merge, by=person, reason="Hai đề tài khác nhau")

    assert (contents(kept), contents(gone)) == before
    merge.refresh_from_db()
    assert (merge.undone_by, merge.undo_reason) == (person, "Hai đề tài khác nhau")
    assert LinkPair.objects.get().state == "apart"
    actions = AuditEntry.objects.filter(subject=f"result:{gone.public_id}").values_list("action", flat=True)  # fmt: skip
    assert set(actions) == {"result.merged", "result.merge_undone"}
    with pytest.raises(InvalidTransition):
        undo_merge(merge, by=person)


def test_value_that_the_survivor_got_since_stays_when_it_is_undone(twins):
    kept, _gone, merge = twins
    kept.trl = 9
    kept.save(update_fields=["trl"])

    undo_merge(merge, by=UserFactory())

    assert (fresh(kept).trl, fresh(kept).products) == (9, "")


def test_field_that_staff_emptied_is_not_filled(record):
    kept, gone = record("bo", trl=None), record("tinh", trl=7)
    Correction.objects.create(
        result=kept, field="trl", value=None, over_value=3, reason="sai", at="2026-11-25T00:00Z"
    )

    merge = merge_records("result", survivor=kept.pk, duplicate=gone.pk, by="thử")

    assert "trl" not in merge.filled
    assert fresh(kept).trl is None


def test_every_value_survives_the_way_there_and_back(record):
    """Whatever a column may hold, of either register."""
    for subject, make in ((RESULTS, record), (SUBJECTS["task"], TaskFactory)):
        empty = {
            name: subject.model._meta.get_field(name).get_default() for name in subject.fillable
        }
        full = make(source="tinh", **_values(subject))
        kept = make(source="bo", **empty)
        before = contents(kept)

        merge = merge_records(subject.kind, survivor=kept.pk, duplicate=full.pk, by="thử")

        assert set(_values(subject)) < set(merge.filled)
        assert set(merge.filled) == {
            name for name in subject.fillable if not is_empty(name, read_value(full, name))
        }
        for name in merge.filled:
            assert model_to_dict(fresh(kept))[name] == model_to_dict(fresh(full))[name], name
        undo_merge(merge, by="thử")
        assert contents(kept) == before


def _values(subject):
    known = {
        "title_en": "Drying", "keywords": ["a"], "field_codes": ["40107"], "agency": "Bộ Y tế",
        "people": [{"name": "A B", "role": "lead"}], "level": "national", "started_on": "2020-01",
        "ended_on": "2021-12-31", "funding": 5, "funding_state": 4, "funding_own": 3,
        "funding_other": 2, "objective_codes": ["3"],
    }  # fmt: skip
    if subject is RESULTS:
        return known | {
            "abstract": "Tóm tắt", "year": 2021, "archive_number": "1", "result_code": "KQ000001",
            "certificate_number": "9", "issued_on": "2021-05-06", "accepted_on": "2021-05-07",
            "registering_body": "Cục", "products": "Máy", "trl": 4, "application_status": "pilot",
            "ip_rights": [{"number": "1", "type": "patent", "status": "granted"}],
        }  # fmt: skip
    return known | {"code": "KC.01", "aims": "Mục tiêu", "months": 12, "approved_on": "2020-02-03"}


def test_chain_leads_to_the_last_and_each_link_is_undone_by_itself(record):
    one, two, three = (record(source) for source in "abc")
    first = merge_records("result", survivor=two.pk, duplicate=one.pk, by="thử")
    second = merge_records("result", survivor=three.pk, duplicate=two.pk, by="thử")

    assert forward_merged(fresh(one)) == three
    assert group_of("result", three.pk) == {one.pk, two.pk, three.pk}
    undo_merge(first, by="thử")
    assert (survivor_of("result", one.pk), survivor_of("result", two.pk)) == (None, three.pk)
    undo_merge(second, by="thử")
    assert Result.objects.public().filter(pk__in=[one.pk, two.pk, three.pk]).count() == 3


# --- what is refused ------------------------------------------------------------------------------


def test_only_what_everybody_may_read_is_merged(record):
    """A survivor takes values over: nothing that is held back may come to a page that way."""
    kept = record("bo")
    hidden = record("tinh")
    withdraw_result(hidden, by="thử", reason="lỗi")
    held = record("vien", publication_state="pending")

    for duplicate in (hidden, held):
        with pytest.raises(NotMergeable):
            merge_records("result", survivor=kept.pk, duplicate=duplicate.pk, by="thử")
        with pytest.raises(NotMergeable):
            merge_records("result", survivor=duplicate.pk, duplicate=kept.pk, by="thử")
    assert not Merge.objects.exists()


def test_record_that_changed_since_it_was_compared_is_not_merged(record):
    kept, gone = record("bo"), record("tinh")
    seen = {kept.pk: kept.content_version, gone.pk: gone.content_version}
    gone.title = "Nay là tên khác"
    gone.save()

    with pytest.raises(InvalidTransition):
        merge_records("result", survivor=kept.pk, duplicate=gone.pk, by="thử", versions=seen)

    assert fresh(gone).withdrawn_at is None


def test_duplicate_stands_for_one_record_only(twins, record):
    _kept, gone, _merge = twins

    with pytest.raises(NotMergeable):
        merge_records("result", survivor=record("vien").pk, duplicate=gone.pk, by="thử")


def test_registered_record_survives_then_the_trusted_then_the_fuller(record):
    Source.objects.create(slug="bo", name="Bộ", trust=80)
    Source.objects.create(slug="tinh", name="Tỉnh", trust=20)
    registered = record("tinh", certificate_number="1/GCN")
    trusted, poor, full = record("bo", certificate_number=""), record("x", abstract=""), record("y")

    assert choose_survivor(RESULTS, trusted, registered)[0] == registered
    assert choose_survivor(RESULTS, poor, trusted)[0] == trusted
    assert choose_survivor(RESULTS, poor, full)[0] == full


# --- what hangs on a record -----------------------------------------------------------------------


def match_of(need, result):
    return Match.objects.create(
        need=need,
        kind="result",
        candidate_id=result.pk,
        need_version=1,
        rank=1,
        score=1,
        probability=0.5,
        band="good",
        first_matched_at="2026-11-25T00:00Z",
    )


def test_what_hangs_on_the_duplicate_goes_with_it_and_comes_back(record):
    kept, gone = record("bo"), record("tinh")
    both, one = NeedFactory(published=True), NeedFactory(published=True)
    theirs, stays, goes = match_of(both, kept), match_of(both, gone), match_of(one, gone)
    used = Application.objects.create(
        result=gone, year_number=1, organization_name="Cty A", reported_on="2026-01-01"
    )
    old = OldIdentifier.objects.create(result=gone, key="bai-cu-7", value="Bài cũ 7")

    merge = merge_records("result", survivor=kept.pk, duplicate=gone.pk, by="thử")

    assert {fresh(row).candidate for row in (theirs, goes)} == {kept}
    assert {fresh(row).result for row in (used, old)} == {kept}
    assert fresh(stays).candidate == gone  # the survivor has a match of that need already
    undo_merge(merge, by="thử")
    assert {fresh(row).candidate for row in (stays, goes)} == {gone}
    assert {fresh(row).result for row in (used, old)} == {gone}
    assert fresh(theirs).candidate == kept


def test_results_of_a_task_go_with_it(record):
    kept, gone = TaskFactory(source="bo"), TaskFactory(source="tinh")
    result = record(task=gone)

    merge = merge_records("task", survivor=kept.pk, duplicate=gone.pk, by="thử")

    assert fresh(result).task == kept
    assert not Task.objects.public().filter(pk=gone.pk).exists()
    undo_merge(merge, by="thử")
    assert fresh(result).task == gone


#: Rows that stay with the record they were made for.
STAYING = {
    ("result", "research.Participation"): "made anew from the people of each record",
    ("task", "research.Participation"): "made anew from the people of each record",
    ("result", "registration.Certificate"): "issued for that record",
    ("result", "sources.Correction"): "of a value of that source",
    ("task", "sources.Correction"): "of a value of that source",
    ("result", "registration.Duty"): "what the unit owes for the record it registered",
    ("task", "registration.Duty"): "what the unit owes for the task it registered",
    ("task", "registration.TaskReport"): "the report from which that record was made",
}


#: Rows that name a record by its kind and key, as those that may point to other kinds too.
BY_KEY = {("result", "matching.Match"), ("task", "matching.Match")}


def test_every_row_that_points_to_a_record_goes_with_it_or_is_said_to_stay():
    """Whoever adds a foreign key to a result or a task decides it here or registers it."""
    for kind, name in (("result", "Result"), ("task", "Task")):
        registered = {one.name.rpartition(".")[0] for one in attachments_of(kind)}
        pointing = {
            relation.related_model._meta.label
            for relation in apps.get_model("research", name)._meta.related_objects
        }
        pointing |= {label for of, label in BY_KEY if of == kind}
        staying = {label for of, label in STAYING if of == kind}
        assert pointing == registered | staying
        assert not registered & staying


def test_name_of_an_attachment_is_taken_once():
    first = attachments_of("result")[0]
    with pytest.raises(ValueError, match="already"):
        register_attachment("result", first.name, move=first.move, take_back=first.take_back)


# --- killed in between ----------------------------------------------------------------------------


@pytest.mark.kill
def test_merge_that_is_killed_leaves_both_as_they_were(record, monkeypatch):
    kept, gone = record("bo", trl=None), record("tinh", trl=7)
    before = contents(kept), contents(gone)
    original = Merge.objects.create

    def killed(**values):
        original(**values)
        raise KeyboardInterrupt

    monkeypatch.setattr(Merge.objects, "create", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        merge_records("result", survivor=kept.pk, duplicate=gone.pk, by="thử")
    monkeypatch.undo()

    assert (contents(kept), contents(gone)) == before
    assert not Merge.objects.exists()
    merge_records("result", survivor=kept.pk, duplicate=gone.pk, by="thử")
    assert fresh(kept).trl == 7


def test_duplicate_that_its_source_deleted_is_not_shown_again_by_undoing(twins):
    kept, gone, merge = twins
    Result.objects.filter(pk=gone.pk).update(withdrawal_reason=DELETED)

    undo_merge(merge, by=UserFactory())

    assert fresh(gone).withdrawal_reason == DELETED
    assert fresh(kept).trl is None
