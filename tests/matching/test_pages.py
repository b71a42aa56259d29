import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import Membership
from marketplace.matching import services
from marketplace.matching.explanations import reasons
from marketplace.matching.models import Match
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.listings import OfferFactory
from tests.factories.research import ResultFactory
from tests.matching.conftest import DRYER

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute():
    return MembershipFactory()


@pytest.fixture
def matched(mango_need, institute, tick):
    """A need with two matches: a result of the institute, an offer of somebody else."""
    ResultFactory(organization=institute.organization)
    OfferFactory(**DRYER)
    tick()
    return mango_need


def read(client, need, user=None):
    if user is not None:
        client.force_login(user)
    return client.get(need.get_absolute_url()).content.decode()


def test_owner_and_staff_see_the_whole_list(client, matched, owner):
    for user in (owner, CuratorFactory()):
        page = read(client, matched, user)
        for match in Match.objects.with_candidates():
            assert match.candidate.title in page
        assert "<mark>" in page


def test_institute_sees_only_its_own_match(client, matched, institute):
    page = read(client, matched, institute.user)
    result, offer = Match.objects.get(kind="result"), Match.objects.get(kind="offer")
    assert result.candidate.title in page
    assert offer.candidate.title not in page
    assert reverse("matching:pass", args=[result.public_id]) not in page


def test_public_and_strangers_see_no_match(client, matched):
    titles = [match.candidate.title for match in Match.objects.with_candidates()]
    pages = [read(client, matched), read(client, matched, MembershipFactory().user)]
    assert not any(title in page for title in titles for page in pages)


def test_owner_reads_that_nothing_is_good_enough(client, mango_need, owner, tick):
    tick()
    assert "Chưa có gì đủ phù hợp với nhu cầu này." in read(client, mango_need, owner)


def test_owner_reads_that_the_exchange_is_looking_before_the_first_run(client, mango_need, owner):
    assert "Sàn đang tìm" in read(client, mango_need, owner)


