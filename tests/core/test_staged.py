"""Stage marks: content raises its version, whichever way it changes, and a mark is its stage's alone."""

import pytest
from django.db import DatabaseError, transaction

from marketplace.accounts.models import Organization
from marketplace.listings.models import Need
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory

pytestmark = pytest.mark.django_db


def version(row):
    return type(row).objects.values_list("content_version", flat=True).get(pk=row.pk)


def marks(row):
    return type(row).objects.values_list("indexed_version", "matched_version").get(pk=row.pk)


def by_save(row):
    row.province_code = "79"
    row.save()


def by_save_of_one_field(row):
    row.province_code = "79"
    row.save(update_fields=["province_code"])


def by_update(row):
    type(row).objects.filter(pk=row.pk).update(province_code="79")


def by_update_content(row):
    type(row).objects.filter(pk=row.pk).update_content(province_code="79")


def by_bulk_update(row):
    row.province_code = "79"
    type(row).objects.bulk_update([row], ["province_code"])


def by_update_or_create(row):
    type(row).objects.update_or_create(pk=row.pk, defaults={"province_code": "79"})


def by_a_change_elsewhere(row):
    type(row).objects.filter(pk=row.pk).raise_content_version()


def by_save_of_a_partly_loaded_row(row):
    row = type(row).objects.only("province_code").get(pk=row.pk)
    row.province_code = "79"
    row.save()


@pytest.mark.parametrize(
    "change",
    [
        by_save, by_save_of_one_field, by_update, by_update_content, by_bulk_update,
        by_update_or_create, by_a_change_elsewhere, by_save_of_a_partly_loaded_row,
    ],
)  # fmt: skip
def test_change_of_content_raises_the_version_by_one(change):
    organization = OrganizationFactory()
    before = version(organization)
    change(organization)
    assert version(organization) == before + 1
    assert organization in Organization.objects.stale("indexed_version")


@pytest.mark.parametrize("fields", [["draft_title"], ["locked", "locked_at"], ["latest_revision"]])
def test_bookkeeping_leaves_the_version(fields):
    need = NeedFactory(published=True)
    before = version(need)
    need.save(update_fields=fields)
    Need.objects.filter(pk=need.pk).update(draft_title="x")
    assert version(need) == before


def test_save_leaves_the_new_version_on_the_object():
    organization = OrganizationFactory()
    organization.name = "Tên mới"
    organization.save()
    assert organization.content_version == version(organization)


def test_failed_save_leaves_the_object_usable():
    organization = OrganizationFactory()
    before = organization.content_version
    organization.public_id = OrganizationFactory().public_id
    with pytest.raises(DatabaseError), transaction.atomic():
        organization.save()
    assert organization.content_version == before


def test_save_of_a_stale_object_never_takes_a_mark_back():
    organization = OrganizationFactory()
    read_before = Organization.objects.get(pk=organization.pk)
    Organization.mark_done("indexed_version", [(organization.pk, 1)])
    read_before.save()
    assert marks(organization)[0] == 1


@pytest.mark.parametrize(
    ("known", "done", "after"), [(0, 3, 3), (3, 2, 3), (3, 3, 3)], ids=["ahead", "older", "same"]
)
def test_mark_never_goes_back(known, done, after):
    organization = OrganizationFactory()
    Organization.mark_done("matched_version", [(organization.pk, known)])
    Organization.mark_done("matched_version", [(organization.pk, done)])
    assert marks(organization) == (0, after)


def test_mark_of_what_was_read_leaves_a_later_change_stale():
    organization = OrganizationFactory()
    read = version(organization)
    by_update(organization)
    Organization.mark_done("indexed_version", [(organization.pk, read)])
    assert organization in Organization.objects.stale("indexed_version")


def test_mark_that_is_none_is_refused():
    with pytest.raises(ValueError, match="title"):
        Organization.mark_done("title", [])


def test_many_marks_at_once():
    rows = [OrganizationFactory() for _ in range(5)]
    Organization.mark_done("indexed_version", [(row.pk, 1) for row in rows])
    assert not Organization.objects.filter(pk__in=[row.pk for row in rows]).stale("indexed_version")


def test_publishing_a_revision_raises_the_version_and_keeps_the_marks():
    """A revision read back is a new object with an old key and old columns."""
    need = NeedFactory(published=True)
    Need.mark_done("indexed_version", [(need.pk, version(need))])
    before = version(need)
    need.title = "Tên đã sửa"
    revision = need.save_revision()
    assert version(need) == before
    revision.publish()
    assert version(need) > before
    assert marks(need) == (before, 0)
    assert need in Need.objects.stale("indexed_version")


def test_publishing_an_old_revision_never_repeats_a_version():
    need = NeedFactory(published=True)
    old = need.save_revision()
    for title in ("hai", "ba"):
        need.title = title
        need.save()
    before = version(need)
    old.publish()
    assert version(need) > before


def test_object_with_a_chosen_key_can_be_inserted():
    made = Organization(pk=987654, name="A", name_key="a")
    made.save()
    assert version(made) == 1
