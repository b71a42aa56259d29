"""Sources, undoing, corrections and conflicts at the desk: who may, and that nothing changes for the rest."""

import re
from datetime import date

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.sources.models import (
    Conflict,
    Correction,
    Fault,
    RawRecord,
    ReaderKey,
    Sharing,
    SharingAgreement,
    Source,
    SourceKey,
    SourceKind,
)
from marketplace.sources.services import correct_field
from marketplace.sources.services.keys import create_key, key_of, reader_key_of
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory
from tests.factories.sources import RunFactory, SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def result():
    SourceFactory(slug="thu")
    return ResultFactory(source="thu", title="Máy sấy soài")


@pytest.fixture
def conflict(result, officer):
    correction = correct_field(
        result, field="title", value="Máy sấy xoài", reason="lỗi chính tả", by=officer
    )
    return Conflict.objects.create(correction=correction, value="Máy sấy quả", found_at=clock.now())


def test_desk_shows_both_values_side_by_side(conflict, officer, as_user):
    page = as_user(officer).get(reverse("conflicts")).content.decode()

    assert "Máy sấy xoài" in page
    assert "Máy sấy quả" in page
    assert "lỗi chính tả" in page


@pytest.mark.parametrize(("action", "title"), [("keep", "Máy sấy xoài"), ("take", "Máy sấy quả")])
def test_chosen_conflicts_are_decided_and_taken_back(
    conflict, result, officer, as_user, action, title
):
    browser, address = as_user(officer), reverse("conflicts")

    browser.post(address, {"conflict": [conflict.pk], "action": action})
    result.refresh_from_db()
    assert result.title == title
    assert (
        f'value="{conflict.pk}"' in browser.get(f"{address}?trang-thai=da-quyet").content.decode()
    )

    browser.post(address, {"conflict": [conflict.pk], "action": "reopen"})
    result.refresh_from_db()
    conflict.refresh_from_db()
    assert (result.title, conflict.state) == ("Máy sấy xoài", "open")


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger"])
def test_others_decide_correct_and_undo_nothing(conflict, result, who, request, as_user):
    browser = as_user(request.getfixturevalue(who))
    run = RunFactory(source=Source.objects.get(slug="thu"), created=1)

    browser.post(reverse("conflicts"), {"conflict": [conflict.pk], "action": "take"})
    browser.post(
        reverse("correct_result", args=[result.public_id]),
        {"field": "title", "value": "Khác", "reason": "thử"},
    )
    browser.post(reverse("imports:undo", args=[run.pk]), {"confirmed": "yes"})

    result.refresh_from_db()
    conflict.refresh_from_db()
    run.refresh_from_db()
    assert (result.title, conflict.state, run.undo_asked_at) == ("Máy sấy xoài", "open", None)
    assert Correction.objects.count() == 1


def test_field_is_corrected_with_a_reason_and_given_back(result, officer, as_user):
    browser = as_user(officer)
    address = reverse("correct_result", args=[result.public_id])
    assert browser.get(reverse("find_result"), {"q": "soài"}).content.decode().count(address) == 1
    assert 'name="value"' in browser.get(f"{address}?truong=title").content.decode()

    refused = browser.post(address, {"field": "title", "value": "Máy sấy xoài", "reason": ""})
    assert refused.status_code == 200
    assert not Correction.objects.exists()
    browser.post(address, {"field": "title", "value": "Máy sấy xoài", "reason": "chính tả"})
    browser.post(address, {"field": "field_codes", "value": "203; 1.2", "reason": "mã"})
    browser.post(
        address, {"field": "organization", "value": result.organization.name, "reason": "mã"}
    )

    result.refresh_from_db()
    assert (result.title, result.field_codes) == ("Máy sấy xoài", ["203", "102"])
    assert "chính tả" in browser.get(address).content.decode()
    browser.post(address, {"action": "take_back", "field": "title"})
    result.refresh_from_db()
    assert result.title == "Máy sấy soài"


def test_lead_undoes_a_run_and_officer_does_not(lead, officer, as_user):
    run = RunFactory(created=3)
    address = reverse("imports:undo", args=[run.pk])

    as_user(officer).post(address, {"confirmed": "yes"})
    run.refresh_from_db()
    assert run.undo_asked_at is None

    browser = as_user(lead)
    assert "3" in browser.get(address).content.decode()
    browser.post(address, {})
    run.refresh_from_db()
    assert run.undo_asked_at is None
    browser.post(address, {"confirmed": "yes"})
    run.refresh_from_db()
    assert (run.undo_asked_at is not None, run.undone_by) == (True, lead)


def test_report_comes_as_csv_and_as_sheet(officer, as_user):
    run = RunFactory(refused=1)
    Fault.objects.create(run=run, line=7, is_refusal=True, rule="secrecy", reason="có độ mật")
    browser = as_user(officer)

    text = browser.get(reverse("imports:report", args=[run.pk]))
    sheet = browser.get(reverse("imports:report_xlsx", args=[run.pk]))

    assert "có độ mật" in b"".join(text.streaming_content).decode()
    assert b"".join(sheet.streaming_content)[:2] == b"PK"
    assert "XLSX" in browser.get(reverse("imports:index")).content.decode()


