"""The desk of records that may be one: what it shows, who may decide, and that all of it comes back."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from cms.duplicate_words import _SENTENCES, in_words, undone_because, with_differences
from marketplace.reading.records import scoring
from marketplace.research.models import Result
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.linking.merging import undo_merge
from marketplace.sources.models import LinkPair, Merge
from tests.cms.test_search_index import is_refused
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory
from tests.sources.linking.conftest import ABSTRACT

TITLE = "Nghiên cứu quy trình sấy dẻo xoài bằng bơm nhiệt không sử dụng lưu huỳnh"


@pytest.fixture
def pair(desk):
    """Two records that a person is asked about, since only one names a phase."""
    shared = {
        "organization": OrganizationFactory(unclaimed=True),
        "archive_number": "",
        "abstract": ABSTRACT,
        "funding": 2_000_000_000,
    }
    ResultFactory(source="bo", title=TITLE, **shared)
    ResultFactory(source="tinh", title=f"{TITLE} (giai đoạn 2)", products="Máy sấy", **shared)
    link_batch()
    return LinkPair.objects.get(state="waiting")


def form_of(pair, action="merge", **values):
    versions = dict(Result.objects.values_list("pk", "content_version"))
    return {
        "action": action,
        "keep": pair.left,
        "left_version": versions[pair.left],
        "right_version": versions[pair.right],
    } | values


def address(pair):
    return reverse("duplicates:edit", args=[pair.pk])


def facts():
    return (
        list(LinkPair.objects.order_by("pk").values_list("state", "decided_by", "note")),
        list(Merge.objects.values_list("undone_at", "undone_by")),
        list(
            Result.objects.order_by("pk").values_list("withdrawn_at", "products", "content_version")
        ),
    )


# --- deciding -------------------------------------------------------------------------------------


def test_officer_sees_both_with_their_differences_and_the_reasons(pair, officer, as_user):
    listed = as_user(officer).get(reverse("duplicates:index") + "?state=waiting").content.decode()
    page = as_user(officer).get(address(pair)).content.decode()

    assert TITLE in listed
    assert "<mark>giai đoạn 2</mark>" in page or "<mark> (giai đoạn 2)</mark>" in page
    assert "có thể là phần tiếp theo" in page
    assert "Cùng tổ chức chủ trì" in page
    assert "một bên trống" in page


def test_officer_merges_and_parts_again(pair, officer, as_user):
    client = as_user(officer)
    before = facts()[2]
    answer = client.post(address(pair), form_of(pair))
    assert answer.status_code == 302
    merge = Merge.objects.get()
    assert (merge.survivor, merge.duplicate, merge.merged_by) == (pair.left, pair.right, officer)
    assert Result.objects.get(pk=pair.left).products == "Máy sấy"
    assert "tách lại" in client.get(address(pair)).content.decode()
    assert TITLE in client.get(reverse("merges:index") + "?standing=yes&by=staff").content.decode()
    undo = reverse("merges:edit", args=[merge.pk])
    assert "sản phẩm" in client.get(undo).content.decode()

    assert client.post(undo, {"reason": ""}).status_code == 200  # a reason is asked for
    client.post(undo, {"reason": "Hai giai đoạn"})

    assert [row[:2] for row in facts()[2]] == [row[:2] for row in before]
    merge.refresh_from_db()
    assert (merge.undone_by, merge.undo_reason) == (officer, "Hai giai đoạn")
    assert "Hai giai đoạn" in client.get(undo).content.decode()


@pytest.mark.parametrize(("action", "state"), [("apart", "apart"), ("later", "later")])
def test_officer_keeps_apart_or_puts_off_with_a_note(action, state, pair, officer, as_user):
    client = as_user(officer)
    client.post(address(pair), form_of(pair, action, note="Hỏi đơn vị"))

    pair.refresh_from_db()
    assert (pair.state, pair.note, pair.decided_by) == (state, "Hỏi đơn vị", officer)
    assert "Hỏi đơn vị" in client.get(address(pair)).content.decode() or state == "later"
    if state == "apart":
        client.post(address(pair), {"action": "again"})
        pair.refresh_from_db()
        assert pair.state == "waiting"


def test_record_that_changed_since_the_page_was_read_is_not_merged(pair, officer, as_user):
    form = form_of(pair)
    Result.objects.filter(pk=pair.right).update_content(title="Tên khác hẳn")

    page = as_user(officer).post(address(pair), form, follow=True).content.decode()

    assert "vừa thay đổi" in page
    assert not Merge.objects.exists()


@pytest.mark.parametrize("values", [{"keep": ""}, {"keep": "999999"}, {"action": "xóa"}])
def test_form_that_says_nothing_changes_nothing(values, pair, officer, as_user):
    before = facts()

    as_user(officer).post(address(pair), form_of(pair) | values)

    assert facts() == before


def test_second_person_hears_that_it_is_decided(pair, officer, lead, as_user):
    form = form_of(pair)
    as_user(officer).post(address(pair), form_of(pair, "apart"))
    before = facts()

    page = as_user(lead).post(address(pair), form, follow=True).content.decode()

    assert "đã được xử lý" in page
    assert facts() == before


# --- who may --------------------------------------------------------------------------------------

OUTSIDERS = ["poster", "colleague", "stranger", "nobody"]


@pytest.fixture
def browser_of(as_user, request):
    def browser(who):
        return Client() if who == "nobody" else as_user(request.getfixturevalue(who))

    return browser


@pytest.mark.parametrize("action", ["merge", "apart", "later", "again"])
@pytest.mark.parametrize("who", OUTSIDERS)
def test_pairs_are_decided_by_staff_alone(who, action, pair, browser_of):
    before = facts()

    assert is_refused(browser_of(who).post(address(pair), form_of(pair, action)))
    assert facts() == before


@pytest.mark.parametrize("who", OUTSIDERS)
def test_merges_are_undone_by_staff_alone(who, pair, officer, as_user, browser_of):
    as_user(officer).post(address(pair), form_of(pair))
    before = facts()
    undo = reverse("merges:edit", args=[Merge.objects.get().pk])

    assert is_refused(browser_of(who).post(undo, {"reason": "x"}))
    assert is_refused(browser_of(who).get(undo))
    assert facts() == before


def test_nobody_adds_or_deletes_pairs_and_merges(pair, officer, administrator, as_user):
    as_user(officer).post(address(pair), form_of(pair))
    client = as_user(administrator)

    for name, row in (("duplicates", pair), ("merges", Merge.objects.get())):
        client.post(reverse(f"{name}:delete", args=[row.pk]))
        client.post(reverse(f"{name}:add"), {"note": "x"})

    assert (LinkPair.objects.count(), Merge.objects.count()) == (1, 1)


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["rival", "survivor.gone", "duplicate.gone"])
def test_why_the_stage_parted_two_records_is_told_in_words(reason, pair, officer, as_user):
    client = as_user(officer)
    client.post(address(pair), form_of(pair))
    merge = Merge.objects.get()
    undo_merge(merge, by="sources.link", reason=reason)

    page = client.get(reverse("merges:edit", args=[merge.pk])).content.decode()

    assert escape(undone_because(reason)) in page
    assert undone_because(reason) != reason
    with override("en"):
        assert undone_because(reason).isascii()
    assert undone_because("tách vì khác vật liệu") == "tách vì khác vật liệu"


def test_every_reason_has_its_sentence_in_both_languages():
    codes = set(scoring._REASON_OF.values()) | {
        "identifier_differs", "series_differs", "place_differs", "title_years_differ", "one_source",
        "identifiers_disagree", "series_one_sided", "titles_disagree", "titles_far_apart",
        "year_differs", "numbers_differ", "place_one_sided", "words_exchanged", "other_people",
        "title_alone", "title_years_one_sided", "rival", "group_parted", "group_contradicts", "parted_before",
    }  # fmt: skip
    assert set(_SENTENCES) == codes
    params = {
        "same": 0.5, "left": ["a"], "right": ["b"], "words": [["a", "á"]], "differ": ["1"],
        "values": ["KQ1"], "title": "a", "kind": "result_code",
    }  # fmt: skip
    for code in codes:
        for agrees in (True, False, None):
            sums = {"left": 5, "right": 6} if code == "funding" else {}
            sign = {"code": code, "agrees": agrees, "params": params | sums}
            with override("vi"):
                vietnamese = in_words(sign)
            with override("en"):
                assert in_words(sign) != vietnamese, code


def test_differences_are_marked_and_texts_escaped():
    left, right = with_differences("Sấy <b>xoài</b> ở 45 °C", "Sấy <b>nhãn</b> ở 45 °C")

    assert "<mark>xoài</mark>" in left
    assert "<mark>nhãn</mark>" in right
    assert "&lt;b&gt;" in left
    assert "<b>" not in left
    assert with_differences("SẤY XOÀI", "sấy xoài") == ("SẤY XOÀI", "sấy xoài")
