"""The outbox: told once, at least once delivered, never what no longer holds."""

import smtplib
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from marketplace.core import clock
from marketplace.core.clock import VIETNAM
from marketplace.notifications import delivery as outbox
from marketplace.notifications.channels import CHANNELS, ChannelDown, Refused
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Delivery, DeliveryState, Notice, Preference
from marketplace.notifications.services import notify, retire_notices, set_preference
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=VIETNAM)


def tell(user, key, kind="news", title="Sấy xoài"):
    return notify(kind=kind, recipient=user, dedupe_key=key, context={"title": title}, url="/x/")


class FakeChannel:
    """Records what it was given; fails as told."""

    def __init__(self, *errors):
        self.errors, self.sent = list(errors), []

    def send(self, delivery, notices):
        if self.errors and (error := self.errors.pop(0)):
            raise error
        self.sent.append((delivery.pk, [n.pk for n in notices]))


@pytest.fixture
def channel(monkeypatch):
    def use(*errors):
        fake = FakeChannel(*errors)
        monkeypatch.setitem(CHANNELS, "email", fake)
        return fake

    return use


def test_notify_twice_with_one_key_tells_once():
    user = UserFactory()
    assert tell(user, "a") is not None
    assert tell(user, "a") is None
    assert Notice.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_notify_rolled_back_tells_nothing():
    user = UserFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(user, "a")
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_deliver_sends_text_and_html_with_message_id_and_unsubscribe():
    user = UserFactory(language="vi")
    tell(user, "a")
    assert deliver_batch() == 1
    message = mail.outbox[0]
    assert message.to == [user.email]
    assert message.subject == "Tin: Sấy xoài"
    assert "Sấy xoài" in message.body
    assert "Sấy xoài" in message.alternatives[0][0]
    assert message.extra_headers["Message-ID"].startswith(f"<{Delivery.objects.get().pk}.")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert deliver_batch() == 0
    assert len(mail.outbox) == 1


def test_deliver_uses_the_language_of_the_recipient():
    tell(UserFactory(language="en"), "a")
    deliver_batch()
    assert "/en/x/" in mail.outbox[0].body


def test_first_mail_of_a_day_goes_at_once_and_the_rest_in_one_digest():
    user = UserFactory()
    with clock.frozen_at(NOON):
        for number in range(4):
            tell(user, f"k{number}", title=f"Tin {number}")
        deliver_batch()
        assert [m.subject for m in mail.outbox] == ["Tin: Tin 0"]
    with clock.frozen_at(NOON.replace(hour=17, minute=6)):
        deliver_batch()
    assert len(mail.outbox) == 2
    assert all(f"Tin {n}" in mail.outbox[1].body for n in (1, 2, 3))


def test_notice_after_the_digest_closed_is_in_the_next_days():
    user = UserFactory()
    with clock.frozen_at(NOON):
        tell(user, "a")
    with clock.frozen_at(NOON.replace(hour=17, minute=1)):
        tell(user, "b")
    digest = Delivery.objects.get(is_digest=True)
    assert digest.not_before.astimezone(VIETNAM).date() == (NOON + timedelta(days=1)).date()


@pytest.mark.parametrize("kind", ["urgent", "answer"])
def test_urgent_and_transactional_notices_always_go_at_once(kind):
    user = UserFactory()
    for number in range(3):
        tell(user, f"k{number}", kind=kind)
    deliver_batch()
    assert len(mail.outbox) == 3


def test_preference_off_keeps_the_notice_and_sends_no_mail():
    user = UserFactory()
    set_preference(user, kind="news", mode=Preference.Mode.OFF)
    tell(user, "a")
    assert Notice.objects.filter(recipient=user).exists()
    assert not Delivery.objects.exists()


def test_transactional_kind_cannot_be_switched_off():
    user = UserFactory()
    set_preference(user, kind="answer", mode=Preference.Mode.OFF)
    tell(user, "a", kind="answer")
    assert Delivery.objects.count() == 1


def test_retired_notice_is_not_sent():
    user = UserFactory()
    tell(user, "match:1:x")
    retire_notices("match:1:")
    assert deliver_batch() == 0
    assert not mail.outbox
    assert Delivery.objects.get().state == DeliveryState.CANCELLED


def test_digest_leaves_out_retired_notices():
    user = UserFactory()
    with clock.frozen_at(NOON):
        tell(user, "first")
        tell(user, "m:1", title="còn hiệu lực")
        tell(user, "m:2", title="đã rút")
        retire_notices("m:2")
    with clock.frozen_at(NOON + timedelta(days=1)):
        deliver_batch()
    assert "còn hiệu lực" in mail.outbox[-1].body
    assert "đã rút" not in mail.outbox[-1].body


def test_service_down_keeps_the_outbox_and_counts_no_attempt(channel):
    fake = channel(ChannelDown("refused"))
    tell(UserFactory(), "a")
    assert deliver_batch() == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (DeliveryState.PENDING, 0)
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        assert deliver_batch() == 1
    assert len(fake.sent) == 1


def test_refused_address_is_dead_at_once(channel):
    channel(Refused("SMTP 550"))
    tell(UserFactory(), "a")
    deliver_batch()
    assert Delivery.objects.get().state == DeliveryState.DEAD


def test_failing_message_is_retried_with_growing_waits_and_then_dead(channel):
    channel(*[smtplib.SMTPDataError(451, b"later")] * 20)
    tell(UserFactory(), "a")
    moment, waits = clock.now(), []
    for _attempt in range(outbox.MAX_ATTEMPTS):
        with clock.frozen_at(moment):
            deliver_batch()
        row = Delivery.objects.get()
        waits.append(row.not_before - moment)
        moment = row.not_before + timedelta(seconds=1)
    assert waits[0] < waits[1] < waits[2]
    assert Delivery.objects.get().state == DeliveryState.DEAD


def test_one_failing_message_does_not_hold_up_the_others(channel):
    fake = channel(ValueError("broken"))
    for _person in range(3):
        tell(UserFactory(), "a")
    deliver_batch()
    assert len(fake.sent) == 2


@pytest.mark.kill
def test_killed_between_send_and_mark_sends_again_with_the_same_message_id(channel, monkeypatch):
    tell(UserFactory(), "a")
    finish = outbox._finish

    def killed(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(outbox, "_finish", killed)
    with pytest.raises(SystemExit):
        deliver_batch()
    monkeypatch.setattr(outbox, "_finish", finish)
    assert deliver_batch() == 0  # the claim still holds
    with clock.frozen_at(clock.now() + outbox.CLAIM + timedelta(seconds=1)):
        assert deliver_batch() == 1
        assert deliver_batch() == 0
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert Delivery.objects.get().state == DeliveryState.SENT


@pytest.mark.kill
def test_killed_between_claim_and_send_loses_nothing(channel, monkeypatch):
    tell(UserFactory(), "a")
    send = outbox.send_claimed

    def killed(delivery):
        raise SystemExit

    monkeypatch.setattr(outbox, "send_claimed", killed)
    with pytest.raises(SystemExit):
        deliver_batch()
    monkeypatch.setattr(outbox, "send_claimed", send)
    with clock.frozen_at(clock.now() + outbox.CLAIM + timedelta(seconds=1)):
        assert deliver_batch() == 1
    assert len(mail.outbox) == 1
