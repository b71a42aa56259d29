"""Two profiles of one organisation joined, in every app, and taken apart again exactly."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.http import QueryDict

from marketplace.accounts import merging, services
from marketplace.accounts.models import Membership, Organization, OrganizationMerge
from marketplace.accounts.services.merges import NotMergeable
from marketplace.api.models import KeyScope, OrganizationKey
from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.mandates.models import Mandate
from marketplace.matching.models import Interest
from marketplace.research.facets import chosen_in
from marketplace.research.models import Person
from tests.accounts.papers import submitted
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    OutreachFactory,
    UserFactory,
)
from tests.factories.listings import EquipmentFactory, NeedFactory, OfferFactory
from tests.factories.registration import DossierFactory
from tests.factories.research import ProgrammeFactory, ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db

#: Bookkeeping that a merge raises on purpose, so that readers follow.
_RAISED = {"content_version", "updated_at"}


def columns_to_organizations():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            own = field.concrete and not field.auto_created and not field.many_to_many
            if own and field.related_model is Organization:
                yield f"{model._meta.label}.{field.name}"


def snapshot():
    """Every row of every model that points to organisations, and the organisations."""
    models = {apps.get_model(name.rpartition(".")[0]) for name in columns_to_organizations()}
    models -= {OrganizationMerge}
    return {
        model._meta.label: {
            row.pop("id"): {name: value for name, value in row.items() if name not in _RAISED}
            for row in model._base_manager.values()
        }
        for model in models | {Organization}
    }


@pytest.fixture
def survivor():
    return OrganizationFactory(name="Viện Cơ điện Nông nghiệp", status="claimed", address="")


@pytest.fixture
def duplicate():
    return OrganizationFactory(
        name="Viện Cơ điện NN và Công nghệ sau thu hoạch", status="claimed",
        tax_code="0100047516", address="102 Trường Chinh", field_codes=["401"],
    )  # fmt: skip


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def filled(duplicate, survivor):
    """Something of every room at the duplicate, and clashes with what the survivor has."""
    both = MembershipFactory(organization=duplicate, role="owner").user
    MembershipFactory(organization=survivor, user=both, role="viewer")
    MembershipFactory(organization=survivor)
    alone = MembershipFactory(organization=duplicate, role="contributor").user
    ResultFactory(organization=duplicate)
    TaskFactory(organization=duplicate)
    ProgrammeFactory(agency=duplicate)
    NeedFactory(organization=duplicate, contact=alone, published=True)
    OfferFactory(organization=duplicate, contact=alone)
    EquipmentFactory(organization=duplicate, contact=alone)
    DossierFactory(organization=duplicate)
    Interest.objects.create(organization=duplicate, name="Sấy", words="sấy lạnh")
    OutreachFactory(organization=duplicate)
    for organization in (duplicate, survivor):
        Person.objects.create(
            name="Trần Thị Thử", name_key="tran thi thu", name_folded="tran thi thu",
            organization=organization,
        )  # fmt: skip
    services.begin_verification(duplicate, by=both)
    return both


def test_every_foreign_key_to_organizations_is_known():
    missing = set(columns_to_organizations()) - merging.known_columns()
    assert missing == set(), (
        "Register these in the app's ready() with accounts.merging.register_organization_rows, or "
        "with register_derived where a stage writes them anew"
    )


def test_merge_reaches_every_app_and_undo_restores_exactly(duplicate, survivor, staff, filled):
    before = snapshot()
    preview = services.preview_merge(duplicate, survivor)
    assert {"tax_code", "address", "field_codes"} <= set(preview.filled)
    assert preview.members_of_both == 1

    merge = services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)

    # A namesake is there already: the stage of people follows by itself.
    stays = {"research.Person.organization", "accounts.OrganizationMerge.duplicate"}
    for name in set(columns_to_organizations()) - stays:
        label, _dot, column = name.rpartition(".")
        assert not apps.get_model(label)._base_manager.filter(**{column: duplicate}).exists(), name
    survivor.refresh_from_db()
    duplicate.refresh_from_db()
    assert (survivor.tax_code, survivor.address) == ("0100047516", "102 Trường Chinh")
    assert duplicate.is_hidden
    assert Membership.objects.get(user=filled).role == "owner"
    moved = sum(row.count for row in preview.rows)
    assert moved == 14

    services.undo_merge(merge, by=staff, reason="Hai viện khác nhau")

    after = snapshot()
    assert after == before
    assert AuditEntry.objects.filter(action__startswith="organization.merge").count() == 2
    with pytest.raises(InvalidTransition):
        services.undo_merge(merge, by=staff, reason="x")


def test_what_came_since_stays_with_the_survivor(duplicate, survivor, staff):
    merge = services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)
    since = ResultFactory(organization=survivor)
    services.update_organization(survivor, by=staff, website="https://moi.example.vn")
    Organization.objects.filter(pk=survivor.pk).update(address="Địa chỉ sửa sau")

    services.undo_merge(merge, by=staff, reason="nhầm")

    since.refresh_from_db()
    survivor.refresh_from_db()
    assert since.organization == survivor
    assert (survivor.address, survivor.tax_code) == ("Địa chỉ sửa sau", "")


def test_records_and_old_address_lead_to_the_one_that_stands(client, duplicate, survivor, staff):
    old = duplicate.get_absolute_url()
    services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)

    assert services.find_organization(duplicate.name) == survivor
    assert services.find_or_create_organization(duplicate.name) == survivor
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (302, survivor.get_absolute_url())
    filters = chosen_in(QueryDict(f"to-chuc={duplicate.public_id}"))
    assert filters == chosen_in(QueryDict(f"to-chuc={survivor.public_id}"))
    assert str(survivor.pk) in str(filters)


def test_consent_given_by_one_organization_is_not_stretched_to_the_other(
    duplicate, survivor, staff
):
    broker = OrganizationFactory(name="Trung tâm Môi giới", kind="intermediary")
    mandate = Mandate.objects.create(broker=broker, firm=duplicate)
    key = OrganizationKey.objects.create(
        organization=duplicate, name="x", prefix="x", secret_hash="h", scopes=[KeyScope.LISTINGS],
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=9),
    )  # fmt: skip
    assert OrganizationKey.objects.usable().exists()

    merge = services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)

    mandate.refresh_from_db()
    assert mandate.firm == duplicate
    assert not OrganizationKey.objects.usable().exists()
    services.undo_merge(merge, by=staff, reason="nhầm")
    assert OrganizationKey.objects.usable().get() == key


def test_merges_in_a_row_are_undone_from_the_last(duplicate, survivor, staff):
    third = OrganizationFactory(name="Viện Thứ Ba", status="claimed")
    result = ResultFactory(organization=duplicate)
    first = services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)
    second = services.merge_organizations(duplicate=survivor, survivor=third, by=staff)
    assert services.find_organization(duplicate.name) == third

    with pytest.raises(NotMergeable):
        services.undo_merge(first, by=staff, reason="nhầm")
    services.undo_merge(second, by=staff, reason="nhầm")
    services.undo_merge(first, by=staff, reason="nhầm")

    result.refresh_from_db()
    assert result.organization == duplicate
    assert services.find_organization(duplicate.name) == duplicate


def test_what_cannot_be_merged_is_said(duplicate, survivor, staff):
    verified = OrganizationFactory(name="Công ty Đã Xác Minh", address="Số 1")
    unsure = MembershipFactory(organization__status="claimed", organization__name="Công ty X")
    submitted(unsure.organization, unsure.user, name="Công ty X", tax_code="1801742453")

    for gone, kept in (
        (duplicate, duplicate),
        (verified, survivor),
        (unsure.organization, survivor),
    ):
        with pytest.raises(NotMergeable):
            services.merge_organizations(duplicate=gone, survivor=kept, by=staff)
    services.merge_organizations(duplicate=duplicate, survivor=verified, by=staff)
    verified.refresh_from_db()
    assert (verified.tax_code, verified.address) == ("", "Số 1")  # what was verified stands
    with pytest.raises(NotMergeable):
        services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)


def test_merge_killed_in_the_middle_has_done_nothing(
    duplicate, survivor, staff, filled, monkeypatch
):
    before = snapshot()
    with monkeypatch.context() as patch:
        patch.setattr(services.merges.notices, "tell_of_merge", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.merge_organizations(duplicate=duplicate, survivor=survivor, by=staff)

    assert snapshot() == before
    assert not OrganizationMerge.objects.exists()
