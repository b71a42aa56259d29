"""A side's own people judge what the other offers: by criteria and stages; read by that side alone."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.deals.evaluating import DETAILED, SCREENING, criteria_of, edition_on, results
from marketplace.deals.kinds import DEAL_KINDS
from marketplace.deals.models import Evaluation, MemberRole, Reviewer, Score
from marketplace.deals.services import evaluations as services
from marketplace.deals.services.people import seat_person
from marketplace.deals.states import EVALUATION_TRANSITIONS, EvaluationState
from marketplace.notifications.models import Notice
from marketplace.taxonomy.choices import choices
from tests.deals.people import PEOPLE, person_named
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

MARKS = {"fit": (5, "Đúng việc"), "maturity": (2, "")}


@pytest.fixture
def evaluation(deal, firm, buyer):
    return services.open_evaluation(deal, side=firm, by=buyer)


@pytest.fixture
def engineer(deal, firm, buyer):
    """Sits in the deal for the firm and only reads its room."""
    person = MembershipFactory(organization=firm, role="viewer").user
    seat_person(deal, person=person, organization=firm, role=MemberRole.OBSERVER, by=buyer)
    return person


def test_every_kind_of_deal_has_criteria_in_both_stages():
    today = clock.today()
    for kind, _label in choices(DEAL_KINDS):
        for stage in (SCREENING, DETAILED):
            found = criteria_of(kind, stage, today)
            assert len({one.code for one in found}) == len(found) >= 2, (kind, stage)
    assert edition_on(today).source
    assert set(EVALUATION_TRANSITIONS) == set(EvaluationState) - {EvaluationState.CLOSED}


def test_weights_and_means_make_the_summary():
    def given(criterion, points):
        return SimpleNamespace(criterion=criterion, points=points)

    scores = [given("fit", 5), given("fit", 3), given("maturity", 1)]
    screening, detailed = results("licence", scores, clock.today())
    by_code = {one.criterion.code: one for one in screening.criteria}
    assert (by_code["fit"].percent, by_code["fit"].is_split) == (80, True)
    assert (by_code["maturity"].percent, by_code["maturity"].is_split) == (20, False)
    assert by_code["rights"].percent is None
    # (4 × .8 + 3 × .2) / 7
    assert (screening.percent, screening.is_partial) == (54, True)
    assert (detailed.percent, detailed.is_partial) == (None, True)


def test_opened_scored_taken_on_and_concluded(evaluation, deal, firm, buyer, engineer):
    services.add_reviewer(evaluation, person=engineer, by=buyer)
    services.add_reviewer(evaluation, person=engineer, by=buyer)
    assert evaluation.team.count() == 2
    assert Notice.objects.get(context__event="reviewing").recipient == engineer
    with pytest.raises(DomainError, match="Chưa ai cho điểm"):
        services.go_on(evaluation, by=buyer)
    services.score(evaluation, marks=MARKS, by=buyer)
    services.score(evaluation, marks={"fit": (3, "")}, by=buyer)
    services.score(evaluation, marks={"fit": (4, "")}, by=engineer)
    assert sorted(evaluation.scores.values_list("criterion", "points")) == [
        ("fit", 3), ("fit", 4), ("maturity", 2),
    ]  # fmt: skip
    services.go_on(evaluation, by=buyer)
    with pytest.raises(InvalidTransition, match="giai đoạn sau"):
        services.go_on(evaluation, by=buyer)
    with pytest.raises(DomainError, match="không có tiêu chí"):
        services.score(evaluation, marks={"fit": (5, "")}, by=buyer)
    services.score(evaluation, marks={"cost": (5, "")}, by=engineer)
    with pytest.raises(DomainError, match="lý do hoặc điều kiện"):
        services.conclude(evaluation, recommendation="conditions", by=buyer)
    services.conclude(evaluation, recommendation="go", by=buyer)
    assert (evaluation.state, evaluation.closed_by) == ("closed", buyer)
    with pytest.raises(InvalidTransition, match="đã kết luận"):
        services.score(evaluation, marks={"cost": (1, "")}, by=buyer)


@pytest.mark.parametrize("marks", [{"fit": (6, "")}, {"fit": (0, "")}, {"moon": (3, "")}, {}])
def test_points_are_those_of_a_criterion_of_the_stage(evaluation, buyer, marks):
    with pytest.raises(DomainError):
        services.score(evaluation, marks=marks, by=buyer)
    assert not Score.objects.exists()


def test_the_team_is_of_ones_own_side(evaluation, deal, firm, institute, buyer, inventor):
    with pytest.raises(DomainError, match="cho bên bạn"):
        services.add_reviewer(evaluation, person=inventor, by=buyer)
    with pytest.raises(InvalidTransition, match="đã mở đánh giá"):
        services.open_evaluation(deal, side=firm, by=buyer)
    assert services.open_evaluation(deal, side=institute, by=inventor).organization == institute
    services.remove_reviewer(evaluation.team.get(), by=buyer)
    with pytest.raises(InvalidTransition, match="không còn trong nhóm"):
        services.score(evaluation, marks=MARKS, by=buyer)


MAY = {
    "open_evaluation": {"inventor"},  # the firm has one already
    "score": {"buyer", "engineer"},
    "add_reviewer": {"buyer"},
    "remove_reviewer": {"buyer"},
    "go_on_evaluation": {"buyer"},
    "conclude_evaluation": {"buyer"},
}


@pytest.mark.parametrize("act", MAY)
def test_who_may_do_what(act, evaluation, firm, institute, buyer, inventor, engineer, desk, client):
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    member = services.add_reviewer(evaluation, person=engineer, by=buyer)
    services.score(evaluation, marks=MARKS, by=buyer)
    newcomer = MembershipFactory(organization=firm).user
    seat_person(evaluation.deal, person=newcomer, organization=firm, role="legal", by=buyer)
    form = {
        "score-points_fit": "4",
        "team-person": newcomer.pk,
        "end-recommendation": "go",
    }
    args = [evaluation.deal.public_id, *([member.key] if act == "remove_reviewer" else [])]

    def everything():
        return [list(m.objects.order_by("pk").values()) for m in (Evaluation, Reviewer, Score)]

    before = everything()
    for who, person in (cast | {"engineer": engineer}).items():
        client.force_login(person)
        with transaction.atomic():
            answer = client.post(reverse(f"deals:{act}", args=args), form)
            if who in MAY[act]:
                assert answer.status_code == 302, who
            elif not (act == "open_evaluation" and who == "buyer"):
                assert answer.status_code == 404, who
            assert (everything() != before) == (who in MAY[act]), who
            transaction.set_rollback(True)


def test_the_other_side_and_staff_never_read_it(
    evaluation, deal, firm, institute, buyer, inventor, engineer, desk, client
):
    services.score(evaluation, marks={"fit": (5, "Rất đúng việc")}, by=buyer)
    url = reverse("deals:evaluation", args=[deal.public_id])
    cast = {name: person_named(name, firm, institute, buyer, inventor) for name in PEOPLE}
    for who, person in (cast | {"engineer": engineer}).items():
        client.force_login(person)
        answer = client.get(url)
        assert answer.status_code == (200 if who in ("buyer", "engineer", "inventor") else 404), who
        shown = "Rất đúng việc" in answer.content.decode()
        assert shown == (who in ("buyer", "engineer")), who


def test_it_is_walked_on_the_page(deal, firm, buyer, engineer, client):
    url = reverse("deals:evaluation", args=[deal.public_id])
    client.force_login(buyer)
    assert url in client.get(deal.get_absolute_url()).content.decode()
    assert "Mở đánh giá" in client.get(url).content.decode()
    client.post(reverse("deals:open_evaluation", args=[deal.public_id]), {})
    empty = client.post(reverse("deals:score", args=[deal.public_id]), {})
    assert empty.status_code == 400
    assert "ít nhất một tiêu chí" in empty.content.decode()
    words = {"score-points_fit": "5", "score-comment_provider": "Chưa rõ"}
    lost = client.post(reverse("deals:score", args=[deal.public_id]), words)
    assert lost.status_code == 400
    assert "Hãy cho điểm tiêu chí bạn nhận xét." in lost.content.decode()
    assert not Score.objects.exists()
    form = {"score-points_fit": "5", "score-comment_fit": "Đúng việc"}
    client.post(reverse("deals:score", args=[deal.public_id]), form)
    page = client.get(url).content.decode()
    assert "100%" in page
    assert "Đúng việc" in page
    refused = client.post(reverse("deals:conclude_evaluation", args=[deal.public_id]), {})
    assert (refused.status_code, Evaluation.objects.get().state) == (400, "screening")
    assert "Chọn một kết luận." in refused.content.decode()
    english = client.get("/en" + url).content.decode()
    assert "Internal evaluation" in english
    assert "Answers what we need" in english
