"""The stage that compares records whose mark is behind: what it joins, what it asks, what it leaves."""

import pytest
from django.db.models import F

from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.linking import finding
from marketplace.sources.linking.deciding import ask_again, decide_later, keep_apart, merge_pair
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.linking.keys import LINKING_EDITION, candidates_of
from marketplace.sources.linking.merging import undo_merge
from marketplace.sources.models import LinkKey, LinkMark, LinkPair, Merge, Source
from marketplace.sources.visibility import DELETED, MERGED
from tests.factories.accounts import UserFactory
from tests.factories.research import TaskFactory
from tests.sources.linking.conftest import TITLE


def states():
    return [(pair.state, pair.decided_by_id is not None) for pair in LinkPair.objects.all()]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# --- what is joined, asked, left ------------------------------------------------------------------


def test_copy_from_another_source_is_joined_with_its_reasons(record, link):
    one, other = record("bo"), record("tinh", title=TITLE.upper(), year=None)

    link()

    merge = Merge.objects.get()
    assert {merge.survivor, merge.duplicate} == {one.pk, other.pk}
    assert merge.probability > 0.93
    agreeing = {sign["code"] for sign in merge.explanation["signs"] if sign["agrees"]}
    assert {"title", "abstract", "lead", "people", "funding"} <= agreeing


def test_next_phase_waits_for_a_person_and_another_phase_does_not(record, link):
    record("bo")
    record("tinh", title=f"{TITLE} (giai đoạn 2)")
    record("vien", title=f"{TITLE} (giai đoạn 3)")

    link()

    assert not Merge.objects.exists()
    cautions = [pair.explanation["cautions"][0]["code"] for pair in LinkPair.objects.all()]
    assert cautions == ["series_one_sided"] * 2  # not phase 2 with phase 3


def test_one_source_keeps_its_records_apart_until_a_person_says_otherwise(record, link):
    record("bo", source_id="1")
    record("bo", source_id="2")

    link()

    assert states() == [("waiting", False)]


def test_strangers_are_left_alone(record, link):
    record("bo")
    record(
        "tinh",
        title="Robot lau tấm pin mặt trời",
        abstract="",
        people=[],
        funding=None,
        keywords=[],
    )

    link()

    assert not LinkPair.objects.exists()


def test_what_is_held_back_or_for_trying_is_never_compared(record, link):
    Source.objects.create(slug="thu-nghiem", name="Thử", is_sandbox=True)
    record("bo")
    record("tinh", publication_state="pending")
    record("thu-nghiem")

    link()

    assert not LinkPair.objects.exists()
    assert not Merge.objects.exists()


def test_tasks_are_linked_among_themselves(record, link):
    words = {
        "title": TITLE,
        "summary": "",
        "code": "KC.07.01/21-30",
        "people": [],
        "agency": "Bộ Y tế",
    }
    one, other = TaskFactory(source="bo", **words), TaskFactory(source="tinh", **words)
    record("vien", people=[])  # a result of the same name is another thing

    link()

    merge = Merge.objects.get()
    assert (merge.kind, {merge.survivor, merge.duplicate}) == ("task", {one.pk, other.pk})


def test_organisation_is_known_by_the_names_it_had(record, link):
    from tests.factories.accounts import OrganizationFactory

    old = OrganizationFactory(name="Trường Trung cấp Nông nghiệp Sông Nhuệ")
    new = OrganizationFactory(name="Viện Bảo quản Nông sản Thăng Long")
    new.former_names.create(name=old.name, name_key="khoá khác")
    record("bo", organization=new, abstract="", funding=None)
    record("tinh", organization=old, abstract="", funding=None)

    link()

    pair = LinkPair.objects.get()
    assert {"organization"} & {s["code"] for s in pair.explanation["signs"] if s["agrees"]}


# --- the mark -------------------------------------------------------------------------------------


def test_stage_does_what_is_behind_and_comes_to_rest(record, link, django_assert_max_num_queries):
    for number in range(3):
        record(f"nguon-{number}", title=f"Đề tài {number} về robot hàn", abstract="", people=[])

    assert link() == 3
    assert link_batch() == 0
    row = Result.objects.filter(source="nguon-0").get()
    row.title = "Đề tài khác hẳn về cà phê"
    row.save()
    assert link() == 1
    assert LinkMark.objects.get(record=row.pk).version == row.content_version
    with django_assert_max_num_queries(2):  # one look a register
        link_batch()


def test_record_that_left_the_pages_has_no_keys(record, link):
    row = record("bo")
    link()
    assert LinkKey.objects.filter(record=row.pk).exists()

    withdraw_result(row, by="thử", reason="lỗi")
    link()

    assert not LinkKey.objects.filter(record=row.pk).exists()


