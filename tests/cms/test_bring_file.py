"""The screen on which a file is looked at before it is brought in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from marketplace.research.models import Result
from marketplace.sources.models import Upload
from marketplace.sources.services.uploads import bring_upload, keep_upload
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

CSV = "Mã;Tên đề tài;Đơn vị thực hiện\nA1;Máy sấy xoài;Viện Thử\nA2;;Viện Thử\n"


def file(text=CSV, name="đề tài.csv"):
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def upload(media, lead):
    return keep_upload(file(), source=SourceFactory(), by=lead)


def test_lead_looks_chooses_and_brings_in(media, lead, as_user):
    source, browser = SourceFactory(name="Kho thử"), as_user(lead)
    assert reverse("imports:choose_file") in browser.get(reverse("imports:index")).content.decode()

    page = browser.post(
        reverse("imports:choose_file"), {"file": file(), "source": source.pk}, follow=True
    )
    address, text = page.redirect_chain[-1][0], page.content.decode()
    assert "Máy sấy xoài" in text
    assert "1 bị từ chối" in text
    assert not Result.objects.exists()

    browser.post(address, {"action": "look", "c2": "organization"})
    assert "Viện Thử" in browser.get(address).content.decode()
    browser.post(address, {"action": "bring"})
    bring_upload()

    result = Result.objects.get()
    assert (result.title, result.organization.name) == ("Máy sấy xoài", "Viện Thử")
    assert "Đã nhập" in browser.get(address).content.decode()


def test_bad_file_says_why_and_asks_again(media, lead, as_user):
    browser = as_user(lead)

    page = browser.post(
        reverse("imports:choose_file"),
        {"file": file("id,title\n", "trống.csv"), "source": SourceFactory().pk},
    ).content.decode()

    assert "Tệp không có bản ghi nào." in page
    assert not Upload.objects.exists()


def test_dropped_file_is_gone(upload, lead, as_user):
    as_user(lead).post(reverse("imports:file", args=[upload.public_id]), {"action": "drop"})

    upload.refresh_from_db()
    assert upload.state == "dropped"


@pytest.mark.parametrize("who", ["officer", "poster", "colleague", "stranger"])
def test_others_see_and_bring_in_nothing(upload, who, request, as_user):
    browser = as_user(request.getfixturevalue(who))
    address = reverse("imports:file", args=[upload.public_id])

    assert "Máy sấy xoài" not in browser.get(address).content.decode()
    browser.post(address, {"action": "bring"})
    browser.post(address, {"action": "drop"})
    browser.post(reverse("imports:choose_file"), {"file": file(), "source": upload.source_id})

    upload.refresh_from_db()
    assert upload.state == "looked_at"
    assert Upload.objects.count() == 1