def test_page_read_while_the_first_run_ends_does_not_say_that_nothing_was_found(
    client, mango_need, institute, owner, tick
):
    ResultFactory(organization=institute.organization)
    ended = []

    def run_ends_behind_the_list(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not ended and 'FROM "matching_match"' in sql:
            ended.append(True)
            tick()
        return answer

    client.force_login(owner)
    with connection.execute_wrapper(run_ends_behind_the_list):
        page = read(client, mango_need, owner)
    assert ended
    assert Match.objects.filter(need=mango_need).exists()
    assert "Chưa có gì đủ phù hợp" not in page


#: Three that answer the mango need, each in words of its own.
DRYINGS = {
    "Hệ thống sấy xoài cắt lát bằng bơm nhiệt hai cấp": "Xoài cắt lát giữ màu vàng, sấy bằng bơm "
    "nhiệt hai cấp có hồi nhiệt, công suất 600 kg mỗi mẻ tại Đồng Tháp.",
    "Giữ màu xoài sấy không dùng lưu huỳnh": "Nhúng dịch chanh dây trước khi sấy xoài cắt lát bằng "
    "bơm nhiệt ở nhiệt độ thấp; màu bền sáu tháng, không dùng lưu huỳnh.",
    "Buồng sấy lạnh cho trái cây cắt lát": "Xưởng thử với xoài và thanh long: máy sấy bơm nhiệt chạy "
    "êm, giữ màu xoài cắt lát, công suất 450 kg mỗi mẻ.",
}


def test_matches_cost_the_same_queries_whatever_their_number(client, matched, owner, tick):
    client.force_login(owner)

    def queries():
        read(client, matched)  # whatever the first visit of an hour writes
        with CaptureQueriesContext(connection) as made:
            read(client, matched)
        return len(made)

    before = queries()
    for title, abstract in DRYINGS.items():
        ResultFactory(title=title, abstract=abstract, keywords=[])
    tick()
    assert Match.objects.active().count() == 5
    assert queries() == before


def test_only_an_editor_of_the_need_answers_a_match(
    client, matched, owner, institute, enterprise, pass_reasons
):
    match = Match.objects.get(kind="result")
    address = reverse("matching:pass", args=[match.public_id])
    answer = {"reason": pass_reasons[0]}
    reader = MembershipFactory(organization=enterprise, role=Membership.Role.VIEWER).user
    for user in (MembershipFactory().user, institute.user, reader):
        client.force_login(user)
        assert client.post(address, answer).status_code == 404
        assert client.get(address).status_code == 404
    match.refresh_from_db()
    assert match.passed_at is None

    client.force_login(owner)
    assert client.get(address).status_code == 200
    assert client.post(address, answer).status_code == 302
    match.refresh_from_db()
    assert match.passed_reason == answer["reason"]


def test_passing_without_a_reason_asks_for_one(client, matched, owner):
    match = Match.objects.get(kind="result")
    client.force_login(owner)
    page = client.post(reverse("matching:pass", args=[match.public_id]), {"note": "Quá nhỏ"})
    assert "Chọn một lý do." in page.content.decode()
    assert "Quá nhỏ" in page.content.decode()


def test_passed_match_is_folded_and_can_be_taken_back(client, matched, owner, pass_reasons):
    match = Match.objects.get(kind="result")
    services.pass_on(match, by=owner, reason=pass_reasons[0])
    page = read(client, matched, owner)
    assert "Đưa trở lại danh sách" in page

    client.post(reverse("matching:take_back", args=[match.public_id]))
    match.refresh_from_db()
    assert match.passed_at is None


def test_opening_a_candidate_counts_once_and_leads_there(client, matched, owner):
    match = Match.objects.get(kind="result")
    address = reverse("matching:open", args=[match.public_id])
    client.force_login(owner)
    assert client.get(address).status_code == 405

    assert client.post(address)["Location"] == match.candidate.get_absolute_url()
    match.refresh_from_db()
    opened = match.opened_at
    client.post(address)
    match.refresh_from_db()
    assert match.opened_at == opened is not None


def test_needs_for_us_lists_what_our_own_supply_answers(client, matched, institute, owner):
    client.force_login(institute.user)
    page = client.get(reverse("matching:needs_for_us")).content.decode()
    assert matched.title in page
    client.force_login(owner)
    assert matched.title not in client.get(reverse("matching:needs_for_us")).content.decode()


def test_needs_for_us_names_a_need_once_with_all_that_answers_it(
    client, mango_need, institute, tick
):
    ResultFactory(organization=institute.organization)
    offer = OfferFactory(**DRYER, organization=institute.organization)
    tick()
    assert Match.objects.count() == 2
    client.force_login(institute.user)

    page = client.get(reverse("matching:needs_for_us")).content.decode()

    assert page.count(f">{mango_need.title}<") == 1
    assert offer.title in page
    assert Match.objects.get(kind="result").candidate.title in page


def test_result_page_tells_its_members_and_staff_which_needs_could_use_it(
    client, matched, institute, owner
):
    """The public is led to the field's open needs, and so is everybody else."""
    match = Match.objects.with_candidates().get(kind="result")
    viewer = MembershipFactory(organization=institute.organization, role=Membership.Role.VIEWER)
    result, need_link = match.candidate, f"{matched.get_absolute_url()}#goi-y"
    field_link = f"{reverse('listings:need_list')}?linh-vuc=40107"

    for user in (None, MembershipFactory().user, owner):
        page = read(client, result, user)
        assert need_link not in page
        assert 'id="nhu-cau-dung-duoc"' not in page
        assert field_link in page
        client.logout()
    for user in (institute.user, viewer.user, CuratorFactory()):
        page = read(client, result, user)
        assert need_link in page
        assert reasons(match)[0] in html.unescape(page)

    type(matched).objects.filter(pk=matched.pk).update(live=False)
    assert need_link not in read(client, result, institute.user)