def test_key_of_too_many_records_says_nothing_and_costs_no_more(db, django_assert_num_queries):
    LinkKey.objects.bulk_create(
        LinkKey(kind="result", record=record, key=7) for record in range(1, 100)
    )
    LinkKey.objects.bulk_create(
        LinkKey(kind="result", record=record, key=8) for record in (1, 2, 3)
    )
    LinkKey.objects.create(kind="task", record=4, key=8)

    with django_assert_num_queries(2):
        found = candidates_of("result", [1])

    assert set(found[1]) == {2, 3}


# --- decisions hold -------------------------------------------------------------------------------


def test_pair_that_was_parted_stays_parted_until_one_of_them_changes(twins, link):
    kept, gone, merge = twins
    undo_merge(merge, by=UserFactory())

    link()
    assert states() == [("apart", True)]
    assert Merge.objects.standing().count() == 0

    # Bookkeeping and another register's facts are no change of contents.
    Result.objects.filter(pk=gone.pk).raise_content_version()
    link()
    assert states() == [("apart", True)]

    row = fresh(gone)
    row.title = f"{TITLE}."
    row.abstract = row.abstract + " Thêm một câu mới."
    row.save()
    link()
    pair = LinkPair.objects.get()
    assert pair.state == "waiting"  # and never by itself again
    assert "parted_before" in {sign["code"] for sign in pair.explanation["cautions"]}


def test_third_record_does_not_bring_parted_ones_together(record, link):
    one, two = record("bo"), record("tinh")
    link()
    undo_merge(Merge.objects.get(), by=UserFactory())
    link()

    third = record("vien", certificate_number="12/GCN")
    link()

    standing = Merge.objects.standing().get()
    assert standing.survivor == third.pk
    assert standing.duplicate in (one.pk, two.pk)
    waiting = LinkPair.objects.get(state="waiting")
    assert "group_parted" in {sign["code"] for sign in waiting.explanation["cautions"]}


def test_third_record_does_not_bring_contradicting_ones_together(record, link):
    """Phase 1 and phase 2, and a third that says nothing of phases but is not unlike either."""
    numbers = {"result_code": "KQ000007", "archive_number": "2022-24-0001/KQNC"}
    record("bo", title=f"{TITLE} giai đoạn 1", result_code="KQ000007")
    record("tinh", title=f"{TITLE} giai đoạn 2", archive_number="2022-24-0001/KQNC")
    record("vien", **numbers)

    link()

    assert Merge.objects.standing().count() == 0
    assert LinkPair.objects.filter(state="waiting").count() == 2


# --- rivals ---------------------------------------------------------------------------------------

#: Says neither its sum nor its year: it fits any grant of its title.
_BARE = {"year": None, "funding": None, "abstract": ""}


def _other_grant(record, source="tinh"):
    """The same title and team from another purse, with another text."""
    text = "Báo cáo trình bày kết quả khảo nghiệm máy tại ba cơ sở chế biến trong hai vụ, với tỷ lệ hao hụt 4,2 %, " \
           "chi phí nhân công 310 nghìn đồng mỗi mẻ và thời gian hoàn vốn 27 tháng theo giá năm 2022."  # fmt: skip
    return record(source, funding=910_000_000, abstract=text)


def test_record_that_fits_two_is_a_question(record, link):
    one, other = record("bo"), _other_grant(record)
    bare = record("vien", **_BARE)

    link()

    assert not Merge.objects.exists()
    pairs = LinkPair.objects.filter(state="waiting").of("result", bare.pk)
    assert {*pairs.values_list("left", "right")} == {(one.pk, bare.pk), (other.pk, bare.pk)}
    rivals = [sign["code"] for pair in pairs for sign in pair.explanation["cautions"]]
    assert "rival" in rivals


def test_merge_is_taken_back_when_a_second_claimant_comes(record, link):
    record("bo")
    bare = record("vien", **_BARE)
    link()
    merge = Merge.objects.standing().get()
    assert merge.duplicate == bare.pk

    _other_grant(record)
    link()

    assert fresh(merge).undo_reason == "rival"
    assert fresh(bare).withdrawn_at is None
    assert not Merge.objects.standing().exists()
    assert LinkPair.objects.filter(state="waiting").of("result", bare.pk).count() == 2


def test_merge_of_a_person_stands_whoever_comes(record, link):
    one, bare = record("bo", source_id="1"), record("bo", source_id="2", **_BARE)
    link()
    merge = merge_pair(LinkPair.objects.get(), survivor=one.pk, by=UserFactory(), versions={})

    _other_grant(record)
    link()

    assert fresh(merge).undone_at is None
    assert fresh(bare).withdrawal_reason == MERGED


def test_person_merges_parts_and_puts_off(record, link):
    one, two = record("bo", source_id="1"), record("bo", source_id="2")
    link()
    person, pair = UserFactory(), LinkPair.objects.get()

    decide_later(pair, by=person, note="Hỏi lại đơn vị")
    link()
    assert (fresh(pair).state, fresh(pair).note) == ("later", "Hỏi lại đơn vị")
    keep_apart(pair, by=person)
    ask_again(pair, by=person)
    versions = {row.pk: fresh(row).content_version for row in (one, two)}
    merge = merge_pair(pair, survivor=two.pk, by=person, versions=versions)

    assert (merge.survivor, merge.duplicate, merge.merged_by) == (two.pk, one.pk, person)
    assert fresh(pair).state == "merged"
    link()
    assert Merge.objects.standing().count() == 1


