"""Passes with reasons, from either side, one or many at once, and what is read of them in sum."""

import pytest
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.core.errors import DomainError
from marketplace.core.models import AuditEntry
from marketplace.matching import passes, queries, services
from marketplace.matching.models import Match, Pass, Side
from marketplace.matching.reasons import grades_version, meaning_of
from marketplace.taxonomy.labels import label
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.listings import NeedFactory
from tests.factories.matching import MatchFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute():
    return MembershipFactory()


@pytest.fixture
def need(enterprise):
    need = NeedFactory(organization=enterprise, published=True)
    need.specifications.create(name="Công suất", operator="ge", low=400, unit="kg/mẻ")
    need.specifications.commit()
    return need


@pytest.fixture
def match(need, institute, pass_reasons):
    return MatchFactory(need=need, candidate=ResultFactory(organization=institute.organization))


def test_every_reason_of_the_list_has_a_meaning_of_its_own(pass_reasons):
    assert pass_reasons == [
        "too_early", "benefit_unclear", "price_unclear", "scope_unclear", "misses_target",
        "wrong_field", "rights_unclear", "wrong_scale", "has_solution", "unreachable", "other",
    ]  # fmt: skip
    assert meaning_of("wrong_field").grade == 0
    assert meaning_of("has_solution").grade is None
    assert meaning_of("staff added this").sides == {"need", "supply", "staff"}
    assert grades_version()
    assert "has_solution" not in dict(services.reasons_for(Side.SUPPLY))


def test_pass_and_taking_it_back_stay_on_record(match, owner):
    services.pass_on(match, by=owner, reason="misses_target", criteria=["Công suất"])
    services.pass_on(match, by=owner, reason="wrong_field")  # a second click

    match.refresh_from_db()
    assert (match.passed_reason, Pass.objects.get().criteria) == ("misses_target", ["Công suất"])

    services.take_back_pass(match, by=owner)
    services.take_back_pass(match, by=owner)
    services.pass_on(match, by=owner, reason="wrong_field")

    match.refresh_from_db()
    assert match.passed_reason == "wrong_field"
    assert list(Pass.objects.order_by("pk").values_list("reason", "taken_back_by")) == [
        ("misses_target", owner.pk),
        ("wrong_field", None),
    ]
    acts = AuditEntry.objects.filter(subject=f"match:{match.public_id}")
    assert list(acts.values_list("action", flat=True)) == [
        "match.passed", "match.pass_taken_back", "match.passed"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        {"reason": "no such"},
        {"reason": "misses_target"},
        {"reason": "other", "note": " "},
        {"reason": "has_solution", "side": Side.SUPPLY},
    ],
)
def test_pass_without_what_its_reason_asks_for_is_refused(match, owner, answer):
    with pytest.raises(DomainError):
        services.pass_on(match, by=owner, **answer)
    assert not Pass.objects.exists()


def test_many_are_passed_on_together_or_not_at_all(client, match, need, owner):
    second = MatchFactory(need=need, rank=2)
    foreign = MatchFactory()
    client.force_login(owner)
    address = reverse("matching:pass_many", args=[need.public_id])

    answer = {"match": [match.public_id, foreign.public_id], "reason": "wrong_field"}
    assert client.post(address, answer).status_code == 200
    assert not Pass.objects.exists()

    client.post(address, answer | {"match": [match.public_id, second.public_id]})
    assert set(Pass.objects.values_list("match", "reason", "side")) == {
        (match.pk, "wrong_field", "need"),
        (second.pk, "wrong_field", "need"),
    }
    assert "Không còn gợi ý nào chờ bạn trả lời." in client.get(address).content.decode()


def test_page_asks_which_requirement_is_missed(client, match, owner):
    client.force_login(owner)
    address = reverse("matching:pass", args=[match.public_id])
    page = client.post(address, {"reason": "misses_target"}).content.decode()
    assert "Hãy cho biết chỉ tiêu nào không đạt." in page
    client.post(address, {"reason": "misses_target", "criteria": ["Công suất"]})
    assert Pass.objects.get().criteria == ["Công suất"]