def test_lead_keeps_sources_and_a_key_is_never_written_down(lead, result, as_user):
    source = Source.objects.get(slug="thu")
    browser, address = as_user(lead), reverse("data_sources:edit", args=[source.pk])
    values = {
        "name": "CSDL Bộ Thử",
        "kind": "oai-pmh",
        "trust": 60,
        "sharing": "internal",
        "is_active": "on",
        "led_by_source": ["title"],
    }
    assert browser.get(address).status_code == 200

    browser.post(address, values | {"credentials_variable": "s3cret-key"})
    source.refresh_from_db()
    assert source.name != "CSDL Bộ Thử"
    browser.post(address, values | {"credentials_variable": "BO_THU_KEY"})

    source.refresh_from_db()
    result.refresh_from_db()
    assert (source.name, source.slug, source.mapping) == (
        "CSDL Bộ Thử",
        "thu",
        {"masters": {"title": "source"}},
    )
    assert result.withdrawn_at is not None


def test_what_could_not_be_undone_is_said_record_by_record(lead, as_user):
    run = RunFactory(created=1, undo_asked_at=clock.now(), undone_at=clock.now(), undo_left=1)
    RawRecord.objects.create(
        source=run.source,
        identifier="KQ-7",
        run=run,
        format="csv",
        compressed=b"",
        received_at=clock.now(),
        undo_outcome="later",
    )
    browser = as_user(lead)

    page = browser.get(reverse("imports:undo", args=[run.pk])).content.decode()

    assert "KQ-7" in page
    assert "lần nhập sau đã thay" in page
    assert 'name="confirmed"' not in page
    assert "đã hoàn tác (1)" in browser.get(reverse("imports:index")).content.decode()


@pytest.fixture
def sender():
    return SourceFactory(slug="bo-thu", kind=SourceKind.PUSH)


def test_key_is_shown_once_and_works(sender, lead, as_user):
    browser, address = as_user(lead), reverse("data_sources:keys", args=[sender.pk])

    page = browser.post(address, {"name": "Máy chủ của bộ"}, follow=True).content.decode()
    text = re.search(r"<code>(sgd\w+_[\w-]+)</code>", page)[1]

    assert key_of(text).source == sender
    assert text not in browser.get(address).content.decode()
    assert "1 khóa" in browser.get(reverse("data_sources:index")).content.decode()

    browser.post(address, {"revoke": key_of(text).prefix})
    assert key_of(text) is None


def test_key_without_a_name_is_not_made(sender, lead, as_user):
    as_user(lead).post(reverse("data_sources:keys", args=[sender.pk]), {"name": " "})

    assert not SourceKey.objects.exists()


@pytest.mark.parametrize("who", ["officer", "poster", "colleague", "stranger"])
def test_others_make_and_revoke_no_keys(sender, officer, who, request, as_user):
    key, text = create_key(sender, name="x", by=officer)
    browser = as_user(request.getfixturevalue(who))
    address = reverse("data_sources:keys", args=[sender.pk])

    assert text not in browser.get(address).content.decode()
    browser.post(address, {"name": "Của tôi"})
    browser.post(address, {"revoke": key.prefix})

    assert key_of(text) == key
    assert SourceKey.objects.count() == 1


def agreement_of(source):
    return SharingAgreement.objects.create(
        source=source,
        organization=OrganizationFactory(),
        number="12/TT-CSDL",
        valid_from=date(2026, 1, 1),
    )


def test_lead_writes_an_agreement_and_hands_out_its_key(lead, as_user):
    source, browser = SourceFactory(sharing=Sharing.MINISTRIES), as_user(lead)
    OrganizationFactory(name="Cục Thông tin của Bộ thử")
    values = {"source": source.pk, "number": "12/TT", "valid_from": "2026-01-01"}

    page = browser.post(reverse("sharing:add"), values | {"reader": "Không có"}).content.decode()
    assert "Sàn chưa có tổ chức nào tên như vậy." in page
    browser.post(reverse("sharing:add"), values | {"reader": "cục thông tin của bộ thử"})
    agreement = SharingAgreement.objects.get()
    address = reverse("sharing:keys", args=[agreement.pk])
    page = browser.post(address, {"name": "Kho"}, follow=True).content.decode()

    text = re.search(r"<code>(sgd\w+_[\w-]+)</code>", page)[1]
    assert reader_key_of(text).agreement == agreement
    assert text not in browser.get(address).content.decode()
    assert "1 khóa" in browser.get(reverse("sharing:index")).content.decode()


@pytest.mark.parametrize("who", ["officer", "poster", "colleague", "stranger"])
def test_others_write_no_agreement_and_hand_out_no_key(who, request, as_user):
    agreement = agreement_of(SourceFactory(sharing=Sharing.MINISTRIES))
    browser = as_user(request.getfixturevalue(who))

    browser.post(reverse("sharing:keys", args=[agreement.pk]), {"name": "Của tôi"})
    browser.post(reverse("sharing:add"), {"number": "x"})

    assert not ReaderKey.objects.exists()
    assert SharingAgreement.objects.get() == agreement