def test_question_that_nobody_answered_goes_when_it_is_no_question_any_more(record, link):
    record("bo", source_id="1")
    two = record("bo", source_id="2")
    link()
    assert states() == [("waiting", False)]

    two.title, two.abstract, two.people = "Robot lau tấm pin", "", []
    two.save()
    link()

    assert states() == []


# --- merges keep up with their records ------------------------------------------------------------


def test_filling_follows_what_the_duplicate_says_now(twins, link):
    kept, gone, merge = twins
    row = fresh(gone)
    row.trl, row.products = 8, ""
    row.save()

    link()

    assert (fresh(kept).trl, fresh(kept).products) == (8, "")
    assert fresh(merge).filled == {"trl": 8}


def test_survivor_that_was_brought_in_again_is_filled_again(twins, link):
    kept, _gone, _merge = twins
    Result.objects.filter(pk=kept.pk).update_content(trl=None, title=f"{TITLE}.")

    link()

    assert fresh(kept).trl == 7


def test_duplicate_comes_back_when_the_survivor_leaves(twins, link):
    kept, gone, merge = twins
    withdraw_result(kept, by="thử", reason=DELETED)

    link()

    assert fresh(gone).withdrawn_at is None
    assert fresh(merge).undo_reason == "survivor.gone"


def test_nothing_is_shown_again_when_the_survivor_turns_out_classified(twins, link):
    kept, gone, _merge = twins
    withdraw_result(kept, by="thử", reason="classified")

    link()

    assert fresh(gone).withdrawal_reason == MERGED


@pytest.mark.parametrize(
    "change", [{"withdrawal_reason": DELETED}, {"publication_state": "pending"}]
)
def test_nothing_of_a_duplicate_stays_that_was_deleted_or_held_back(change, twins, link):
    kept, gone, merge = twins
    Result.objects.filter(pk=gone.pk).update_content(**change)

    link()

    assert fresh(kept).trl is None
    assert fresh(merge).undone_at is not None
    assert gone not in Result.objects.public()


def test_row_set_back_to_a_time_when_it_was_merged_is_shown(twins, link):
    """The undoing of an import brings back what the row was, the mark of a merge included."""
    _kept, gone, merge = twins
    undo_merge(merge, by=UserFactory())
    link()
    Result.objects.filter(pk=gone.pk).update_content(
        withdrawn_at="2026-11-25T00:00Z", withdrawal_reason=MERGED
    )

    link()

    assert fresh(gone).withdrawn_at is None


# --- killed in between ----------------------------------------------------------------------------


@pytest.mark.kill
@pytest.mark.parametrize("after", ["write_keys", "_compare", "_write_pairs", "merge_records"])
def test_stage_that_is_killed_anywhere_ends_as_if_it_had_not_been(after, record, link, monkeypatch):
    record("bo", trl=None)
    record("tinh", trl=7)
    record("vien", title=f"{TITLE} (giai đoạn 2)")
    original = getattr(finding, after)

    def killed(*args, **kwargs):
        original(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(finding, after, killed)
    with pytest.raises(KeyboardInterrupt):
        link_batch()
    assert not Merge.objects.exists()
    assert not LinkMark.objects.exists()
    monkeypatch.undo()
    link()

    assert Merge.objects.standing().count() == 1
    assert sorted(LinkPair.objects.values_list("state", flat=True)) == ["merged", "waiting"]
    assert Result.objects.public().filter(trl=7).count() == 2


def test_way_of_comparing_that_changed_reads_all_again_and_keeps_what_people_decided(record, link):
    one, other = record("bo"), record("tinh", title=f"{TITLE} (giai đoạn 2)")
    third = record("vien", title=f"{TITLE} (giai đoạn 3)")
    link()
    pair = LinkPair.objects.get(left=one.pk, right=other.pk)
    keep_apart(pair, by=UserFactory())
    # As an older version left them: other keys, and digests of other facts.
    LinkKey.objects.update(key=F("key") + 1)
    LinkMark.objects.update(edition=1, digest="older")
    LinkPair.objects.update(left_digest="older", right_digest="older")
    changed = LinkPair.objects.get(left=one.pk, right=third.pk)
    keep_apart(changed, by=UserFactory())
    Result.objects.filter(pk=third.pk).update_content(abstract="")

    link()

    assert fresh(pair).state == LinkPair.State.APART
    assert fresh(changed).state == LinkPair.State.WAITING
    assert set(LinkMark.objects.values_list("edition", flat=True)) == {LINKING_EDITION}
    assert candidates_of("result", [one.pk]) == {one.pk: [other.pk, third.pk]}
    assert link_batch() == 0
