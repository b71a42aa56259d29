"""A mail goes out under the name of the exchange of its thing, and leads to that exchange's site."""

import pytest
from django.core import mail
from django.urls import reverse

from marketplace.accounts.fronts import default_front, front_of
from marketplace.accounts.models import Exchange
from marketplace.listings import services
from marketplace.listings.models import LISTING_MODELS
from marketplace.listings.notices import EXPIRED
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.letterheads import letterhead_of, letterhead_of_all
from marketplace.notifications.services import notify
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.listings import NeedFactory, OfferFactory

HERE = "http://cantho.localhost"


def test_mail_has_name_and_host_of_its_exchange(province):
    listing = OfferFactory(published=True, exchange=province.exchange)
    theirs = OfferFactory(published=True)
    for row in (listing, theirs):
        notify(
            kind=EXPIRED,
            recipient=row.contact,
            dedupe_key=f"test:{row.pk}",
            context={"title": row.title, "number": "", "day": "01/12/2026"},
            url=row.owner_url,
        )
    deliver_batch()
    first, second = (one.body + one.alternatives[0][0] for one in mail.outbox[-2:])
    assert first.count("Sàn giao dịch Cần Thơ") == 2
    assert f"{HERE}{listing.owner_url}" in first
    assert "http://testserver" not in first
    assert "Cần Thơ" not in second
    assert f"http://testserver{theirs.owner_url}" in second


@pytest.mark.parametrize("address", ["owner_url", "get_absolute_url"])
def test_listing_of_a_province(province, address):
    listing = OfferFactory(published=True, exchange=province.exchange)
    found = getattr(listing, address)
    head = letterhead_of(found() if callable(found) else found)
    assert (head.name, head.address) == ("Sàn giao dịch Cần Thơ", HERE)
    assert head.called("en") == "Can Tho Exchange"


def test_other_things_are_the_default_exchanges(province):
    default = default_front()
    for url in ("", "/", "/ket-noi/", "/khong-co/", "/nhu-cau/x-abcdefgh2345/", "/admin/"):
        assert letterhead_of(url).address == default.address, url
    assert letterhead_of(OfferFactory(published=True).owner_url).name == default.exchange.name


def test_digest_of_several_exchanges_is_the_default_ones(province):
    ours = OfferFactory(published=True, exchange=province.exchange).owner_url
    theirs = OfferFactory(published=True).owner_url
    assert letterhead_of_all([ours, ours]).address == HERE
    assert letterhead_of_all([ours, theirs]).address == default_front().address


def test_english_reader_of_a_site_without_english_is_led_to_vietnamese(province):
    look = province.look
    look.offers_english = False
    look.save()
    listing = OfferFactory(published=True, exchange=province.exchange)
    assert letterhead_of(listing.owner_url).languages == ("vi",)


class TestBeginning:
    @pytest.mark.parametrize("kind", LISTING_MODELS)
    def test_draft_belongs_to_the_exchange_of_the_site(self, client, province, kind):
        owner = MembershipFactory(role="owner").user
        create = reverse(f"listings:{kind}_create")
        for reader, exchange in (
            (province.client, province.exchange),
            (client, Exchange.default()),
        ):
            reader.force_login(owner)
            before = set(LISTING_MODELS[kind].objects.values_list("pk", flat=True))
            assert reader.post(create, {"text": "Sấy xoài"}).status_code == 302
            made = LISTING_MODELS[kind].objects.exclude(pk__in=before).get()
            assert made.exchange == exchange

    def test_split_listing_stays_with_its_exchange(self, province):
        need = NeedFactory(exchange=province.exchange)
        made = services.create_draft(
            "need", organization=need.organization, contact=need.contact, exchange=need.exchange
        )
        assert made.exchange == province.exchange


def test_mail_at_the_door_has_the_name_of_the_site(province):
    UserFactory(email="ai@example.vn")
    province.client.post(reverse("account_reset_password"), {"email": "ai@example.vn"})
    sent = mail.outbox[-1]
    assert "Sàn giao dịch Cần Thơ" in sent.body
    assert HERE in sent.body


def test_front_is_found_once_a_request(rf, province, django_assert_num_queries):
    request = rf.get("/", SERVER_NAME="cantho.localhost")
    first = front_of(request)
    with django_assert_num_queries(0):
        assert front_of(request) is first
