"""The judging desk below its pages: pools, seats, agreement, the set that `evaluate` reads."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.matching import services
from marketplace.matching.judging import grading
from marketplace.matching.judging.agreement import agreement
from marketplace.matching.judging.exporting import QRELS, WEAK, judged_set, write_set
from marketplace.matching.judging.pooling import FIRST, TAIL, make_pool
from marketplace.matching.judging.privacy import without_contacts
from marketplace.matching.models import JudgingPool, Side
from search.evaluation import load_dataset
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.matching import MatchFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def judges():
    return [CuratorFactory() for _n in range(3)]


@pytest.fixture
def pool(mango_need, index, judges):
    ResultFactory(abstract="Sấy xoài cắt lát ở 45 °C. Liên hệ hoa@vien.vn, 0912 345 678.")
    index()
    return make_pool(mango_need, by=judges[0], seed=3)


def judged(pool, one, other, *, differing=0):
    """Both judges grade: the first so many items differently."""
    for number, judge in enumerate((one, other)):
        seat = grading.take_seat(pool, judge=judge)
        grades = {item.pk: 2 for item in pool.items.all()}
        for item in list(pool.items.all())[:differing]:
            grades[item.pk] = 3 * number
        grading.grade_items(seat, grades)


def test_pool_has_what_engine_and_matching_put_first_and_a_sample_of_the_rest(
    mango_need, index, judges
):
    for number in range(FIRST + 12):
        ResultFactory(title=f"Sấy xoài bằng phương pháp số {number}", abstract="Thử nghiệm sấy.")
    index()
    pool = make_pool(mango_need, by=judges[0], seed=3)
    sources = [set(item.sources) for item in pool.items.all()]
    assert sum("engine" in one for one in sources) == FIRST
    assert 0 < sum("match" in one for one in sources) <= FIRST
    assert sources.count({"tail"}) == TAIL
    assert make_pool(mango_need, by=judges[1], seed=9) == pool
    assert JudgingPool.objects.count() == 1


def test_order_is_blind_and_another_one_for_each_judge(pool, judges):
    orders = [[item.pk for item in grading.blind_order(pool, judge)] for judge in judges[:2]]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] == [item.pk for item in grading.blind_order(pool, judges[0])]
    ranked = sorted(orders[0])
    assert len(ranked) < 3 or ranked not in (orders[0],) or ranked not in (orders[1],)


def test_two_judge_and_a_third_settles(pool, judges):
    one, other, third = judges
    with pytest.raises(DomainError):
        grading.settle(pool.items.first(), grade=1, by=third)  # nothing to settle yet
    judged(pool, one, other, differing=1)
    with pytest.raises(DomainError):
        grading.take_seat(pool, judge=third)
    with pytest.raises(InvalidTransition):
        grading.grade_items(pool.seats.first(), {pool.items.first().pk: 0})
    [item] = grading.disagreements(pool)
    assert item.grades == (0, 3)
    assert grading.final_grades(pool) is None
    for judge in (one, other):
        with pytest.raises(DomainError):
            grading.settle(item, grade=1, by=judge)
    grading.settle(item, grade=1, by=third)
    assert grading.final_grades(pool)[item.pk] == 1


def test_grades_outside_the_scale_or_the_pool_are_refused(pool, judges):
    seat = grading.take_seat(pool, judge=judges[0])
    for grades in ({pool.items.first().pk: 4}, {0: 2}):
        with pytest.raises(DomainError):
            grading.grade_items(seat, grades)
    assert not seat.judgements.exists()
    assert grading.grade_items(seat, {pool.items.first().pk: 2}) == pool.items.count() - 1
    assert not grading.is_compared(pool)


def test_nobody_judges_a_need_of_an_own_organisation(pool, judges):
    MembershipFactory(user=judges[0], organization=pool.need.organization)
    with pytest.raises(DomainError):
        grading.take_seat(pool, judge=judges[0])
    assert not pool.seats.exists()


def test_agreement_is_cohens_kappa():
    # Observed 0.7, by chance 0.5: (0.7 − 0.5) / 0.5.
    pairs = [(0, 0)] * 4 + [(3, 3)] * 3 + [(0, 3)] * 1 + [(3, 0)] * 2
    found = agreement(pairs)
    assert (found.items, found.exact, found.kappa) == (10, 0.7, 0.4)
    assert found.weighted == found.kappa  # with two grades nothing is closer
    near, far = [(0, 0), (3, 3), (2, 3)], [(0, 0), (3, 3), (0, 3)]
    assert agreement(near).weighted > agreement(far).weighted
    assert agreement([(2, 2)] * 4).kappa is None
    assert agreement([]) is None


def test_exported_set_is_measured_and_names_nobody(
    pool, judges, owner, pass_reasons, tmp_path, tick
):
    one, other, _third = judges
    assert judged_set()[QRELS].count("\n") == 1  # nothing open is exported
    judged(pool, one, other)
    passed = MatchFactory(need=pool.need, candidate=ResultFactory(title="Máy đào hầm lò"))
    services.pass_on(passed, by=owner, reason="wrong_field", note="Ông Nam nói sai ngành")
    unsaid = MatchFactory(need=pool.need, rank=2)
    services.pass_on(unsaid, by=owner, reason="has_solution")

    folder = tmp_path / "set"
    assert write_set(folder) == pool.items.count()
    weak = (folder / WEAK).read_text().splitlines()
    query, key, grade, reason, side, _version = weak[1].split("\t")
    assert (query, key) == (pool.need.public_id, f"result:{passed.candidate.public_id}")
    assert (grade, reason, side, len(weak)) == ("0", "wrong_field", Side.NEED, 2)
    everything = "".join(path.read_text() for path in folder.rglob("*.*"))
    for person in (owner, one, other):
        assert person.email not in everything
        assert person.full_name not in everything
    for secret in ("hoa@vien.vn", "0912", "Ông Nam", pool.need.organization.name):
        assert secret not in everything

    assert set(load_dataset(folder).queries) == {pool.need.public_id}
    out = StringIO()
    call_command("evaluate", str(folder), "--json", stdout=out)
    assert json.loads(out.getvalue())["queries"] == 1


def test_contacts_leave_a_text_and_figures_stay():
    text = "Gọi 0912 345 678 hoặc +84 24 3934 1234, a.b@vien.gov.vn; 1.200 m³, 0,5 mm, năm 2026."
    assert without_contacts(text) == "Gọi … hoặc …, …; 1.200 m³, 0,5 mm, năm 2026."


def test_staff_pass_goes_before_the_need_sides(pool, owner, judges, pass_reasons):
    match = MatchFactory(need=pool.need, candidate=ResultFactory(title="Máy đào hầm lò"))
    services.pass_on(match, by=owner, reason="too_early")
    services.pass_on(match, by=judges[0], side=Side.STAFF, reason="wrong_field")
    assert "\t0\twrong_field\tstaff\t" in judged_set()[WEAK]
