"""Saving a search, and the pages of what was saved: only its owner gets near it."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.notifications import saved_searches as services
from marketplace.notifications.models import Frequency, SavedSearch, SavedSearchHit
from marketplace.notifications.saved_searches import (
    CannotBeSaved,
    TooManySearches,
    forget_deleted,
    save_search,
    stop_token,
)
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "q=s%E1%BA%A5y+xo%C3%A0i&loai=offer&san-sang=8-9"
SEARCH = f"/tim-kiem/?{ADDRESS}"


@pytest.fixture
def saved(owner, save):
    return save(owner, ADDRESS, name="Sấy xoài của tôi")


def as_it_is(search):
    return SavedSearch.objects.values().get(pk=search.pk)


def url(name, search):
    return reverse(f"notifications:{name}", args=[search.public_id])


# --- saving -------------------------------------------------------------------------------------


def test_search_page_offers_to_save_what_was_asked(client, owner, search_engine):
    client.force_login(owner)
    page = client.get(SEARCH).content.decode()
    assert f'name="address" value="{ADDRESS.replace("&", "&amp;")}"' in page

    client.post(
        reverse("notifications:save_search"),
        {"address": ADDRESS, "name": "", "frequency": "weekly"},
    )

    search = SavedSearch.objects.get()
    assert (search.owner, search.frequency) == (owner, Frequency.WEEKLY)
    assert search.name == "sấy xoài · Công nghệ · TRL 8, 9"
    page = client.get(SEARCH).content.decode()
    assert "Đã lưu tìm kiếm này" in page
    assert "Lưu và báo cho tôi" not in page


def test_words_are_kept_over_the_login(client, search_engine):
    page = client.get(SEARCH).content.decode()
    link = next(part for part in page.split('"') if "tim-kiem-da-luu/them" in part)
    link = link.replace("&amp;", "&")
    asked_to_log_in = client.get(link)
    assert asked_to_log_in.status_code == 302
    after = parse_qs(urlsplit(asked_to_log_in["Location"]).query)["next"][0]
    assert after == link

    client.force_login(UserFactory())
    page = client.get(after).content.decode()
    assert "sấy xoài · Công nghệ · TRL 8, 9" in page


def test_opening_leads_to_the_page_that_was_saved(client, saved):
    client.force_login(saved.owner)
    assert client.get(saved.get_absolute_url())["Location"] == SEARCH


def test_nothing_asked_is_nothing_to_save(client, owner, search_engine):
    client.force_login(owner)
    assert "luu-tim-kiem" not in client.get("/tim-kiem/").content.decode()
    for address in ("", "q=", "q=+", "page=2", "sap-xep=moi", "utm_source=x"):
        with pytest.raises(CannotBeSaved):
            save_search(QueryDict(address), owner=owner)


def test_whole_text_is_a_need_and_no_search(owner):
    with pytest.raises(CannotBeSaved):
        save_search(QueryDict("q=" + quote("máy " * 30)), owner=owner)


@pytest.mark.parametrize(
    "same",
    [
        "q=SẤY+xoài&loai=offer&san-sang=8-9",
        "san-sang=8-9&loai=offer&q=sấy++xoài+&page=3",
        "san-sang=8-9&loai=offer&q=sấy+xoài&sap-xep=moi&utm_source=thu&loai=",
    ],
)
def test_the_same_search_is_saved_once(owner, saved, same):
    again, is_new = save_search(QueryDict(same), owner=owner, name="khác")
    assert (again.pk, is_new) == (saved.pk, False)
    assert SavedSearch.objects.count() == 1


def test_the_same_search_of_another_person_is_another(stranger, saved, save):
    assert save(stranger, ADDRESS).pk != saved.pk


def test_nobody_saves_more_than_the_limit(client, owner, save, monkeypatch):
    monkeypatch.setattr(services, "MOST_SEARCHES", 2)
    save(owner, "q=một")
    save(owner, "q=hai")
    with pytest.raises(TooManySearches):
        save(owner, "q=ba")
    client.force_login(owner)
    answer = client.post(
        reverse("notifications:save_search"), {"address": "q=ba", "frequency": "daily"}
    )
    assert answer.status_code == 302
    assert SavedSearch.objects.count() == 2


def test_frequency_that_does_not_exist_is_an_error_on_the_form(client, owner):
    client.force_login(owner)
    answer = client.post(
        reverse("notifications:save_search"), {"address": "q=ba", "frequency": "hourly"}
    )
    assert answer.status_code == 200
    assert not SavedSearch.objects.exists()
    assert 'value="q=ba"' in answer.content.decode()


# --- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3])
def test_list_in_a_fixed_number_of_queries(
    client, owner, save, count, django_assert_max_num_queries
):
    for number in range(count):
        save(owner, f"q=sấy+{number}&loai=offer")
    client.force_login(owner)
    client.get(reverse("notifications:saved_searches"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("notifications:saved_searches")).content.decode()
    assert page.count('class="listing-row"') == count
    assert ("Chưa lưu tìm kiếm nào" in page) is (count == 0)


def test_news_are_counted_until_they_were_seen(client, owner, saved, frozen_clock):
    later = frozen_clock.move(days=30)
    for number in range(2):
        SavedSearchHit.objects.create(
            saved_search=saved, kind="offer", key=f"k{number}", found_at=later
        )
    client.force_login(owner)
    page = client.get(reverse("notifications:saved_searches")).content.decode()
    assert "2 kết quả mới" in page
    assert "2 kết quả mới" in client.get(reverse("dashboard:home")).content.decode()
    frozen_clock.move(minutes=1)
    assert client.post(saved.get_absolute_url())["Location"] == SEARCH
    page = client.get(reverse("notifications:saved_searches")).content.decode()
    assert "2 kết quả mới" not in page


def test_looking_changes_nothing(client, saved):
    before = as_it_is(saved)
    client.force_login(saved.owner)
    client.get(saved.get_absolute_url())
    client.get(reverse("notifications:saved_searches"))
    assert as_it_is(saved) == before


def test_rename_and_frequency(client, saved):
    client.force_login(saved.owner)
    client.post(url("change_saved_search", saved), {"name": "Tên mới", "frequency": "daily"})
    saved.refresh_from_db()
    assert (saved.name, saved.frequency) == ("Tên mới", Frequency.DAILY)


def test_delete_and_take_back(client, saved):
    client.force_login(saved.owner)
    page = client.post(url("delete_saved_search", saved), follow=True).content.decode()
    assert "Hoàn tác" in page
    assert not SavedSearch.objects.of(saved.owner).exists()
    client.post(url("restore_saved_search", saved))
    assert SavedSearch.objects.of(saved.owner).get() == saved


def test_take_back_what_was_saved_again_keeps_one(client, saved, save):
    client.force_login(saved.owner)
    client.post(url("delete_saved_search", saved))
    again = save(saved.owner, ADDRESS)
    client.post(url("restore_saved_search", saved))
    assert SavedSearch.objects.of(saved.owner).get() == again


def test_deleted_ones_go_for_good_after_some_days(client, saved, frozen_clock):
    SavedSearch.objects.update(deleted_at=clock.now())
    forget_deleted()
    assert SavedSearch.objects.exists()
    frozen_clock.move(days=8)
    forget_deleted()
    assert not SavedSearch.objects.exists()


# --- who may ------------------------------------------------------------------------------------

ADDRESSES = {
    "open_saved_search": {},
    "change_saved_search": {"name": "Của người khác", "frequency": "off"},
    "delete_saved_search": {},
}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("who", ["colleague", "stranger", "curator"])
def test_others_find_nothing_and_change_nothing(client, request, saved, name, who):
    before = as_it_is(saved)
    client.force_login(request.getfixturevalue(who))
    assert client.post(url(name, saved), ADDRESSES[name]).status_code == 404
    assert client.get(url(name, saved)).status_code in (404, 405)
    assert as_it_is(saved) == before


@pytest.mark.parametrize("name", [*ADDRESSES, "restore_saved_search"])
def test_nobody_is_asked_to_log_in_and_nothing_changes(client, saved, name):
    before = as_it_is(saved)
    answer = client.post(url(name, saved), ADDRESSES.get(name, {}))
    assert answer["Location"].startswith(reverse("account_login"))
    assert as_it_is(saved) == before


@pytest.mark.parametrize("who", ["colleague", "stranger", "curator"])
def test_others_take_no_deletion_back(client, request, saved, who):
    services.delete_search(saved)
    client.force_login(request.getfixturevalue(who))
    assert client.post(url("restore_saved_search", saved)).status_code == 404
    assert not SavedSearch.objects.of(saved.owner).exists()


@pytest.mark.parametrize("who", ["colleague", "stranger", "curator"])
def test_list_shows_nothing_of_others(client, request, saved, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse("notifications:saved_searches")).content.decode()
    assert saved.name not in page


# --- from the mail ------------------------------------------------------------------------------


def test_one_search_is_stopped_from_its_mail_without_a_login(client, owner, saved, save):
    other = save(owner, "q=lò+hơi")
    address = reverse("notifications:stop_saved_search", args=[stop_token(saved)])
    assert client.get(address).status_code == 200
    assert SavedSearch.objects.get(pk=saved.pk).frequency == Frequency.IMMEDIATE
    assert client.post(address).status_code == 200
    assert SavedSearch.objects.get(pk=saved.pk).frequency == Frequency.OFF
    assert SavedSearch.objects.get(pk=other.pk).frequency == Frequency.IMMEDIATE


def test_forged_token_is_not_found(client, saved):
    address = reverse("notifications:stop_saved_search", args=[f"{stop_token(saved)}x"])
    assert client.post(address).status_code == 404
    assert SavedSearch.objects.get().frequency == Frequency.IMMEDIATE


def test_errors_are_words(owner):
    with pytest.raises(DomainError) as caught:
        save_search(QueryDict(""), owner=owner)
    assert "Hãy gõ từ cần tìm" in str(caught.value.message)
