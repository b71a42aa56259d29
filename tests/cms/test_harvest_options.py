"""How a source is harvested, said in its form; and a reading asked for before its time."""

import json

import pytest
from django.urls import reverse

from cms.sources import SourceForm
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.models import AuditEntry
from marketplace.sources.harvesting.asking import ask_reading
from marketplace.sources.harvesting.due import due_sources, harvest_batch
from marketplace.sources.harvesting.options import Options
from marketplace.sources.harvesting.progress import Progress, Walk
from marketplace.sources.models import Source, SourceKind
from tests.factories.sources import RunFactory, SourceFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "name": "Kho của trường",
    "kind": "oai-pmh",
    "address": "https://kho.example.vn/oai",
    "trust": 60,
    "sharing": "public",
    "is_active": "on",
}
OPTIONS = {
    "harvest_prefix": "marcxml",
    "harvest_sets": " ket-qua  de-tai ",
    "harvest_inside": "10.20.0.0/16, 10.30.1.5",
    "harvest_interval": "2.5",
    "harvest_seconds": "300",
}
SAID = {
    "prefix": "marcxml",
    "sets": ["ket-qua", "de-tai"],
    "inside": ["10.20.0.0/16", "10.30.1.5"],
    "interval": 2.5,
    "seconds": 300.0,
}


@pytest.fixture
def source():
    return SourceFactory(
        slug="kho",
        kind=SourceKind.HARVEST,
        address="https://kho.example.vn/oai",
        mapping={"columns": {"Nhan đề": "title"}, "masters": {"title": "source"}},
    )


def saved(source, **values):
    form = SourceForm({**VALUES, **values}, instance=source)
    assert form.is_valid(), form.errors
    form.save()
    source.refresh_from_db()
    return source


def test_options_are_kept_beside_columns_and_masters(source):
    saved(source, led_by_source=["abstract"], **OPTIONS)

    assert source.mapping == {
        "columns": {"Nhan đề": "title"},
        "masters": {"abstract": "source"},
        "harvest": SAID,
    }
    options = Options.of(source)
    assert (options.prefix, options.interval, options.seconds) == ("marcxml", 2.5, 300)
    assert [str(one) for one in options.inside] == ["10.20.0.0/16", "10.30.1.5/32"]


def test_form_shows_what_is_kept_and_empty_fields_mean_the_usual(source):
    source.mapping["harvest"] = SAID | {"prefix": "xoai"}
    form = SourceForm(instance=source)
    assert form["harvest_sets"].value() == "ket-qua de-tai"
    assert ("xoai", "xoai") in form.fields["harvest_prefix"].choices

    saved(source)

    assert "harvest" not in source.mapping
    assert Options.of(source) == Options()


def test_another_kind_keeps_the_options_for_later(source):
    source.mapping["harvest"] = SAID

    saved(source, kind="file", harvest_sets="khac")

    assert source.mapping["harvest"] == SAID


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("harvest_inside", "10.20.0.0/40", "không phải dải địa chỉ mạng"),
        ("harvest_inside", "mạng nội bộ", "không phải dải địa chỉ mạng"),
        ("harvest_inside", "0.0.0.0/0", "quá rộng"),
        ("harvest_inside", "203.162.0.0/16", "không phải mạng riêng"),
        ("harvest_inside", "169.254.169.254", "không phải mạng riêng"),
        ("harvest_prefix", "<script>", ""),
        ("harvest_interval", "-1", ""),
        ("harvest_interval", "nan", ""),
        ("harvest_interval", "3600", ""),
        ("harvest_seconds", "0", ""),
        ("harvest_seconds", "601", ""),
        ("schedule", "mỗi đêm", "năm phần"),
        ("schedule", "0 25 * * *", "năm phần"),
    ],
)
def test_bad_values_are_refused_and_said_at_their_field(source, field, value, said):
    form = SourceForm({**VALUES, **OPTIONS, field: value}, instance=source)

    assert list(form.errors) == [field]
    assert said in form.errors[field][0]
    assert "harvest" not in Source.objects.get(pk=source.pk).mapping


