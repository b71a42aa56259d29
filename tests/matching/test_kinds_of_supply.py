"""Whatever kinds are registered are candidates; work under way is told apart from what can be had."""

import dataclasses
import re
from itertools import chain
from pathlib import Path

import pytest

from marketplace import matching
from marketplace.accounts.models import Outreach
from marketplace.accounts.supply import register_supply, supply_kind, supply_kinds
from marketplace.core import clock
from marketplace.core.transitions import transition
from marketplace.matching import considering, pipeline, queries, services
from marketplace.matching.finding import propose
from marketplace.matching.models import Match, MatchRun, Side
from marketplace.matching.scoring import CandidateText, NeedText, read_need, score
from marketplace.notifications.models import Notice
from marketplace.research.models import Result, Task, TaskState
from marketplace.research.models.choices import TASK_TRANSITIONS
from marketplace.research.supply import standing_of
from search.engines import get_engine
from search.queries import TermStatistics
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import NeedFactory, ServiceFactory
from tests.factories.matching import MatchFactory
from tests.factories.research import ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db

MANGO_TASK = {
    "title": "Nghiên cứu máy sấy xoài cắt lát giữ màu bằng bơm nhiệt",
    "aims": "Sấy xoài cắt lát ở 45 °C, giữ màu xoài, công suất 500 kg mỗi mẻ.",
    "summary": "",
}


def task_under_way(**values):
    ends = f"{clock.today().year + 1}-03"
    return TaskFactory(**MANGO_TASK | {"ended_on": ends} | values)


def finish(task):
    transition(task, TaskState.COMPLETED, table=TASK_TRANSITIONS, by="thử", reason="thử")


# --- work under way -------------------------------------------------------------------------------


def test_task_under_way_is_found_behind_what_can_be_had(mango_need, tick):
    result, task = ResultFactory(), task_under_way()

    tick()

    found = Match.objects.active().with_candidates().order_by("rank")
    assert [match.candidate for match in found] == [result, task]
    assert "under_way_until" in {one["code"] for one in found[1].explanation["reasons"]}
    assert found[1].explanation["components"]["under_way"] < 0
    assert not MatchRun.objects.get().abstained


@pytest.mark.parametrize("is_had", [True, False], ids=["beside a result", "alone"])
def test_score_of_the_engine_counts_for_work_under_way_too(is_had, others, index):
    near = task_under_way()
    task_under_way(title="Nghiên cứu giống xoài", aims="Chọn giống xoài chịu mặn.")
    if is_had:
        ResultFactory()
    index()
    need = read_need(NeedText(text="Cần máy sấy xoài cắt lát giữ màu bằng bơm nhiệt."))

    kinds = ("result",) if is_had else ("offer",)

    told = propose(need, kinds=kinds, under_way=("task",), engine=get_engine())

    tasks = {key: score for key, score in told.engine.items() if key.startswith("task")}
    assert len(tasks) == 2
    assert max(tasks, key=tasks.__getitem__).endswith(str(near.public_id))
    assert 0 < min(tasks.values()) < max(tasks.values())
    # On the scale of what can be had, and never beyond its end.
    had = [score for key, score in told.engine.items() if key not in tasks]
    assert bool(had) is is_had
    assert max(tasks.values()) <= max(had, default=max(tasks.values()))


def test_need_that_only_work_under_way_would_meet_is_unmet_and_its_owner_told(
    mango_need, owner, tick
):
    task = task_under_way()

    tick()

    run = MatchRun.objects.get()
    assert run.abstained
    assert run.shown == 1
    told = Notice.objects.get(kind="match.need", recipient=owner)
    assert [one["title"] for one in told.context["matches"]] == [task.title]
    assert told.context["matches"][0]["under_way"]


def test_new_task_meets_an_open_need_from_its_own_side(mango_need, tick, monkeypatch):
    monkeypatch.setattr(considering, "cheaper_side", lambda **_counts: "texts")
    tick()
    assert not Match.objects.exists()

    task = task_under_way()
    tick()

    assert Match.objects.active().get().candidate == task


@pytest.mark.parametrize("leaves", ["finished", "withdrawn"])
def test_task_that_ends_leaves_with_what_was_told_of_it(mango_need, tick, leaves):
    task = task_under_way(organization=MembershipFactory().organization)
    tick()
    assert Notice.objects.filter(kind="match.supply", retired_at=None).count() == 1

    if leaves == "finished":
        finish(task)
    else:
        task.withdrawn_at = clock.now()
        task.save()
    tick()

    assert not Match.objects.active().exists()
    assert not Notice.objects.filter(retired_at=None, kind__startswith="match.").exists()


