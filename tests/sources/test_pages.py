"""Public pages of sources."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.sources.models import Fault, Source
from marketplace.sources.services import ensure_own_source
from tests.factories.research import ResultFactory, TaskFactory
from tests.factories.sources import RunFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return SourceFactory(
        slug="bộ thử 2024", name="CSDL Bộ Thử", licence="CC BY 4.0", last_read_at=clock.now()
    )


def test_page_says_licence_last_reading_and_its_errors(client, source):
    run = RunFactory(source=source, finished_at=clock.now(), refused=2)
    Fault.objects.create(
        run=run, line=3, is_refusal=True, rule="title.required", reason="Thiếu tên", value="KÍN"
    )
    ResultFactory(source=source.slug, title="Máy gặt")

    page = client.get(source.get_absolute_url()).content.decode()

    assert "CC BY 4.0" in page
    assert "Kết quả và nhiệm vụ phải có tên" in page
    assert "Mẫu 5" in page
    assert "Máy gặt" in page
    assert "KÍN" not in page


@pytest.mark.parametrize(
    "hidden", [{"is_sandbox": True}, {"sharing": "internal"}, {"last_read_at": None}]
)
def test_source_that_is_not_for_all_has_no_page(client, source, hidden):
    for name, value in hidden.items():
        setattr(source, name, value)
    source.save()

    assert client.get(source.get_absolute_url()).status_code == 404
    assert source.name not in client.get(reverse("sources:source_list")).content.decode()


def test_what_is_registered_here_has_a_source_with_a_page(client):
    source = ensure_own_source()
    ResultFactory(source=source.slug, title="Máy gặt")
    TaskFactory(source=source.slug)

    page = client.get(source.get_absolute_url()).content.decode()

    assert ensure_own_source() == source
    assert "Máy gặt" in page
    assert "Cập nhật liên tục" in page
    assert "Nhiệm vụ đang hiển thị" in page
    assert source.name in client.get(reverse("sources:source_list")).content.decode()


def test_list_takes_the_same_queries_however_long(client):
    address, counts = reverse("sources:source_list"), []
    for shown in (1, 3):
        while Source.objects.count() < shown:
            SourceFactory(last_read_at=clock.now())
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()
        counts.append(len(queries))
        assert page.count("Đọc trọn vẹn") == shown

    assert counts[0] == counts[1]
