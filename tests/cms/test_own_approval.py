"""What the desk reads of an organisation's own approval."""

import pytest
from django.urls import reverse

from marketplace.listings import services
from tests.cms.acts import review_address

pytestmark = pytest.mark.django_db


def test_the_desk_reads_who_passed_it_on_and_not_what_still_waits(
    organization, poster, colleague, officer, draft, as_user
):
    organization.approves_own_listings = True
    organization.save(update_fields=["approves_own_listings"])
    need = services.submit(draft, by=colleague)
    home = as_user(officer).get(reverse("wagtailadmin_home")).content.decode()
    assert need.draft_title not in home

    services.approve_as_manager(need, by=poster, note="Đúng số liệu")

    page = as_user(officer).get(review_address(need)).content.decode()
    assert "Tổ chức tự duyệt" in page
    assert "Đúng số liệu" in page
    assert str(poster) in page
    assert need.draft_title in as_user(officer).get(reverse("wagtailadmin_home")).content.decode()
