import pytest
from django.urls import reverse

from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.models import Notice, Preference
from marketplace.notifications.rendering import unsubscribe_url
from marketplace.notifications.services import notify
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def tell(user, key):
    return notify(kind="news", recipient=user, dedupe_key=key, context={"title": key}, url="/x/")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_inbox_shows_own_notices_in_a_fixed_number_of_queries(
    client, count, django_assert_max_num_queries
):
    user = UserFactory()
    tell(UserFactory(), "of-another")
    for number in range(count):
        tell(user, f"mine-{number}")
    client.force_login(user)
    client.get(
        reverse("notifications:inbox")
    )  # the first request of an installation makes its exchange
    with django_assert_max_num_queries(12):
        page = client.get(reverse("notifications:inbox")).content.decode()
    assert "of-another" not in page
    assert page.count("Tin: mine-") == count


def test_opening_a_notice_of_another_person_is_not_found_and_changes_nothing(client):
    notice = tell(UserFactory(), "a")
    client.force_login(UserFactory())
    assert client.post(reverse("notifications:open", args=[notice.pk])).status_code == 404
    assert Notice.objects.get().read_at is None


def test_opening_a_notice_marks_it_read_and_goes_where_it_leads(client):
    user = UserFactory()
    notice = tell(user, "a")
    client.force_login(user)
    response = client.post(reverse("notifications:open", args=[notice.pk]))
    assert response["Location"] == "/x/"
    assert Notice.objects.get().read_at is not None


def test_one_click_unsubscribe_needs_no_login_and_get_changes_nothing(client):
    user = UserFactory()
    url = unsubscribe_url(user, "news").split("8000")[1]
    assert client.get(url).status_code == 200
    assert not Preference.objects.exists()
    assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get(user=user).mode == Preference.Mode.OFF


def test_unsubscribe_with_a_forged_token_is_not_found(client):
    assert client.post(reverse("notifications:unsubscribe", args=["forged"])).status_code == 404


def test_preferences_save_what_was_chosen(client):
    user = UserFactory()
    client.force_login(user)
    client.post(reverse("notifications:preferences"), {"news": "immediate", "urgent": "off"})
    assert dict(user.notice_preferences.values_list("kind", "mode")) == {
        "news": "immediate",
        "urgent": "off",
    }


def test_what_desks_alone_are_told_is_asked_of_nobody_else(client):
    register_kind(NoticeKind("queue", "Việc của bàn", "tests-notice", desk=True))
    member, officer, staff = UserFactory(), UserFactory(), UserFactory(is_staff=True)
    notify(kind="queue", recipient=officer, dedupe_key="q", context={"title": "q"}, url="/x/")
    shown = {}
    for person in (member, officer, staff):
        client.force_login(person)
        shown[person] = client.get(reverse("notifications:preferences")).content.decode()
    assert [("Việc của bàn" in page) for page in shown.values()] == [False, True, True]
    client.force_login(member)
    client.post(reverse("notifications:preferences"), {"news": "off", "urgent": "off"})
    assert set(member.notice_preferences.values_list("kind", flat=True)) == {"news", "urgent"}
