"""Submissions like another listing are counted on the desk's home before anybody opens them."""

import pytest
from django.urls import reverse

from marketplace.listings import services
from marketplace.listings.models import CopiesFound
from search.sync import sync_all
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


def test_a_copy_is_counted_once_compared_and_leads_to_the_list(
    search_engine, submission, organization, poster, officer, as_user
):
    NeedFactory(
        organization=organization, contact=poster, title=submission.draft_title, published=True
    )
    apart = NeedFactory(
        title="Xử lý nước thải dệt nhuộm", summary="Khử màu 500 m3 mỗi ngày.", volume="", site="",
        problem="Thuốc nhuộm còn lại làm đậm màu kênh bên xưởng.", required="Độ màu dưới 50 Pt-Co.",
    )  # fmt: skip
    other = services.submit(apart, by=apart.contact)
    sync_all()

    assert services.note_copies() == 2
    assert services.note_copies() == 0

    assert CopiesFound.objects.get(key=submission.public_id).count >= 1
    assert CopiesFound.objects.get(key=other.public_id).count == 0
    client = as_user(officer)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "state=copies" in home
    rows = client.get(reverse("wagtailsnippets_listings_need:list"), {"state": "copies"})
    page = rows.content.decode()
    assert submission.draft_title in page
    assert "Xử lý nước thải" not in page


def test_an_edited_submission_is_compared_again(search_engine, submission, officer):
    services.note_copies()
    type(submission).objects.get(pk=submission.pk).save_revision(user=officer, clean=False)

    assert services.note_copies() == 1