def test_supplying_side_passes_on_a_need_and_takes_it_back(client, match, institute):
    client.force_login(institute.user)
    assert [one.need for one in queries.answers_to([match.need_id], institute.user)] == [match.need]
    client.post(reverse("matching:pass_supply", args=[match.public_id]), {"reason": "wrong_scale"})

    assert Pass.objects.get().side == Side.SUPPLY
    match.refresh_from_db()
    assert match.passed_at is None  # the need's own list is as it was
    assert not queries.answerable_needs(institute.user)
    page = client.get(reverse("matching:needs_for_us")).content.decode()
    assert match.need.title in page
    assert reverse("matching:take_back_supply", args=[match.public_id]) in page

    client.post(reverse("matching:take_back_supply", args=[match.public_id]))
    assert list(queries.answerable_needs(institute.user)) == [match.need_id]


def test_supplying_side_passes_on_several_needs(client, match, institute):
    other = MatchFactory(candidate=match.candidate)
    client.force_login(institute.user)
    client.post(
        reverse("matching:pass_needs"),
        {"match": [match.public_id, other.public_id], "reason": "wrong_field"},
    )
    assert Pass.objects.filter(side=Side.SUPPLY, reason="wrong_field").count() == 2


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("pass", "need"),
        ("take_back", "need"),
        ("pass_supply", "supply"),
        ("take_back_supply", "supply"),
    ],
)
def test_only_who_edits_that_side_answers_for_it(
    client, match, owner, enterprise, institute, name, side
):
    """Owner, colleague, reader, stranger, curator; for the other side its own people."""
    sides = {"need": (enterprise, owner), "supply": (institute.organization, institute.user)}
    organization, person = sides[side]
    other = sides["supply" if side == "need" else "need"][1]
    colleague = MembershipFactory(organization=organization, role=Membership.Role.CONTRIBUTOR).user
    reader = MembershipFactory(organization=organization, role=Membership.Role.VIEWER).user
    if name.startswith("take_back"):
        services.pass_on(match, by=person, side=Side(side), reason="wrong_field")
    address = reverse(f"matching:{name}", args=[match.public_id])

    def state():
        return list(Pass.objects.order_by("pk").values())

    before = state()
    for user in (reader, other, MembershipFactory().user, CuratorFactory()):
        client.force_login(user)
        assert client.post(address, {"reason": "wrong_field"}).status_code == 404
    assert state() == before
    for user in (colleague, person):
        client.force_login(user)
        assert client.post(address, {"reason": "wrong_field"}).status_code == 302
        assert state() != before


def test_institute_reads_sums_and_never_who(client, institute, enterprise, owner, pass_reasons):
    mine = [
        MatchFactory(candidate=ResultFactory(organization=institute.organization))
        for _n in range(3)
    ]
    for match in mine[:2]:
        services.pass_on(match, by=owner, reason="price_unclear", note="Giám đốc Hoa bảo đắt")
    client.force_login(institute.user)
    few = client.get(reverse("matching:why_not")).content.decode()
    assert "Chưa rõ giá" not in few

    services.pass_on(mine[2], by=owner, reason="too_early")
    services.pass_on(mine[2], by=institute.user, side=Side.SUPPLY, reason="wrong_scale")
    page = client.get(reverse("matching:why_not")).content.decode()

    [one] = passes.sums_for(institute.user)
    assert (one.sums.passed, one.sums.shown) == (3, 3)
    assert [(r.code, r.count) for r in one.sums.reasons] == [("price_unclear", 2), ("too_early", 1)]
    assert "Chưa rõ giá, hiệu quả kinh tế" in page
    assert "Hoa" not in page
    assert not any(match.need.title in page for match in mine)
    assert passes.sums_for(MembershipFactory().user) == []


def test_sums_of_organisations_cost_the_same_queries_whatever_their_number(
    pass_reasons, owner, django_assert_num_queries
):
    label("pass-reasons", "too_early")  # kept for a minute
    for count in (1, 3):
        for _n in range(count):
            services.pass_on(MatchFactory(), by=owner, reason="too_early")
        with django_assert_num_queries(3):
            passes.sums_by_organization()
    assert sum(one.passed for one in passes.sums_by_organization()) == 4


def test_retired_match_is_answered_by_nobody(client, match, owner):
    Match.objects.update(retired_at=match.first_matched_at)
    client.force_login(owner)
    address = reverse("matching:pass", args=[match.public_id])
    assert client.post(address, {"reason": "wrong_field"}).status_code == 404
