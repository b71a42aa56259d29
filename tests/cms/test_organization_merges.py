"""Joining organisations in the admin: leads alone, seen before it is done, taken back."""

import pytest
from django.urls import reverse

from marketplace.accounts.models import OrganizationMerge
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["officer", "poster", "stranger", "lead"])
def test_leads_see_merge_and_take_apart(desk, organization, as_user, who, request):
    client = as_user(request.getfixturevalue(who))
    duplicate = OrganizationFactory(name="Cty Hạt điều Bình Phước cũ", status="claimed")
    result = ResultFactory(organization=duplicate)
    page = reverse("merge_organization", args=[duplicate.pk])
    shown = client.get(page, {"vao": organization.pk, "q": "hat dieu"}).content.decode()
    assert ("Sẽ chuyển sang tổ chức được giữ" in shown) == (who == "lead")

    client.post(page, {"vao": organization.pk})

    result.refresh_from_db()
    assert (result.organization == organization) == (who == "lead")
    if who != "lead":
        assert not OrganizationMerge.objects.exists()
        return
    merge = OrganizationMerge.objects.get()
    undo = reverse("undo_organization_merge", args=[merge.pk])
    assert (
        "Tách" in client.get(reverse("organizations:edit", args=[organization.pk])).content.decode()
    )
    assert "Hãy ghi lý do" in client.post(undo, {"reason": ""}).content.decode()
    client.post(undo, {"reason": "Hai công ty khác nhau"})
    result.refresh_from_db()
    assert result.organization == duplicate


def test_undoing_is_for_leads(desk, organization, as_user, officer, administrator):
    duplicate = OrganizationFactory(name="Công ty Nhầm", status="claimed")
    as_user(administrator).post(
        reverse("merge_organization", args=[duplicate.pk]), {"vao": organization.pk}
    )
    merge = OrganizationMerge.objects.get()

    as_user(officer).post(reverse("undo_organization_merge", args=[merge.pk]), {"reason": "x"})

    merge.refresh_from_db()
    assert merge.undone_at is None
