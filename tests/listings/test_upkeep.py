"""Addresses in listings that do not open, and rights past their last day: found, told once, shown."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from marketplace.core import clock
from marketplace.core.fetching import networks_of
from marketplace.listings import services
from marketplace.listings.models import LinkState, ListingLink, OfferIpRight
from marketplace.listings.upkeep import addresses_in, dead_links, rights_of
from marketplace.notifications.models import Notice
from tests.factories.listings import NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db
LOOPBACK = networks_of(["127.0.0.0/8"])


class Site:
    def __init__(self):
        self.status, self.asked = 200, []


@contextmanager
def served():
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append(self.path)
            self.send_response(site.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site():
    with served() as one:
        yield one


def due():
    """As if the time of the next check had come, and no host had been asked just now."""
    past = clock.now() - timedelta(days=1)
    ListingLink.objects.update(next_check_at=past, checked_at=None)


def try_again():
    due()
    return services.check_links(inside=LOOPBACK)


def test_addresses_are_read_from_public_words_only():
    need = NeedFactory(
        published=True,
        problem="Xem (https://a.vn/may-say). Và www.b.vn/x, https://a.vn/may-say",
        confidential="https://kin.vn/mat",
    )

    assert addresses_in(need) == ["https://a.vn/may-say", "http://www.b.vn/x"]


def test_addresses_follow_what_is_shown():
    need = NeedFactory(published=True, problem="https://a.vn/1 https://a.vn/2")
    NeedFactory(problem="https://nhap.vn/")
    assert services.note_links() == 1
    assert services.note_links() == 0
    assert set(ListingLink.objects.values_list("url", flat=True)) == {
        "https://a.vn/1",
        "https://a.vn/2",
    }

    type(need).objects.filter(pk=need.pk).update_content(problem="https://a.vn/2")
    services.note_links()

    assert list(ListingLink.objects.values_list("url", flat=True)) == ["https://a.vn/2"]


def test_a_page_that_is_gone_is_dead_and_told_once_and_alive_again_later(site):
    need = NeedFactory(published=True, problem=f"{site.address}/mat")
    services.note_links()
    site.status = 404
    assert try_again() == 1
    assert dead_links(need) == []

    try_again()
    try_again()

    (link,) = dead_links(need)
    assert "404" in link.problem
    assert Notice.objects.filter(kind="listing.dead_link", recipient=need.contact).count() == 1
    site.status = 200
    try_again()
    link.refresh_from_db()
    assert (link.state, link.dead_since, link.problem) == (LinkState.ALIVE, None, "")


def test_a_server_that_fails_for_a_day_or_refuses_machines_is_not_dead(site):
    NeedFactory(published=True, problem=f"{site.address}/a")
    services.note_links()
    site.status = 503
    try_again()
    try_again()
    assert ListingLink.objects.get().state == LinkState.FAILING
    site.status = 403
    try_again()
    assert ListingLink.objects.get().state == LinkState.ALIVE


def test_a_host_is_asked_once_a_minute_and_nothing_before_its_time(site):
    NeedFactory(published=True, problem=f"{site.address}/a {site.address}/b")
    services.note_links()

    assert services.check_links(inside=LOOPBACK) == 1
    assert services.check_links(inside=LOOPBACK) == 0
    assert len(site.asked) == 1


def test_addresses_inside_are_never_asked_for(site):
    NeedFactory(published=True, problem=f"{site.address}/quan-tri")
    services.note_links()

    services.check_links()

    assert site.asked == []
    assert ListingLink.objects.get().state == LinkState.FAILING


def test_a_check_that_ended_with_its_process_is_taken_up_again(site):
    NeedFactory(published=True, problem=f"{site.address}/a")
    services.note_links()
    claimed = services.upkeep._claim(8)
    assert len(claimed) == 1
    assert services.check_links(inside=LOOPBACK) == 0  # somebody has it

    due()

    assert services.check_links(inside=LOOPBACK) == 1
    assert site.asked == ["/a"]


# --- rights ---------------------------------------------------------------------------------------


def offer_with(**values):
    offer = OfferFactory(published=True)
    offer.ip_rights.add(OfferIpRight(number="1-0012345", status="granted", **values))
    offer.save()
    return offer


def told(offer):
    rows = Notice.objects.filter(kind="listing.right_lapses", recipient=offer.contact)
    return list(rows.order_by("pk").values_list("context__stage", flat=True))


@pytest.mark.parametrize(
    ("days", "stage"), [(-1, "lapsed"), (0, "soon"), (90, "soon"), (91, None), (None, "undated")]
)
def test_the_last_day_of_a_right_is_told_before_and_after_and_asked_for(days, stage):
    day = None if days is None else clock.today() + timedelta(days=days)
    offer = offer_with(lapses_on=day)

    assert services.tell_of_rights() == (0 if stage is None else 1)
    assert services.tell_of_rights() == 0

    assert told(offer) == ([] if stage is None else [stage])
    assert [one.stage for one in rights_of(offer)] == ([] if stage is None else [stage])


def test_a_right_that_was_told_to_lapse_is_told_again_when_it_has(frozen_clock):
    offer = offer_with(lapses_on=clock.today() + timedelta(days=30))
    services.tell_of_rights()

    frozen_clock.move(days=31)
    services.tell_of_rights()

    assert told(offer) == ["soon", "lapsed"]


def test_drafts_and_applications_without_a_day_are_left_alone():
    draft = OfferFactory()
    draft.ip_rights.add(OfferIpRight(number="1", status="granted"))
    draft.save()
    filed = OfferFactory(published=True)
    filed.ip_rights.add(OfferIpRight(number="2", status="filed"))
    filed.save()

    assert services.tell_of_rights() == 0


# --- pages ----------------------------------------------------------------------------------------


def test_owner_and_readers_see_it_and_nobody_else_hears_of_dead_links(site, as_user, client):
    offer = offer_with(lapses_on=clock.today() - timedelta(days=3))
    type(offer).objects.filter(pk=offer.pk).update_content(problem=f"{site.address}/x")
    services.note_links()
    site.status = 410
    for _turn in range(3):
        try_again()

    public = client.get(offer.get_absolute_url()).content.decode()
    assert "hết hiệu lực từ" in public
    assert "không mở được" not in public
    owners = as_user(offer.contact).get(offer.owner_url).content.decode()
    assert f"{site.address}/x không mở được" in owners
    assert "đã hết hiệu lực từ" in owners
