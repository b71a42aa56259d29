"""What stands beside a decision: checks, the standard, who works on it; and edits that meet."""

import re
from datetime import date

import pytest
from django.urls import reverse

from cms import services
from cms.examination import examine, is_clean
from cms.listings import url_name
from cms.models import ReviewTask
from marketplace.core.errors import DomainError
from marketplace.listings.examining.technology import PROHIBITED, RESTRICTED
from marketplace.listings.models import Need, ReviewDecision, ReviewStep
from marketplace.listings.services import draft_of, recall, save_draft, submit
from marketplace.taxonomy.models import Term, Vocabulary
from tests.cms.acts import decisions_on, facts_of, fresh, post_decision, review_address
from tests.cms.conftest import load_list, staff_member
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.research import ResultFactory


def levels(draft) -> dict[str, str]:
    return {one.code: one.level for one in examine(draft).findings}


# --- the checks -----------------------------------------------------------------------------------


def test_list_that_is_not_loaded_is_no_clean_check(draft):
    found = levels(draft_of(draft))

    assert found[f"technology:{PROHIBITED}"] == found[f"technology:{RESTRICTED}"] == "unknown"
    assert not is_clean(draft_of(draft))


@pytest.mark.parametrize("status", ["partial", "not_loaded"])
def test_list_of_which_a_part_is_there_is_no_clean_check(status, draft):
    load_list(PROHIBITED, "điều chế ma túy", status=status)

    assert levels(draft_of(draft))[f"technology:{PROHIBITED}"] == "unknown"


def test_entry_without_a_phrase_leaves_the_whole_list_open(draft, lists):
    Term.objects.filter(vocabulary__scheme=PROHIBITED).update(aliases=[])

    assert levels(draft_of(draft))[f"technology:{PROHIBITED}"] == "unknown"


def test_edition_before_the_one_in_force_does_not_stand_in_for_it(draft, lists):
    Vocabulary.objects.create(
        code="newer",
        scheme=PROHIBITED,
        label_vi="Mới",
        status="not_loaded",
        valid_from=date(2026, 2, 1),
    )

    assert levels(draft_of(draft))[f"technology:{PROHIBITED}"] == "unknown"


@pytest.mark.parametrize(
    ("words", "prohibited", "restricted"),
    [
        ("Dao cắt vỏ hạt điều.", "clean", "clean"),
        ("DIEU CHE  MA TUY tu cay", "barred", "clean"),
        ("Nghiền mịn vật liệu nổ cho mỏ đá.", "clean", "warning"),
        ("Nghiền vật liệu nổi trên mặt nước.", "clean", "clean"),
    ],
)
def test_lists_are_compared_whatever_marks_and_capitals(
    words, prohibited, restricted, lists, draft
):
    seen = draft_of(draft)
    seen.problem = words
    found = levels(seen)

    assert (found[f"technology:{PROHIBITED}"], found[f"technology:{RESTRICTED}"]) == (
        prohibited,
        restricted,
    )


@pytest.mark.parametrize(
    ("text", "secrecy", "personal"),
    [
        ("Cần 300 kg/giờ, ngân sách 1.200.000.000 đồng.", "clean", "clean"),
        ("TUYỆT MẬT\nQuy trình nấu.", "barred", "clean"),
        ("Ủ tỏi mật ong trong 30 ngày.", "clean", "clean"),
        ("Đây là tài liệu mật của đơn vị.", "warning", "clean"),
        ("Gọi anh Nam 0912 345 678.", "clean", "warning"),
        ("Thư: nam@example.com", "clean", "warning"),
        ("CCCD số 001099012345", "clean", "warning"),
        ("STK 19034567890123", "clean", "warning"),
        ("Năng suất 0912 lô, mã 12/2024", "clean", "clean"),
    ],
)
def test_marks_of_secrecy_and_personal_data(text, secrecy, personal, draft):
    seen = draft_of(draft)
    seen.problem = text
    found = levels(seen)

    assert (found["secrecy"], found["personal"]) == (secrecy, personal)


def test_confidential_part_is_looked_at_for_secrets_and_not_for_people(draft):
    seen = draft_of(draft)
    seen.confidential = "MẬT\n0912 345 678"

    assert (levels(seen)["secrecy"], levels(seen)["personal"]) == ("barred", "clean")