def test_task_that_is_done_or_long_overdue_is_no_candidate(mango_need, tick):
    finish(task_under_way())
    task_under_way(ended_on=str(clock.today().year - 2))

    tick()

    assert not Match.objects.exists()


def test_task_leaves_the_page_the_moment_it_is_done(mango_need, owner, tick):
    task = task_under_way()
    tick()
    assert Match.objects.shown_to(owner).exists()

    finish(task)

    assert not Match.objects.shown_to(owner).exists()


def test_task_of_an_organisation_not_here_yet_opens_no_case(mango_need, tick):
    task_under_way()
    tick()
    assert Match.objects.active().exists()
    assert not Outreach.objects.exists()


def test_task_is_left_out_where_the_need_demands_readiness(mango_need, tick):
    task_under_way()
    mango_need.required, mango_need.required_trl = "Bắt buộc phải đạt TRL 7 trở lên.", 7
    mango_need.save()

    tick()

    assert not Match.objects.exists()
    assert [one["code"] for one in MatchRun.objects.get().left_out] == ["under_way_missed"]


@pytest.mark.parametrize(
    ("ended_on", "told"),
    [("", "chưa có để dùng ngay"), ("2999-03", "dự kiến xong 03/2999"), ("2999", "xong 2999")],
)
def test_card_of_a_task_says_that_it_cannot_be_had_yet(ended_on, told):
    assert told in standing_of(TaskFactory(ended_on=ended_on))


def test_card_of_an_overdue_task_says_so():
    assert "quá hạn dự kiến" in standing_of(TaskFactory(ended_on="2020-01"))


def test_work_under_way_never_stands_above_an_equally_good_result():
    text = "Máy sấy xoài cắt lát giữ màu bằng bơm nhiệt, công suất 500 kg mỗi mẻ."
    at_hand = CandidateText("result", "b", "Máy sấy xoài", text, year=1990)
    work = CandidateText("task", "a", "Máy sấy xoài", text, under_way=True, until="2030-01")
    other = CandidateText("result", "c", "Nuôi tôm", "Ao lót bạt.")
    statistics = TermStatistics(3, 10.0, {"xoài": 2, "sấy": 2})

    found = score(NeedText(text="Sấy xoài cắt lát giữ màu"), [work, at_hand, other], statistics)

    assert [one.candidate.key for one in found.scored][:1] == ["b"]
    assert [one.candidate.key for one in found.under_way] == ["a"]
    assert found.under_way[0].score < found.scored[0].score
    alone = score(NeedText(text="Sấy xoài cắt lát giữ màu"), [at_hand, other], statistics)
    assert found.scored == alone.scored


def test_page_of_the_need_shows_work_under_way_in_its_own_part(client, mango_need, owner, tick):
    ResultFactory()
    task = task_under_way()
    tick()
    client.force_login(owner)

    page = client.get(mango_need.get_absolute_url())

    assert [one["kind"] for one in page.context["cards"]] == ["result"]
    assert [one["title"] for one in page.context["under_way"]] == [task.title]
    assert "1 nhiệm vụ đang nghiên cứu, chưa có để dùng ngay" in page.content.decode()


# --- services -------------------------------------------------------------------------------------


@pytest.fixture
def laboratory():
    return ServiceFactory(
        title="Thử nghiệm sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Sấy thử xoài cắt lát ở 45 °C, đo màu xoài, 500 kg mỗi mẻ.",
        published=True,
    )


def test_need_for_a_machine_is_not_answered_by_a_laboratory(mango_need, laboratory, tick):
    tick()

    assert not Match.objects.exists()
    assert "service" not in MatchRun.objects.get().searched


@pytest.mark.parametrize("side", ["texts", "needs", "all"])
def test_need_that_asks_for_testing_is_answered_by_a_laboratory_and_no_valuer(
    mango_need, laboratory, tick, monkeypatch, side
):
    ServiceFactory(
        title="Thẩm định giá máy sấy xoài cắt lát bằng bơm nhiệt",
        summary=laboratory.summary,
        service_kinds=["valuation"],
        published=True,
    )
    mango_need.need_kinds = ["testing"]
    mango_need.save()
    monkeypatch.setattr(considering, "cheaper_side", lambda **_counts: side)
    tick()

    match = Match.objects.active().get()
    assert match.candidate == laboratory
    assert "kind_asked" in {one["code"] for one in match.explanation["reasons"]}
    assert MatchRun.objects.get().searched["service"] == 2

    mango_need.need_kinds = ["buy"]
    mango_need.save()
    tick()
    assert not Match.objects.active().exists()


