"""A series by mail: confirmed by the reader, sent once, ended by one click."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cms.publications.models import IssueSending, SentIssue, Subscription
from cms.publications.sending import send_issues
from cms.publications.subscribing import MOST_ASKED, UNCONFIRMED, confirm_path, subscribe
from marketplace.core import clock
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Delivery, DeliveryState, Letter, Notice
from tests.cms.publications.conftest import restrict

pytestmark = pytest.mark.django_db
READER = "Doc.Gia@congty.vn"


def leave():
    while send_issues():
        pass
    while deliver_batch():
        pass


def ask(series, email=READER, client=None, **values):
    data = {"email": email, "agreed": "1"} | values
    return (client or Client()).post(f"{series.url}dang-ky/", data, follow=True)


def letters():
    """What went to readers; the signers of the chain have mails of their own."""
    return [one for one in mail.outbox if one.to[0].endswith("@congty.vn")]


def confirmed(series, email):
    return Subscription.objects.create(
        series=series,
        email=email,
        email_key=email.casefold(),
        asked_at=clock.now(),
        confirmed_at=clock.now(),
    )


def link_in(message, part: str) -> str:
    found = re.search(rf"https?://[^\s/]+((?:/en)?/an-pham/{part}/\S+)", message.body)
    assert found, message.body
    return found[1]


def test_reader_confirms_reads_and_ends_it(client, series, publish):
    assert "xác nhận" in ask(series, client=client).content.decode()
    leave()
    address = link_in(letters()[0], "nhan")
    # A program that looks at links confirms nothing.
    assert client.get(address).status_code == 200
    assert Subscription.objects.get().confirmed_at is None
    assert client.post(address).status_code == 200
    assert Subscription.objects.get().confirmed_at is not None

    publish(series, introduction="Tháng này có gì")
    leave()
    letter = letters()[1]
    assert letter.to == [READER]
    assert "Số tháng 11" in letter.subject
    assert "Tháng này có gì" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = link_in(letter, "ngung")
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{stop}>")
    assert client.get(stop).status_code == 200
    assert Subscription.objects.exists()
    machine = Client(enforce_csrf_checks=True)
    assert machine.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    # What was sent stays counted; a second click is no fault; the address lies nowhere.
    assert SentIssue.objects.get().subscription is None
    assert machine.post(stop).status_code == 200
    assert not Letter.objects.exclude(email="").exists()


def test_known_and_unknown_addresses_are_answered_alike(client, series):
    confirmed(series, READER)
    known = ask(series, READER).content.decode()
    unknown = ask(series, "khac@congty.vn").content.decode()
    assert "Hãy mở thư" in known
    assert "Hãy mở thư" in unknown
    assert Letter.objects.get().email == "khac@congty.vn"


@pytest.mark.parametrize(
    "values",
    [{"email": "khong-phai"}, {"email": ""}, {"agreed": ""}, {"email": "a@b.vn\nBcc: c@d.vn"}],
)
def test_nothing_is_kept_without_an_address_or_consent(series, values):
    ask(series, **({"email": READER} | values))
    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()


def test_asked_twice_is_one_row_and_one_letter_a_day(series):
    for email in (READER, READER.lower(), READER):
        ask(series, email)
    assert Subscription.objects.count() == Letter.objects.count() == 1


def test_one_place_enters_a_few_addresses_a_day(series):
    for number in range(MOST_ASKED + 3):
        ask(series, f"nguoi{number}@congty.vn")
    assert Subscription.objects.count() == MOST_ASKED


def test_restricted_series_takes_no_addresses(series, leaders):
    restrict(series, leaders)
    assert (
        Client().post(f"{series.url}dang-ky/", {"email": READER, "agreed": "1"}).status_code == 404
    )
    assert not Subscription.objects.exists()


def test_links_that_are_old_foreign_or_crossed_do_nothing(client, series):
    row = confirmed(series, READER)
    Subscription.objects.update(confirmed_at=None)
    good = confirm_path(row.public_id)
    for address in (good[:-4] + "abc/", good.replace("/nhan/", "/ngung/")):
        assert client.post(address).status_code == 404
    with clock.frozen_at(clock.now() + UNCONFIRMED + timedelta(hours=1)):
        assert client.post(good).status_code == 404
    assert Subscription.objects.get().confirmed_at is None


def test_unconfirmed_addresses_are_forgotten(series):
    subscribe(series, READER, address="10.0.0.1")
    keep = confirmed(series, "giu@congty.vn")
    with clock.frozen_at(clock.now() + UNCONFIRMED + timedelta(hours=1)):
        send_issues()
    assert list(Subscription.objects.all()) == [keep]


def test_each_issue_is_sent_once_whatever_is_done_again(series, publish, writer, editor, signer):
    for name in ("a", "b"):
        confirmed(series, f"{name}@congty.vn")
    page = publish(series)
    leave()
    page.get_latest_revision().publish(user=signer)
    page.unpublish()
    page.get_latest_revision().publish(user=signer)
    # Whoever comes later gets the next one.
    confirmed(series, "sau@congty.vn")
    leave()
    assert sorted(one.to[0] for one in letters()) == ["a@congty.vn", "b@congty.vn"]
    assert IssueSending.objects.get().finished_at is not None
    assert SentIssue.objects.count() == 2


def test_an_issue_that_is_taken_down_or_closed_does_not_leave(series, publish, leaders):
    confirmed(series, READER)
    page = publish(series)
    send_issues()
    restrict(page, leaders)
    leave()
    assert letters() == []
    assert Delivery.objects.get(letter__kind="publication.issue").state == DeliveryState.CANCELLED


def test_an_issue_may_be_published_without_letters(series, publish):
    confirmed(series, READER)
    publish(series, goes_out=False)
    leave()
    assert letters() == []


def test_restricted_issue_goes_to_its_readers_with_a_door(
    inner_series, publish, leader, stranger, as_user
):
    publish(inner_series, title="Bí mật của số", slug="kin")
    leave()
    told = [one for one in mail.outbox if "đã có số" in one.subject]
    assert [one.to for one in told] == [[leader.email]]
    assert "Bí mật" not in told[0].body + told[0].subject
    door = Notice.objects.get(kind="publication.restricted").url
    assert as_user(leader).get(door).url == "/trang/lanh-dao/kin/"
    assert as_user(stranger).get(door).status_code == 404
    asked = Client().get(door)
    assert asked.status_code == 302
    assert reverse("account_login") in asked.url


def test_letters_speak_the_language_of_the_series(site, publish):
    from cms.pages.types.publication import SeriesPage
    from tests.factories.pages import make_page

    page = make_page("Bulletin", kind=SeriesPage, slug="bulletin", language="en")
    confirmed(page, READER)
    publish(page, title="November", slug="november")
    leave()
    assert "/en/trang/bulletin/november/" in letters()[0].body
    assert "/en/an-pham/ngung/" in letters()[0].extra_headers["List-Unsubscribe"]
