"""The helper beside the form of a need: chips, what is missing, corrections that stay."""

import pytest
from django.urls import reverse

from marketplace.listings import need_helper, services
from marketplace.listings.models import Need
from marketplace.matching.texts import need_text
from marketplace.reading.needs import load_corrections
from tests.factories.listings import FACTORIES

TEXT = (
    "Cần máy sấy xoài 300 kg/giờ, không dùng lưu huỳnh, giữ màu, ngân sách dưới 1,2 tỷ ở Đồng Tháp"
)


@pytest.fixture
def need(owner, organization):
    made = services.create_draft("need", organization=organization, contact=owner)
    services.save_draft(made, changes={"problem": TEXT}, by=owner)
    return Need.objects.get(pk=made.pk)


def step_url(need, slug="hien-trang"):
    return reverse("listings:edit", args=["need", need.public_id, slug])


def draft(need):
    return services.draft_of(Need.objects.get(pk=need.pk))


def chips(need):
    helper = need_helper.help_with(draft(need))
    return {group.kind: [chip.text for chip in group.chips] for group in helper.groups}


def test_help_reads_elements_constraints_and_exclusions(need):
    found = chips(need)
    assert "xoài" in found["material"]
    assert any("máy sấy" in text for text in found["product"])
    assert found["volume"] == ["300 kg/giờ"]
    assert found["budget"] == ["1,2 tỷ"]
    assert found["site"] == ["Đồng Tháp"]
    assert found["excluded"] == ["lưu huỳnh"]


def test_help_asks_for_what_is_missing_by_name_and_counts_what_is_there(need):
    helper = need_helper.help_with(draft(need))
    asked = {question.field for question in helper.questions}
    assert "volume" not in asked
    assert helper.done == helper.total - len(helper.missing)
    assert {"standard", "deadline"} <= {group.kind for group in helper.missing}


def test_help_asks_the_capacity_of_the_very_machine(owner, organization):
    made = services.create_draft("need", organization=organization, contact=owner)
    services.save_draft(made, changes={"title": "Máy tách vỏ hạt điều"}, by=owner)
    helper = need_helper.help_with(draft(made))
    texts = [question.text for question in helper.questions]
    assert "Công suất mong muốn của máy tách vỏ hạt điều, mỗi giờ hay mỗi ngày?" in texts


def test_help_shows_numbers_that_contradict_each_other(need, owner):
    services.save_draft(
        need,
        changes={"summary": "Công suất 300 kg/giờ", "required": "Công suất cần 2 tấn/giờ"},
        by=owner,
    )
    assert need_helper.help_with(draft(need)).contradictions == (
        ("công suất 300 kg/giờ", "công suất 2 tấn/giờ"),
    )


