"""One listing that speaks of two things: its parts are given to two."""

import pytest
from django.urls import reverse

from marketplace.core.errors import DomainError, StaleForm
from marketplace.listings.models import ListingSplit, Need
from marketplace.listings.services import draft_of, split_listing
from marketplace.notifications.models import Notice
from tests.cms.acts import fresh
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(organization, poster):
    need = NeedFactory(
        organization=organization,
        contact=poster,
        title="Tách vỏ và sấy hạt điều",
        required="Sấy ở 45 °C",
        volume="300 kg/giờ",
    )
    rows = need.specifications.model
    need.specifications.add(rows(name="Tỷ lệ vỡ", low=5, unit="%", sort_order=0))
    need.specifications.add(rows(name="Nhiệt độ sấy", low=45, unit="°C", sort_order=1))
    need.save_revision(user=poster, clean=False)
    return fresh(need)


def names_of(listing):
    return [row.name for row in draft_of(listing).specifications.all()]


def test_chosen_parts_go_others_stay_and_some_are_in_both(dossier, officer, poster):
    made = split_listing(
        dossier,
        title="Sấy hạt điều",
        moved=["required", "specifications:1"],
        copied=["volume"],
        by=officer,
    )

    old, new = draft_of(fresh(dossier)), draft_of(made)
    assert (old.required, new.required) == ("", "Sấy ở 45 °C")
    assert old.volume == new.volume == "300 kg/giờ"
    assert (names_of(fresh(dossier)), names_of(made)) == (["Tỷ lệ vỡ"], ["Nhiệt độ sấy"])
    assert new.title == "Sấy hạt điều"
    assert (made.organization_id, made.contact_id) == (dossier.organization_id, poster.pk)
    assert not made.live
    split = ListingSplit.objects.get()
    assert (split.key, split.made_key, split.by) == (dossier.public_id, made.public_id, officer)
    assert split.parts == {"moved": ["required", "specifications:1"], "copied": ["volume"]}
    assert Notice.objects.filter(kind="listing.split", recipient=poster).count() == 1


@pytest.mark.parametrize(
    ("title", "moved", "copied"),
    [
        ("", ["required"], []),
        ("Tên", [], []),
        ("Tên", ["organization"], []),
        ("Tên", ["specifications:7"], []),
        ("Tên", [], ["attachments:x"]),
    ],
)
def test_refused_it_leaves_everything_as_it_was(title, moved, copied, dossier, officer):
    before = dossier.latest_revision_id
    with pytest.raises(DomainError):
        split_listing(dossier, title=title, moved=moved, copied=copied, by=officer)

    assert fresh(dossier).latest_revision_id == before
    assert Need.objects.count() == 1
    assert not ListingSplit.objects.exists()


def test_what_was_edited_meanwhile_is_read_first(dossier, officer):
    with pytest.raises(StaleForm):
        split_listing(
            dossier,
            title="Tên",
            moved=["required"],
            copied=[],
            by=officer,
            revision_id=dossier.latest_revision_id - 1,
        )
    assert Need.objects.count() == 1


@pytest.mark.parametrize("person", ["poster", "colleague", "stranger"])
def test_only_staff_who_correct_split(person, request, desk, dossier, as_user):
    client = as_user(request.getfixturevalue(person))

    client.post(reverse("split_need", args=[dossier.pk]), {"title": "Tên", "required": "chuyen"})

    assert Need.objects.count() == 1


def test_an_officer_splits_on_the_page(dossier, officer, as_user):
    client, where = as_user(officer), reverse("split_need", args=[dossier.pk])
    page = client.get(where).content.decode()
    assert "Nhiệt độ sấy" in page
    assert 'name="specifications:1"' in page

    answer = client.post(
        where,
        {
            "title": "Sấy hạt điều",
            "required": "chuyen",
            "specifications:1": "chuyen",
            "seen": dossier.latest_revision_id,
        },
    )

    assert answer.status_code == 302
    assert names_of(fresh(dossier)) == ["Tỷ lệ vỡ"]
    assert ListingSplit.objects.count() == 1