def test_options_go_through_the_page(source, lead, as_user):
    browser, address = as_user(lead), reverse("data_sources:edit", args=[source.pk])
    page = browser.get(address).content.decode()
    assert page.count("<fieldset") == 4
    # Options of harvesting are folded until they say something: most servers need none.
    assert '<details class="desk-more" open>' not in page
    assert page.count('name="harvest_inside"') == page.count('name="slug"') == 1

    refused = browser.post(address, VALUES | OPTIONS | {"harvest_inside": "10.20"})
    assert "không phải dải địa chỉ mạng" in refused.content.decode()
    assert '<details class="desk-more" open>' in refused.content.decode()
    browser.post(address, VALUES | OPTIONS)

    source.refresh_from_db()
    assert source.mapping["harvest"] == SAID


# --- read now ---------------------------------------------------------------------------------


def test_source_asked_for_is_read_next_and_once(source, lead, as_user):
    SourceFactory(kind=SourceKind.HARVEST, address="https://x.example.vn", schedule="* * * * *")
    Source.objects.exclude(pk=source.pk).update(created_at=clock.now().replace(year=2020))
    Source.objects.filter(pk=source.pk).update(last_read_at=clock.now())
    RunFactory(source=source, records_done=1200, created=7, finished_at=clock.now())
    browser = as_user(lead)
    address = reverse("data_sources:read_now", args=[source.pk])
    page = browser.get(reverse("data_sources:index")).content.decode()
    assert f'action="{address}"' in page
    assert "1.200 bản ghi: 7 mới" in page
    assert [one.slug for one in due_sources(clock.now())] != ["kho"]

    for _click in range(2):
        browser.post(address, {"idempotency_key": "k"})

    assert due_sources(clock.now())[0] == source
    assert AuditEntry.objects.filter(action="source.reading_asked").count() == 1
    page = browser.get(reverse("data_sources:index")).content.decode()
    assert "chờ đến lượt" in page
    assert f'action="{address}"' not in page


def test_asking_ends_our_own_wait_and_a_row_that_cannot_be_read_says_why(source, lead):
    source.mapping["harvest"] = {"inside": ["sai"]}
    source.cursor = {"since": "2026-11-01", "not_before": "2099-01-01T00:00:00+00:00"}
    source.save()

    ask_reading(source, by=lead)
    source.refresh_from_db()
    assert source.cursor["since"] == "2026-11-01"
    assert harvest_batch() == 1

    source.refresh_from_db()
    assert "Cấu hình thu thập" in source.last_problem
    assert Progress.of(source).asked_at == ""
    assert due_sources(clock.now()) == []


@pytest.mark.parametrize(
    "values", [{"kind": "file"}, {"is_active": False}, {"address": ""}, {"cursor": "walk"}]
)
def test_what_cannot_be_read_or_is_being_read_is_refused(source, lead, as_user, values):
    if values == {"cursor": "walk"}:
        progress = Progress(walk=Walk(run=RunFactory(source=source).pk, pages=3, records=60))
        progress.not_before = "2099-01-01T00:00:00+00:00"
        progress.save(source)
    else:
        Source.objects.filter(pk=source.pk).update(**values)
    before = Source.objects.values_list("cursor", flat=True).get(pk=source.pk)

    with pytest.raises(DomainError):
        ask_reading(source, by=lead)
    page = as_user(lead).get(reverse("data_sources:index")).content.decode()

    assert Source.objects.values_list("cursor", flat=True).get(pk=source.pk) == before
    assert reverse("data_sources:read_now", args=[source.pk]) not in page
    assert ("Đang đọc: 3 trang, 60 bản ghi" in page) == ("walk" in json.dumps(values))


@pytest.mark.parametrize("who", ["officer", "poster", "colleague", "stranger"])
def test_others_change_no_options_and_ask_for_no_reading(source, who, request, as_user):
    browser = as_user(request.getfixturevalue(who))
    read_now = reverse("data_sources:read_now", args=[source.pk])

    browser.post(reverse("data_sources:edit", args=[source.pk]), VALUES | OPTIONS)
    browser.post(read_now)
    page = browser.get(reverse("data_sources:index")).content.decode()

    after = Source.objects.get(pk=source.pk)
    assert (after.mapping, after.cursor) == (source.mapping, {})
    assert read_now not in page
    assert not AuditEntry.objects.filter(action="source.reading_asked").exists()
