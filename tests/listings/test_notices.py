from datetime import timedelta

import pytest
from django.utils.translation import override

from marketplace.listings import services
from marketplace.listings.liveness import liveness_terms
from marketplace.listings.models import Need, ReturnReason
from marketplace.listings.notices import NOTICE_OF_DECISION
from marketplace.notifications.models import Delivery, Notice
from marketplace.notifications.rendering import render_mail, subject_of
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


def mail_of(notice):
    return render_mail(Delivery.objects.get(notices=notice), [notice])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("decision", NOTICE_OF_DECISION)
def test_mail_of_a_decision_names_the_listing_the_reasons_and_the_way_on(
    decision, language, curator
):
    ReturnReason.objects.create(
        code="so", label_vi="Thiếu số", label_en="Figures missing", text_vi="x"
    )
    contact = MembershipFactory(user__language=language).user
    need = NeedFactory(
        organization=contact.organizations()[0], contact=contact, title="Sấy < 60 °C & giữ màu"
    )
    services.give_number(need)

    services.record_review(
        Need.objects.get(pk=need.pk),
        decision=decision,
        step="Nội dung",
        reason_codes=["so"],
        note="Xem lại",
        by=curator,
    )

    mail = mail_of(Notice.objects.get())
    assert "Sấy < 60 °C & giữ màu" in mail.subject
    assert "NC-00001" in mail.text
    assert "Sấy < 60 °C & giữ màu" in mail.text
    assert "Sấy &lt; 60 °C &amp; giữ màu" in mail.html
    assert need.owner_url in mail.text
    if decision in ("returned", "rejected"):
        for body in (mail.text, mail.html):
            assert ("Figures missing" if language == "en" else "Thiếu số") in body
            assert "Xem lại" in body


def test_mail_of_an_expired_listing_says_since_when(frozen_clock):
    need = NeedFactory(published=True, valid_until=frozen_clock.moment.date())
    frozen_clock.move(days=2)

    assert services.expire_batch() == 1

    notice = Notice.objects.get()
    assert "11/11/2026" in mail_of(notice).text
    with override("vi"):
        assert need.title in subject_of(notice)


def test_owner_is_asked_once_before_the_last_day_and_again_when_it_moves(frozen_clock, owner):
    need = NeedFactory(
        organization=owner.memberships.get().organization,
        contact=owner,
        published=True,
        valid_until=frozen_clock.moment.date()
        + timedelta(days=liveness_terms().ends_soon_days)
        + timedelta(days=1),
    )
    version = Need.objects.get(pk=need.pk).content_version
    assert services.remind_batch() == 0
    frozen_clock.move(days=1)

    assert services.remind_batch() == 1
    assert services.remind_batch() == 0

    notice = Notice.objects.get()
    assert notice.kind == "listing.expires_soon"
    assert f"{need.valid_until:%d/%m/%Y}" in mail_of(notice).text
    assert Need.objects.get(pk=need.pk).content_version == version

    later = need.valid_until + timedelta(days=7)
    services.extend_validity(need, until=later, by=owner)
    assert services.remind_batch() == 0
    frozen_clock.move(days=7)
    assert services.remind_batch() == 1
    assert Notice.objects.filter(kind="listing.expires_soon").count() == 2


def test_nobody_is_asked_about_what_is_not_shown(frozen_clock, owner):
    soon = frozen_clock.moment.date() + timedelta(days=3)
    NeedFactory(valid_until=soon)
    withdrawn = NeedFactory(published=True, valid_until=soon, contact=owner)
    services.withdraw(withdrawn, by=owner)

    assert services.remind_batch() == 0
    assert not Notice.objects.filter(kind="listing.expires_soon").exists()
