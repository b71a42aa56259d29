"""The judging desk's pages: who may judge, what is shown, what is kept."""

import io
import zipfile

import pytest
from django.urls import reverse

from marketplace.matching.judging import grading
from marketplace.matching.models import Judgement, JudgingItem, JudgingPool, JudgingSeat
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(organization, poster):
    need = NeedFactory(organization=organization, contact=poster, published=True)
    pool = JudgingPool.objects.create(
        need=need, need_version=1, title=need.title, text=need.summary, seed=1
    )
    for number, source in enumerate(("engine", "match", "tail")):
        result = ResultFactory(title=f"Ứng viên {number}")
        JudgingItem.objects.create(
            pool=pool, kind="result", key=result.public_id, title=result.title, sources=[source]
        )
    return pool


def form(pool, grade):
    return {f"grade-{item.pk}": str(grade) for item in pool.items.all()}


def rows():
    return JudgingPool.objects.count(), Judgement.objects.count(), JudgingSeat.objects.count()


def test_only_staff_judge_and_only_leads_add_and_take_away(
    as_user, officer, lead, poster, colleague, stranger, pool, search_engine
):
    judge = reverse("judge", args=[pool.public_id])
    add = reverse("pool_need", args=[pool.need.pk])
    away = reverse("export_judgements")
    before = rows()
    for user in (poster, colleague, stranger):
        for address in (judge, add, reverse("settle", args=[pool.public_id])):
            assert as_user(user).post(address, form(pool, 2)).status_code in (302, 403)
        assert as_user(user).get(away).status_code in (302, 403)
        assert rows() == before
    as_user(officer).post(add)
    assert as_user(officer).get(away)["Content-Type"] != "application/zip"
    assert rows() == before
    answer = as_user(lead).get(away)
    assert "corpus.jsonl" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    as_user(officer).post(judge, form(pool, 2))
    assert rows() == (1, 3, 1)


def test_judge_sees_neither_who_proposed_nor_the_other_grade(as_user, officer, lead, pool):
    seat = grading.take_seat(pool, judge=lead)
    grading.grade_items(seat, {item.pk: 3 for item in pool.items.all()})
    page = as_user(officer).get(reverse("judge", args=[pool.public_id])).content.decode()
    assert "checked" not in page.partition("data-judge")[2].partition("</form>")[0]
    main = page.partition("data-judge")[2]
    assert "tail" not in main.partition("</form>")[0]
    assert "Ứng viên 2" in main


def test_two_judge_and_a_third_settles_on_the_page(
    as_user, officer, lead, administrator, stranger, pool
):
    judge = reverse("judge", args=[pool.public_id])
    first = pool.items.first()
    as_user(officer).post(judge, form(pool, 2) | {f"grade-{first.pk}": "0"})
    as_user(lead).post(judge, form(pool, 2) | {f"grade-{first.pk}": "9"})
    assert not grading.is_compared(pool)
    as_user(lead).post(judge, form(pool, 3) | {f"grade-{first.pk}": "1"})
    settle = reverse("settle", args=[pool.public_id])
    page = as_user(administrator).get(settle).content.decode()
    assert "Hai người cho 0 và 1." in page
    for user in (officer, lead, stranger):
        as_user(user).post(settle, {"item": first.pk, "grade": "1"})
        first.refresh_from_db()
        assert first.settled_grade is None
    as_user(administrator).post(settle, {"item": first.pk, "grade": "1"})
    first.refresh_from_db()
    assert first.settled_grade == 1
    listed = as_user(officer).get(reverse("judging")).content.decode()
    assert "κ" in listed
    assert settle in listed


def test_third_judge_is_told_that_two_judge_already(as_user, officer, lead, administrator, pool):
    for user in (officer, lead):
        grading.take_seat(pool, judge=user)
    answer = as_user(administrator).post(
        reverse("judge", args=[pool.public_id]), form(pool, 1), follow=True
    )
    assert "Nhu cầu này đã có hai người chấm." in answer.content.decode()
    assert not Judgement.objects.exists()
