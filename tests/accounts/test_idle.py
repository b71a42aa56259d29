"""Sessions end by themselves, and pages of a session stay out of caches."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.accounts.models import Role
from marketplace.core import clock
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.registration import FocalOfficerFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def staff():
    return UserFactory(is_staff=True)


def officer():
    return FocalOfficerFactory().user


def owner():
    return MembershipFactory(role=Role.OWNER).user


def contributor():
    return MembershipFactory(role=Role.CONTRIBUTOR).user


@pytest.mark.parametrize(
    ("person", "stays", "ends"),
    [
        (staff, HOUR / 2, HOUR * 1.1),
        (officer, HOUR / 2, HOUR * 1.1),
        (owner, HOUR * 11, HOUR * 12.1),
        (contributor, HOUR * 110, HOUR * 121),
    ],
)
def test_session_left_alone_ends_by_what_could_be_done_with_it(person, stays, ends, client):
    user, page = person(), reverse("notifications:inbox")
    client.force_login(user)
    began = clock.now()
    client.get(page)
    with clock.frozen_at(began + stays):
        assert client.get(page).status_code == 200
    with clock.frozen_at(began + stays + ends):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
        assert "lâu không dùng" in client.get(answer["Location"]).content.decode()
        # What everybody may see goes on, and nobody is signed in any more.
        assert "_auth_user_id" not in client.session


def test_session_in_use_ends_after_two_weeks_all_the_same(client):
    client.force_login(contributor())
    page, began = reverse("notifications:inbox"), clock.now()
    answers = []
    for day in range(0, 17, 3):
        with clock.frozen_at(began + timedelta(days=day)):
            answers.append(client.get(page).status_code)
    assert answers == [200, 200, 200, 200, 200, 302]


def test_activity_is_written_once_a_minute(client):
    client.force_login(contributor())
    began, page = clock.now(), reverse("notifications:inbox")
    for seconds, is_written in ((0, True), (30, False), (90, True)):
        with clock.frozen_at(began + timedelta(seconds=seconds)):
            client.get(page)
            mark = client.session["activity"][1]
            assert (mark == int(clock.now().timestamp())) == is_written


def test_list_of_sessions_is_written_once_a_minute_and_for_another_browser(client):
    client.force_login(contributor())
    began, page = clock.now(), reverse("notifications:inbox")
    listed = []
    for seconds, browser in ((0, "A"), (30, "A"), (40, "B"), (50, "B"), (130, "B")):
        with (
            clock.frozen_at(began + timedelta(seconds=seconds)),
            CaptureQueriesContext(connection) as asked,
        ):
            client.get(page, headers={"user-agent": browser})
        listed.append(any("usersessions_usersession" in one["sql"] for one in asked))
        assert UserSession.objects.get().user_agent == browser
    assert listed == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/", True),
        ("/bang-dieu-khien/", True),
        ("/nhu-cau/", True),
        ("/tai-khoan/email/", False),
        ("/en/tai-khoan/email/", False),
        ("/ho-so-ca-nhan/", False),
        ("/du-lieu-ca-nhan/cua-toi/", False),
    ],
)
def test_pages_of_a_session_are_private(address, kept, client):
    client.force_login(owner())
    said = client.get(address)["Cache-Control"]
    assert "private" in said
    assert ("no-store" not in said) == kept


def test_what_a_browser_kept_goes_with_the_session(client):
    page = reverse("notifications:inbox")
    client.force_login(contributor())
    assert "Clear-Site-Data" not in client.get(page).headers

    left = client.post(reverse("account_logout"))

    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get(reverse("account_login")).headers