@pytest.mark.parametrize("side", ["texts", "needs"])
def test_new_laboratory_concerns_only_needs_that_ask_for_it(
    mango_need, tick, index, monkeypatch, side
):
    tick()
    asking = NeedFactory(
        title=mango_need.title,
        summary=mango_need.summary,
        problem=mango_need.problem,
        need_kinds=["testing"],
        published=True,
    )
    tick()
    monkeypatch.setattr(considering, "cheaper_side", lambda **_counts: side)
    service = ServiceFactory(
        title="Thử nghiệm sấy xoài cắt lát giữ màu bằng bơm nhiệt",
        summary="Sấy thử xoài cắt lát ở 45 °C, đo màu xoài, 500 kg mỗi mẻ.",
        published=True,
    )
    index()

    concerned = considering.needs_concerned({"service": [(service.pk, service.content_version)]})

    assert set(chain.from_iterable(concerned)) == {asking.pk}


# --- any kind -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["result", "task", "offer", "equipment", "service"])
def test_each_kind_says_all_that_matching_asks(code):
    kind = supply_kind(code)
    assert kind.counted(1200).startswith("1.200 ")
    assert all(map(str, (kind.noun, kind.quoted, kind.opens)))
    assert {"content_version", "matched_version", "organization"} <= {
        field.name for field in kind.model._meta.get_fields()
    }
    assert kind.model._meta.app_label in {"research", "listings", "accounts"}


def test_matching_names_no_kind_of_supply():
    """Kinds come to it through the registry. Only the panel of a result's own page knows results."""
    folder = Path(matching.__file__).parent
    knowing = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"marketplace\.research|TechnologyOffer|Equipment", path.read_text("utf-8"))
    }
    assert knowing == {"queries.py", "templatetags/matching_tags.py"}


def test_a_kind_is_registered_once():
    task = supply_kind("task")
    register_supply(task)
    with pytest.raises(ValueError, match="registered twice"):
        register_supply(dataclasses.replace(task, invites=True))
    assert list(supply_kinds()).count("task") == 1


def test_every_kind_belongs_to_its_organisation_and_no_other(django_assert_max_num_queries):
    institute, stranger = MembershipFactory(), MembershipFactory()
    result = MatchFactory(candidate=ResultFactory(organization=institute.organization))
    task = MatchFactory(candidate=task_under_way(organization=institute.organization))
    MatchFactory(candidate=task_under_way())

    theirs = Match.objects.supplied_by([institute.organization.pk])

    assert set(theirs) == {result, task}
    assert set(Match.objects.shown_to(institute.user)) == {result, task}
    assert not Match.objects.shown_to(stranger.user).exists()
    assert set(queries.needs_answerable_by(institute.user)) == {result, task}
    with django_assert_max_num_queries(5):
        rows = list(Match.objects.all().with_candidates())
        assert all(match.candidate.organization for match in rows)


def test_supplying_side_of_a_task_may_pass_on_the_need(client, mango_need, tick, pass_reasons):
    institute, reader = MembershipFactory(), None
    task = task_under_way(organization=institute.organization)
    tick()
    match = Match.objects.get()
    assert match.candidate == task
    for person in (MembershipFactory().user, UserFactory(), institute.user):
        client.force_login(person)
        reader = client.get(f"/goi-y/{match.public_id}/khong-nhan/")
        assert reader.status_code == (200 if person == institute.user else 404)
    services.pass_on(match, by=institute.user, side=Side.SUPPLY, reason="too_early")
    assert not queries.needs_answerable_by(institute.user).exists()


def test_match_of_a_row_that_is_gone_for_good_is_shown_nowhere(mango_need, owner, tick):
    ResultFactory()
    tick()
    Match.objects.update(candidate_id=10**9)

    assert not Match.objects.shown_to(owner).exists()
    assert Match.objects.get().candidate is None


def test_supply_of_every_kind_is_marked_done(mango_need, tick):
    ResultFactory()
    task_under_way()
    finish(task_under_way())

    tick()

    assert not Task.objects.stale("matched_version").exists()
    assert not Result.objects.stale("matched_version").exists()
    assert pipeline.run_batch() == 0
