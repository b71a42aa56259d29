"""The desk's list of dead links and lapsed rights."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.listings.models import LinkState, ListingLink, OfferIpRight
from tests.factories.listings import NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def faults(desk):
    need = NeedFactory(published=True, title="Sấy mít")
    ListingLink.objects.create(
        kind="need", key=need.public_id, url="https://mat.vn/x", host="mat.vn",
        state=LinkState.DEAD, dead_since=clock.now(), problem="Máy chủ trả lời mã lỗi HTTP 404.",
    )  # fmt: skip
    hidden = NeedFactory(title="Bản nháp")
    ListingLink.objects.create(
        kind="need", key=hidden.public_id, url="https://nhap.vn/", host="nhap.vn",
        state=LinkState.DEAD, dead_since=clock.now(),
    )  # fmt: skip
    offer = OfferFactory(published=True, title="Bơm nhiệt")
    offer.ip_rights.add(
        OfferIpRight(number="1-001", status="granted", lapses_on=clock.today() - timedelta(days=1))
    )
    offer.save()


def test_an_officer_reads_both_and_the_home_counts_them(faults, officer, as_user):
    client = as_user(officer)

    page = client.get(reverse("upkeep")).content.decode()

    assert "https://mat.vn/x" in page
    assert "https://nhap.vn/" not in page
    assert "1-001" in page
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Đường dẫn hỏng trong tin" in home
    assert "1 đã hết hiệu lực" in home


@pytest.mark.parametrize("person", ["poster", "stranger"])
def test_it_is_for_staff(person, request, faults, as_user):
    answer = as_user(request.getfixturevalue(person)).get(reverse("upkeep"))

    assert answer.status_code == 302
    assert "mat.vn" not in answer.content.decode()