def test_what_is_said_of_a_secret_names_the_field_alone(draft):
    seen = draft_of(draft)
    seen.problem = "MẬT\nTọa độ kho."
    said = next(one for one in examine(seen).findings if one.code == "secrecy")

    assert "Tọa độ" not in str(said)


def test_result_is_held_against_the_register(organization, poster, lists):
    own = ResultFactory(organization=organization, certificate_number="12/GCN-KHCN")
    others = ResultFactory(organization=OrganizationFactory())
    offer = OfferFactory(organization=organization, contact=poster)
    for results, decision, level in (
        ([own.public_id], "", "clean"),
        ([own.public_id], "12/GCN-KHCN ngày 3/5/2025", "clean"),
        ([own.public_id], "99/GCN-KHCN", "warning"),
        ([others.public_id], "", "warning"),
        (["khongco"], "", "warning"),
    ):
        seen = draft_of(offer)
        seen.results, seen.right_decision = results, decision
        assert levels(seen)["results"] == level, (results, decision)
    assert "results" not in levels(draft_of(offer))


def test_copy_of_the_same_organisation_is_shown_with_its_reason(
    organization, poster, draft, search_engine
):
    again = NeedFactory(
        organization=organization, contact=poster, title="Cần tách vỏ cứng hạt điều"
    )
    said = next(one for one in examine(draft_of(again)).findings if one.code == "copies")

    assert said.level == "warning"
    assert draft.title in said.evidence[0].text
    assert "cùng tổ chức" in said.evidence[0].note


# --- approving ------------------------------------------------------------------------------------


def test_standard_is_said_to_be_met_in_one_tick_or_point_by_point(submission, officer, as_user):
    client = as_user(officer)

    page = post_decision(client, submission, "approve", standard="")
    assert "Đánh dấu khi bài đạt mọi điều" in page.content.decode()
    page = post_decision(client, submission, "approve", standard="", points=["1", "2"])
    assert page.status_code == 200
    assert decisions_on(submission) == []

    count = len(submission.current_workflow_task.checks)
    points = [str(n) for n in range(1, count + 1)]
    post_decision(client, submission, "approve", standard="", points=points)
    assert decisions_on(submission) == ["approved"]


def test_open_check_asks_for_grounds_that_staff_alone_read(submission, officer, poster, as_user):
    client = as_user(officer)
    page = post_decision(client, submission, "approve", grounds=" ")
    assert "Còn mục chưa đạt" in page.content.decode()
    assert decisions_on(submission) == []

    post_decision(client, submission, "approve", grounds="Đã đối chiếu phụ lục III.")

    kept = ReviewDecision.objects.get().examined
    assert kept["grounds"] == "Đã đối chiếu phụ lục III."
    assert kept["standard"] == 1
    assert kept["findings"][f"technology:{PROHIBITED}"][0] == "unknown"
    assert "Đã đối chiếu phụ lục III." in client.get(review_address(submission)).content.decode()
    owner_page = as_user(poster).get(submission.owner_url).content.decode()
    assert "Đã đối chiếu phụ lục III." not in owner_page


def test_clean_submission_needs_no_grounds(submission, officer, as_user, lists, search_engine):
    page = as_user(officer).get(review_address(submission))
    assert page.context["examination"].is_clean
    assert "approve-grounds" not in page.content.decode()

    post_decision(as_user(officer), submission, "approve", grounds="")
    assert decisions_on(submission) == ["approved"]


