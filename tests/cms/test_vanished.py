"""The desk for records that a source lists no more."""

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.sources.models import Vanishing
from tests.factories.accounts import UserFactory
from tests.factories.research import ResultFactory
from tests.factories.sources import RunFactory

pytestmark = pytest.mark.django_db

State = Vanishing.State


@pytest.fixture
def vanishing():
    run = RunFactory()
    ResultFactory(source=run.source.slug, source_id="A", title="Máy gặt")
    return Vanishing.objects.create(
        source=run.source,
        listing=run,
        identifiers=["A"],
        count=1,
        total=2,
        found_at=clock.now(),
    )


def test_lead_sees_what_is_missing_and_decides(client, lead, vanishing):
    client.force_login(lead)
    address = reverse("vanished")

    page = client.get(address).content.decode()
    assert "Máy gặt" in page
    assert "thiếu 1 trong 2 bản ghi (50%)" in page
    values = {"vanishing": vanishing.pk, "action": "accept", "reason": "nguồn xác nhận"}
    client.post(address, values)

    vanishing.refresh_from_db()
    assert (vanishing.state, vanishing.decided_by) == (State.ACCEPTED, lead)
    client.post(address, {"vanishing": vanishing.pk, "action": "keep"})
    vanishing.refresh_from_db()
    assert vanishing.state == State.ACCEPTED
    assert "nguồn xác nhận" in client.get(f"{address}?trang-thai=da-quyet").content.decode()


@pytest.mark.parametrize("who", ["officer", "stranger"])
def test_nobody_else_decides(client, request, vanishing, who):
    client.force_login(UserFactory() if who == "stranger" else request.getfixturevalue(who))

    client.post(reverse("vanished"), {"vanishing": vanishing.pk, "action": "accept"})

    vanishing.refresh_from_db()
    assert vanishing.state == State.WAITING
