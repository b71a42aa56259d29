"""The first page of the admin: each number counts what its list shows, and the promise is held to."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from cms import home
from cms.goals import late_before, service_goals
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.listings.services import submit
from marketplace.matching.models import MatchRun
from tests.cms.conftest import staff_member
from tests.factories.listings import NeedFactory, OfferFactory


def figures(rows):
    return {(str(one.label).lower(), one.note): one for one in rows}


@pytest.mark.parametrize(
    ("today", "first_in_time"),
    [
        ((2026, 11, 11), (2026, 11, 6)),
        ((2026, 11, 9), (2026, 11, 4)),
        ((2026, 11, 15), (2026, 11, 11)),
    ],
)
def test_a_promise_in_working_days_leaves_weekends_out(today, first_in_time, db):
    """Of three working days: what came on Friday is in time on Wednesday."""
    assert service_goals().review_working_days == 3
    with clock.frozen_at(datetime(*today, 9, tzinfo=clock.VIETNAM)):
        assert late_before() == datetime(*first_in_time, tzinfo=clock.VIETNAM)


def test_submissions_past_the_promise_are_counted(desk, officer, frozen_clock):
    for _number in range(2):
        need = NeedFactory()
        submit(need, by=need.contact)
    TaskState.objects.filter(pk=TaskState.objects.order_by("pk").first().pk).update(
        started_at=late_before() - timedelta(seconds=1)
    )
    (one,) = home.submissions(officer)
    assert (one.count, one.is_late, one.is_mine) == (2, True, True)
    assert "1 bài quá hẹn" in one.more


def test_each_number_counts_what_its_list_shows(officer, as_user):
    soon = NeedFactory(published=True, valid_until=clock.today() + timedelta(days=3))
    hidden = NeedFactory(published=True)
    Need.objects.filter(pk=hidden.pk).update(suspended_at=clock.now())
    OfferFactory(published=True)
    MatchRun.objects.create(need=soon, content_version=1, ran_at=clock.now(), abstained=True)
    keep_batch()
    client, shown = as_user(officer), {}
    for one in [*home.cases(officer), *home.listings(officer), *home.desks(officer)]:
        page = client.get(one.url)
        assert page.status_code == 200
        shown[str(one.label), one.note] = one.count, page

    def counted(label, note=""):
        return next(found for (name, said), found in shown.items() if (name, said) == (label, note))

    count, page = counted("Nhu cầu công nghệ", "Sắp hết hạn hiển thị")
    assert count == 1
    assert soon.title in page.content.decode()
    assert hidden.title not in page.content.decode()
    count, page = counted("Nhu cầu công nghệ", "Tạm ẩn vì chủ tin chưa xác nhận")
    assert count == 1
    assert hidden.title in page.content.decode()
    assert counted("Hồ sơ chưa giao ai")[0] == 2
    assert counted("Nhu cầu chưa có gợi ý đủ tốt")[0] == 1
    assert counted("Hồ sơ của tôi hôm nay")[0] == 0


def test_who_may_see_nothing_is_shown_nothing(desk):
    editor = staff_member("editors")
    for part in (home.cases, home.listings, home.desks, home.faults, home.submissions):
        assert list(part(editor)) == []


def test_staff_of_a_province_count_what_is_theirs(desk):
    person = staff_member("provincial", staff_provinces=["92"])
    for province in ("92", "01"):
        NeedFactory(
            published=True, province_code=province, valid_until=clock.today() + timedelta(days=3)
        )
    keep_batch()
    found = [*home.cases(person), *home.listings(person)]
    assert [one.count for one in found] == [0, 1, 1, "100%"]
    assert Case.objects.count() == 2


def test_the_page_takes_as_many_queries_for_three_as_for_one(
    officer, as_user, django_assert_num_queries, django_assert_max_num_queries
):
    client = as_user(officer)

    def more():
        need = NeedFactory()
        submit(need, by=need.contact)
        shown = NeedFactory(published=True, valid_until=clock.today() + timedelta(days=3))
        MatchRun.objects.create(need=shown, content_version=1, ran_at=clock.now(), abstained=True)
        keep_batch()

    more()
    # Once before each count: what a process keeps for a minute may have run out meanwhile.
    client.get(reverse("wagtailadmin_home"))
    with django_assert_max_num_queries(60) as first:
        client.get(reverse("wagtailadmin_home"))
    asked = len(first)
    more()
    more()
    client.get(reverse("wagtailadmin_home"))
    with django_assert_num_queries(asked):
        client.get(reverse("wagtailadmin_home"))