def test_changed_standard_is_a_new_edition_and_old_decisions_name_theirs(
    submission, officer, as_user
):
    task = ReviewTask.objects.get(pk=submission.current_workflow_task.pk)
    post_decision(as_user(officer), submission, "approve")
    task.quality_standard += "\nCó ảnh."
    task.save()
    task.save()

    assert list(task.editions.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert ReviewDecision.objects.get().examined["standard"] == 1
    assert task.current_edition().number == 2


# --- who works on it ------------------------------------------------------------------------------


def test_hand_over_gives_the_submission_and_tells_the_colleague(submission, officer, as_user):
    other = staff_member("officers", full_name="Trần An")

    post_decision(as_user(officer), submission, "hand_over", to=other.pk, note="Chị rành hạt điều.")

    assert fresh(submission).locked_by == other
    notice = other.notices.get(kind="staff.handed_over")
    assert notice.url == review_address(submission)
    assert as_user(officer).get(review_address(submission)).context["held_by_other"]
    assert "approve" in as_user(other).get(review_address(submission)).context["forms"]
    step = ReviewStep.objects.get()
    assert (step.act, step.by, step.to, step.note) == (
        "handed_over", officer, other, "Chị rành hạt điều.",
    )  # fmt: skip


def test_it_is_handed_to_nobody_who_may_not_decide(submission, officer, lead, poster):
    before = facts_of(submission)
    for person in (lead, poster, officer):
        with pytest.raises(DomainError):
            services.hand_over(submission, to=person, by=officer)
    assert facts_of(submission) == before
    assert ReviewStep.objects.count() == 0


@pytest.mark.parametrize("act", ["hold", "hand_over", "release"])
def test_nobody_but_its_step_holds_or_hands_over(
    act, submission, officer, lead, poster, colleague, stranger, as_user
):
    before = facts_of(submission)
    for person in (lead, poster, colleague, stranger):
        as_user(person).post(
            review_address(submission), {"decision": act, "hand_over-to": officer.pk}
        )
    assert facts_of(submission) == before
    assert ReviewStep.objects.count() == 0


def test_lead_frees_what_somebody_holds_and_a_colleague_does_not(
    submission, officer, lead, as_user
):
    other = staff_member("officers")
    post_decision(as_user(officer), submission, "hold")
    assert fresh(submission).locked_by == officer

    post_decision(as_user(other), submission, "release")
    assert fresh(submission).locked_by == officer
    with pytest.raises(DomainError):
        services.release(submission, by=other)
    post_decision(as_user(lead), submission, "release")

    assert not fresh(submission).locked
    assert list(ReviewStep.objects.order_by("pk").values_list("act", flat=True)) == [
        "held",
        "released",
    ]


def test_matches_it_would_get_come_as_a_piece_of_the_page(
    submission, officer, as_user, search_engine
):
    page = as_user(officer).get(reverse(url_name(Need, "review_matches"), args=[submission.pk]))

    assert page.status_code == 200
    assert "<html" not in page.content.decode()


# --- curator and poster at one listing ------------------------------------------------------------


def editor_form(client, listing) -> dict[str, str]:
    """What the open editor would post, as a browser has it."""
    page = client.get(reverse(url_name(type(listing), "edit"), args=[listing.pk]))
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.content.decode()):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="radio"' not in tag:
            found[name[1]] = value[1] if value else ""
    form = page.context["form"]
    for name in form.fields:
        value = form[name].value()
        if value not in (None, ""):
            found[name] = value
    return found


def test_curator_who_opened_the_editor_first_does_not_overwrite_the_poster(
    submission, officer, poster, as_user
):
    client = as_user(officer)
    opened = editor_form(client, submission)
    assert opened["loaded_revision_id"] == str(submission.latest_revision_id)
    recall(submission, by=poster)
    save_draft(fresh(submission), changes={"summary": "Người đăng sửa, cần 95 %."}, by=poster)
    submit(fresh(submission), by=poster)
    newest = fresh(submission).latest_revision_id

    page = client.post(
        reverse(url_name(Need, "edit"), args=[submission.pk]),
        opened | {"summary": "Cán bộ sửa, cần 90 %."},
    )

    assert fresh(submission).latest_revision_id == newest
    assert draft_of(fresh(submission)).summary == "Người đăng sửa, cần 95 %."
    assert page.status_code == 200
    assert "Cán bộ sửa, cần 90 %." in page.content.decode()
    assert "Bài vừa được sửa ở nơi khác" in page.content.decode()


def test_poster_does_not_overwrite_the_curator(submission, officer, poster, as_user):
    """The poster's form was open before staff corrected; taken back, it is told so."""
    from marketplace.core.errors import StaleForm
    from marketplace.listings.services import fingerprint

    seen = fingerprint(draft_of(submission), {"summary": ""})
    client = as_user(officer)
    client.post(
        reverse(url_name(Need, "edit"), args=[submission.pk]),
        editor_form(client, submission) | {"summary": "Cán bộ sửa, cần 90 %."},
    )
    assert draft_of(fresh(submission)).summary == "Cán bộ sửa, cần 90 %."
    recall(fresh(submission), by=poster)

    with pytest.raises(StaleForm):
        save_draft(
            fresh(submission), changes={"summary": "Bản cũ của người đăng."}, by=poster, seen=seen
        )
    assert draft_of(fresh(submission)).summary == "Cán bộ sửa, cần 90 %."
