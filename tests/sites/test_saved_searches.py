"""A search saved on a site of its own listings tells of these alone, and leads there."""

import pytest
from django.http import QueryDict

from marketplace.accounts.models import Exchange
from marketplace.notifications.alerts import match_new
from marketplace.notifications.letterheads import letterhead_of
from marketplace.notifications.models import SavedSearch, SavedSearchHit
from marketplace.notifications.saved_searches import save_search
from search.narrowed import narrowed_for
from search.sync import sync_all
from tests.factories.accounts import UserFactory
from tests.factories.listings import NeedFactory


@pytest.fixture
def save(rf, province):
    owner = UserFactory()

    def at(host):
        request = rf.get("/", SERVER_NAME=host)
        return save_search(QueryDict("q=sấy xoài"), owner=owner, narrowed=narrowed_for(request))

    return at


def test_is_told_of_what_its_site_shows(search_engine, province, save):
    (here, _new), (everywhere, is_new) = save("cantho.localhost"), save("testserver")
    # The same words on another site are another search.
    assert is_new
    while match_new():
        pass
    ours = NeedFactory(published=True, title="Sấy xoài Cần Thơ", exchange=province.exchange)
    theirs = NeedFactory(published=True, title="Sấy xoài nơi khác")
    sync_all()
    while match_new():
        pass
    told = {
        search.pk: set(
            SavedSearchHit.objects.filter(saved_search=search).values_list("key", flat=True)
        )
        for search in (here, everywhere)
    }
    assert told == {
        here.pk: {ours.public_id},
        everywhere.pk: {ours.public_id, theirs.public_id},
    }


def test_leads_to_the_site_where_it_was_saved(province, save):
    (here, _new), (everywhere, _other) = save("cantho.localhost"), save("testserver")
    assert letterhead_of(here.get_absolute_url()).address == "http://cantho.localhost"
    assert letterhead_of(everywhere.get_absolute_url()).address == "http://testserver"


def test_page_saves_as_it_searches(province):
    owner = UserFactory()
    province.client.force_login(owner)
    province.client.post(
        "/tim-kiem-da-luu/them/", {"address": "q=sấy", "name": "Sấy", "frequency": "daily"}
    )
    saved = SavedSearch.objects.get(owner=owner)
    assert [one["values"] for one in saved.narrowed][0] == [str(province.exchange.pk)]
    assert Exchange.default().pk != province.exchange.pk
