"""Focal points and their people: named, changed, ended and taken up again by leads."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core.models import AuditEntry
from marketplace.registration import services
from marketplace.registration.models import Dossier, FocalOfficer, FocalPoint
from tests.factories.accounts import UserFactory
from tests.factories.registration import DossierFactory, FocalOfficerFactory, FocalPointFactory

pytestmark = pytest.mark.django_db

POINT = {
    "slug": "so-khcn-lam-dong",
    "organization": "Sở Khoa học và Công nghệ Lâm Đồng",
    "kind": "province",
    "levels": ["province", "institution"],
    "agencies": "UBND tỉnh Lâm Đồng\n Ủy ban nhân dân tỉnh Lâm Đồng ",
    "province_codes": ["68"],
    "place": "Lâm Đồng",
    "body_code": "SKHCN-LĐ",
    "number_pattern": "province",
    "valid_from": "2025-07-01",
}


def test_a_lead_names_a_focal_point_and_its_people(lead, as_user):
    client, person = as_user(lead), UserFactory()

    client.post(reverse("focal_points:add"), POINT)
    point = FocalPoint.objects.get()
    assert point.agencies == ["UBND tỉnh Lâm Đồng", "Ủy ban nhân dân tỉnh Lâm Đồng"]
    assert (point.levels, point.province_codes) == (["province", "institution"], ["68"])

    edit = reverse("focal_points:edit", args=[point.pk])
    appoint = reverse("focal_points:appoint", args=[point.pk])
    client.post(appoint, {"officer-email": person.email.upper(), "officer-role": "officer"})
    client.post(appoint, {"officer-email": "ai-do@vi-du.vn", "officer-role": "officer"})
    client.post(appoint, {"officer-email": lead.email, "officer-role": "signer"})
    officer = FocalOfficer.objects.get()
    assert (officer.user, officer.role) == (person, "officer")
    assert FocalPoint.objects.staffed_by(person).get() == point
    assert person.email in client.get(edit).content.decode()

    client.post(appoint, {"officer-email": person.email, "officer-role": "signer"})
    assert FocalOfficer.objects.get().role == "signer"
    client.post(reverse("focal_points:dismiss", args=[point.pk]), {"officer": officer.pk})
    assert not FocalOfficer.objects.exists()

    client.post(edit, POINT | {"slug": "khac", "place": "Đà Lạt", "organization": str(point)})
    point.refresh_from_db()
    assert (point.place, point.slug) == ("Đà Lạt", "so-khcn-lam-dong")
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "focal_point.created",
        "focal_point.changed",
        "focal_officer.appointed",
        "focal_officer.changed",
        "focal_officer.dismissed",
    }
    assert client.get(reverse("focal_points:index")).status_code == 200


def test_there_is_one_agency_at_a_time(lead, as_user):
    first = FocalPointFactory(agency=True)
    values = POINT | {"kind": "agency", "organization": "Cục khác"}

    answer = as_user(lead).post(reverse("focal_points:add"), values)

    assert answer.status_code == 200
    assert FocalPoint.objects.get() == first
    services.close_focal_point(first, by=lead, reason="sáp nhập")
    as_user(lead).post(reverse("focal_points:add"), values)
    with pytest.raises(services.NotNamed):
        services.reopen_focal_point(first, by=lead)


def test_an_ended_focal_point_hands_its_dossiers_over(lead, as_user, media):
    client = as_user(lead)
    point, other = FocalPointFactory(), FocalPointFactory(province=True)
    officer = FocalOfficerFactory(focal_point=point).user
    dossier = DossierFactory(state="submitted", focal_point=point)
    close = reverse("focal_points:close", args=[point.pk])

    client.post(close, {"close-reason": "sáp nhập"})
    client.post(close, {"close-reason": "", "close-successor": other.pk})
    point.refresh_from_db()
    assert point.is_active

    client.post(close, {"close-reason": "sáp nhập", "close-successor": other.pk})
    point.refresh_from_db()
    dossier.refresh_from_db()
    assert (point.is_active, dossier.focal_point) == (False, other)
    assert dossier.log.order_by("pk").last().action == "handed_over"
    assert not FocalPoint.objects.staffed_by(officer).exists()

    client.post(reverse("focal_points:reopen", args=[point.pk]))
    point.refresh_from_db()
    dossier.refresh_from_db()
    assert (point.is_active, point.valid_to, dossier.focal_point) == (True, None, other)


@pytest.mark.parametrize("who", ["poster", "colleague", "stranger", "officer", "signer", "nobody"])
def test_nobody_else_changes_a_focal_point(who, request, desk, as_user):
    point = FocalPointFactory()
    signer = FocalOfficerFactory(focal_point=point).user
    user = signer if who == "signer" else None if who == "nobody" else request.getfixturevalue(who)
    client = as_user(user) if user else Client()
    person, other = UserFactory(), FocalPointFactory()

    def kept():
        return (
            list(FocalPoint.objects.order_by("pk").values()),
            list(FocalOfficer.objects.order_by("pk").values("focal_point", "user", "role")),
            Dossier.objects.count(),
        )

    before = kept()
    writes = {
        "add": POINT,
        "edit": POINT,
        "appoint": {"officer-email": person.email, "officer-role": "signer"},
        "dismiss": {"officer": point.officers.get().pk},
        "close": {"close-reason": "x", "close-successor": other.pk},
        "reopen": {},
    }
    for name, values in writes.items():
        args = [] if name == "add" else [point.pk]
        client.post(reverse(f"focal_points:{name}", args=args), values)
        assert kept() == before, name


def test_each_focal_point_is_opened_from_the_list_and_its_days_are_days(lead, as_user):
    point = FocalPointFactory(valid_from=date(2025, 7, 1))

    page = as_user(lead).get(reverse("focal_points:index")).content.decode()

    assert f'href="{reverse("focal_points:edit", args=[point.pk])}"' in page
    assert "01/07/2025" in page
    assert "Mỗi đầu mối nhận hồ sơ" in page
