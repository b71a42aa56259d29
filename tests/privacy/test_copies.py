"""A copy of one's own data: made by the tick, fetched by its owner alone, gone after its days."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from marketplace.core.models import AuditEntry
from marketplace.notifications.models import Notice
from marketplace.privacy.models import DataCopy
from marketplace.privacy.services import ask_for_copy, make_copy
from tests.factories.accounts import MembershipFactory
from tests.factories.listings import NeedFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def content_of(copy):
    copy.refresh_from_db()
    with copy.file.open("rb") as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    return json.loads(archive.read("du-lieu.json")), archive.read("du-lieu.html").decode()


def test_copy_holds_what_is_known_of_the_person_and_nothing_of_others(person, stranger):
    membership = MembershipFactory(user=person)
    NeedFactory(organization=membership.organization, contact=person, confidential="Giá trần 2 tỷ")
    copy = ask_for_copy(person)
    assert ask_for_copy(person) == copy
    assert make_copy() == 1

    data, page = content_of(copy)
    text = json.dumps(data, ensure_ascii=False)
    for own in ("rieng@example.vn", "0912 345 678", "Giá trần 2 tỷ", membership.organization.name):
        assert own in text
        assert own in page
    for other in (stranger.email, person.password):
        assert other not in text + page
    assert copy.done_parts == copy.total_parts > 5
    assert Notice.objects.get(recipient=person).kind == "privacy.copy_ready"


def test_copy_is_in_the_persons_language(person):
    person.language = "en"
    person.save()
    copy = ask_for_copy(person)
    make_copy()
    data, page = content_of(copy)
    assert data[0]["purpose"].startswith("Your account")
    assert '<html lang="en">' in page


def test_page_asks_shows_progress_and_hands_out_after_a_fresh_login(person, stranger, as_user):
    browser = as_user(person)
    browser.post(reverse("privacy:ask_copy"))
    copy = DataCopy.objects.get()
    page = browser.get(reverse("privacy:mine")).content.decode()
    assert "<progress" in page
    make_copy()

    address = reverse("privacy:copy", args=[copy.public_id])
    assert "reauthenticate" in browser.get(address)["Location"]
    browser.post(reverse("account_reauthenticate"), {"password": "mat-khau-thu"})
    answer = browser.get(address)
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.filter(action="privacy.copy_fetched").count() == 1
    assert as_user(stranger).get(address).status_code in (302, 404)
    assert AuditEntry.objects.filter(action="privacy.copy_fetched").count() == 1


def test_copy_goes_when_its_days_are_over(person, frozen_clock):
    copy = ask_for_copy(person)
    make_copy()
    copy.refresh_from_db()
    storage, name = copy.file.storage, copy.file.name
    frozen_clock.move(days=6)
    assert make_copy() == 0
    frozen_clock.move(days=2)
    assert make_copy() == 1
    assert not storage.exists(name)
    copy.refresh_from_db()
    assert (copy.state, copy.file.name) == ("expired", "")


@pytest.mark.kill
def test_copying_killed_in_the_middle_begins_again(person, monkeypatch):
    from marketplace.privacy.services import copies

    copy = ask_for_copy(person)
    with monkeypatch.context() as patch:
        patch.setattr(copies, "_packed", lambda data: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make_copy()
    copy.refresh_from_db()
    assert (copy.state, copy.file.name) == ("asked", "")
    assert make_copy() == 1
    assert not DataCopy.objects.waiting().exists()
    assert Notice.objects.filter(kind="privacy.copy_ready").count() == 1