def test_page_shows_the_chips_and_comes_back_with_what_was_typed(need, owner, as_user):
    client = as_user(owner)
    answer = client.post(
        step_url(need), {"problem": f"{TEXT}, đạt HACCP", "goi-y": "1"}, follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("?goi-y=1#doc-hieu")
    assert "đạt HACCP</textarea>" in page
    assert 'value="material||xoài"' in page
    assert "HACCP" in chips(need)["standard"]


@pytest.mark.parametrize(
    ("posted", "kind", "expected"),
    [
        ({"sua-doc": "material||xoài"}, "material", []),
        ({"sua-doc": "material|product|xoài"}, "material", []),
        ({"sua-doc": "excluded||lưu huỳnh"}, "excluded", []),
        (
            {"sua-doc": "them", "them-phan": "vỏ tôm", "them-loai": "material"},
            "material",
            ["xoài", "vỏ tôm"],
        ),
    ],
)
def test_correction_is_kept_with_the_draft_and_loses_nothing_typed(
    posted, kind, expected, need, owner, as_user
):
    typed = TEXT + "."
    as_user(owner).post(step_url(need), {"problem": typed, **posted})
    assert draft(need).problem == typed
    assert chips(need)[kind] == expected
    # The next save of the step leaves it standing.
    as_user(owner).post(step_url(need), {"problem": typed, "tiep": "1"})
    assert chips(need)[kind] == expected


def test_correction_is_what_matching_goes_by(need, owner, as_user):
    client = as_user(owner)
    for posted in (
        {"sua-doc": "material||xoài"},
        {"sua-doc": "them", "them-phan": "vỏ tôm", "them-loai": "material"},
    ):
        client.post(step_url(need), {"problem": TEXT, **posted})
    corrections = need_text(draft(need)).corrections
    assert {(one.text, one.kind, one.was) for one in corrections} == {
        ("xoài", "", "material"),
        ("vỏ tôm", "material", ""),
    }


def test_correction_taken_back_leaves_no_trace(need, owner, as_user):
    client = as_user(owner)
    client.post(step_url(need), {"problem": TEXT, "sua-doc": "material|product|xoài"})
    client.post(step_url(need), {"problem": TEXT, "sua-doc": "product|material|xoài"})
    client.post(
        step_url(need),
        {"problem": TEXT, "sua-doc": "them", "them-phan": "vỏ tôm", "them-loai": "material"},
    )
    client.post(step_url(need), {"problem": TEXT, "sua-doc": "material||vỏ tôm"})
    assert load_corrections(draft(need).reading_corrections) == ()


@pytest.mark.parametrize(
    "posted",
    [
        {"sua-doc": "them", "them-phan": "", "them-loai": "material"},
        {"sua-doc": "them", "them-phan": "x", "them-loai": "nonsense"},
        {"sua-doc": "nonsense|material|x"},
        {"sua-doc": "|"},
    ],
)
def test_correction_that_is_none_changes_nothing(posted, need, owner, as_user):
    answer = as_user(owner).post(step_url(need), {"problem": TEXT, **posted})
    assert answer.status_code == 302
    assert draft(need).reading_corrections == []


@pytest.mark.parametrize("person", ["viewer", "stranger", "curator", "nobody"])
def test_correction_is_refused_to_others_and_changes_nothing(person, request, need, client):
    before = draft(need).serializable_data()
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))
    answer = client.post(step_url(need), {"problem": "khác", "sua-doc": "material||xoài"})
    assert answer.status_code == (302 if person == "nobody" else 404)
    assert draft(need).serializable_data() == before


def test_correction_is_open_to_a_colleague_who_edits(need, colleague, as_user):
    as_user(colleague).post(step_url(need), {"problem": TEXT, "sua-doc": "material||xoài"})
    assert chips(need)["material"] == []


def test_correction_of_a_locked_need_is_refused(owner, organization, workflow, as_user):
    need = FACTORIES["need"](organization=organization, contact=owner)
    services.submit(need, by=owner)
    answer = as_user(owner).post(step_url(need), {"problem": TEXT, "sua-doc": "material||xoài"})
    assert answer.status_code == 409
    assert draft(need).reading_corrections == []


def test_correction_makes_a_published_need_be_matched_again(owner, organization, as_user):
    need = FACTORIES["need"](organization=organization, contact=owner, published=True)
    before = Need.objects.get(pk=need.pk).content_version
    as_user(owner).post(step_url(need), {"sua-doc": "them", "them-phan": "vỏ tôm", "them-loai": "material", "title": need.title})  # fmt: skip
    draft(need).get_latest_revision().publish()
    after = Need.objects.get(pk=need.pk)
    assert after.content_version > before
    assert [row["text"] for row in after.reading_corrections] == ["vỏ tôm"]


@pytest.mark.parametrize("text", ["máy", "A" * 6000, "我们需要干燥机", "<p>" * 500, "5% " * 1500])
def test_help_with_bad_input_answers(text, owner, organization, as_user):
    made = services.create_draft("need", organization=organization, contact=owner)
    services.save_draft(made, changes={"problem": text}, by=owner)
    assert as_user(owner).get(step_url(made)).status_code == 200
