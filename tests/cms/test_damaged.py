"""Values that lost letters on their way: listed once, with the way to correct them, until somebody does."""

import json

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.research.models import Result
from marketplace.sources.damaged import damaged_texts
from marketplace.sources.models import DAMAGED_TEXT, Fault, Run
from marketplace.sources.services import correct_field, import_file, take_back
from tests.factories.sources import RunFactory

pytestmark = pytest.mark.django_db

RECORDS = [
    {"id": "H1", "title": "Nghi?n c?u s?y xo?i", "abstract": "Sấy ở 45 °C.", "org": "Viện Thử"},
    {"id": "H2", "title": "Máy sấy xoài", "abstract": "K?t qu? c?a ?? tài th? nghi?m", "org": "Viện Thử"},
]  # fmt: skip


@pytest.fixture
def bring(tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def bring_in(*records):
        path = tmp_path / "thu.jsonl"
        path.write_text("\n".join(json.dumps(one) for one in records) + "\n", encoding="utf-8")
        import_file(path, report_folder=tmp_path / "r")
        return Run.objects.order_by("-pk").first()

    return bring_in


def listed(*, run=None):
    rows = damaged_texts(run=run).values_list("source_id", "field", "is_corrected")
    return sorted(rows)


def test_each_value_is_listed_once_whatever_the_runs(bring):
    first = bring(*RECORDS)
    again = bring(*RECORDS)

    assert listed() == [("H1", "title", False), ("H2", "abstract", False)]
    assert set(damaged_texts().values_list("run", flat=True)) == {again.pk}
    assert listed(run=first.pk) == listed()


def test_a_standing_correction_closes_it_and_taking_it_back_opens_it(bring, officer):
    bring(*RECORDS)
    result = Result.objects.get(source_id="H1")

    other = correct_field(result, field="year", value=2020, reason="hồ sơ", by=officer)
    assert listed()[0] == ("H1", "title", False)
    correction = correct_field(
        result, field="title", value="Nghiên cứu sấy xoài", reason="bản in", by=officer
    )
    assert listed() == [("H1", "title", True), ("H2", "abstract", False)]
    bring(*RECORDS)
    assert listed()[0] == ("H1", "title", True)

    take_back(correction, by=officer)
    take_back(other, by=officer)
    assert listed()[0] == ("H1", "title", False)


def test_a_mended_record_closes_it_until_that_run_is_undone(bring):
    first = bring(*RECORDS)
    second = bring(RECORDS[0] | {"title": "Nghiên cứu sấy xoài"})

    assert listed() == [("H1", "title", True), ("H2", "abstract", False)]

    second.raw_records.update(undo_outcome="undone")
    assert listed()[0] == ("H1", "title", False)
    Run.objects.filter(pk=first.pk).update(undone_at=clock.now())
    assert listed() == []


def test_a_record_damaged_again_is_open_again(bring):
    bring(*RECORDS)
    bring(RECORDS[0] | {"title": "Nghi?n c?u s?y m?t"})

    assert listed()[0] == ("H1", "title", False)


def test_desk_lists_by_source_and_run_and_leads_to_the_field(bring, officer, as_user):
    first = bring(*RECORDS)
    old = RunFactory(source__slug="cu", source__name="Kho cũ")
    Fault.objects.create(
        run=old, line=4321, is_refusal=False, column="Tên", rule=DAMAGED_TEXT, reason="mất chữ"
    )
    Fault.objects.create(run=old, line=9, is_refusal=False, column="Năm", rule="x", reason="khác")
    browser, address = as_user(officer), reverse("damaged_texts")
    result = Result.objects.get(source_id="H1")
    link = f"{reverse('correct_result', args=[result.public_id])}?truong=title"

    page = browser.get(address).content.decode()
    assert link in page
    assert "3 giá trị chờ sửa" in page
    assert "dòng 4.321" in page
    assert "dòng 9<" not in page
    of_source = browser.get(address, {"nguon": "cu"}).content.decode()
    assert (link in of_source, "dòng 4.321" in of_source) == (False, True)
    of_run = browser.get(address, {"lan-nhap": first.pk}).content.decode()
    assert (link in of_run, "dòng 4.321" in of_run) == (True, False)
    assert 'name="value"' in browser.get(link).content.decode()

    browser.post(
        reverse("correct_result", args=[result.public_id]),
        {"field": "title", "value": "Nghiên cứu sấy xoài", "reason": "bản in"},
    )
    assert link not in browser.get(address).content.decode()
    assert link in browser.get(address, {"trang-thai": "da-sua"}).content.decode()


@pytest.mark.parametrize("asked", ["x", "9" * 30, "-1", "²"])
def test_desk_takes_a_number_that_is_none_for_all_runs(bring, officer, as_user, asked):
    bring(RECORDS[0])

    page = as_user(officer).get(reverse("damaged_texts"), {"lan-nhap": asked, "nguon": ""})

    assert "1 giá trị chờ sửa" in page.content.decode()


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger"])
def test_others_see_nothing_of_it(bring, who, request, as_user):
    bring(RECORDS[0])

    answer = as_user(request.getfixturevalue(who)).get(reverse("damaged_texts"))

    assert "Nghi?n" not in answer.content.decode()
    assert answer.status_code in (302, 403)
