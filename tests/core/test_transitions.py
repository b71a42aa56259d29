import threading

import pytest
from django.db import connection

from marketplace.accounts.models import Exchange, Organization, OrganizationStatus
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import transition
from tests.factories.accounts import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
UNCLAIMED, CLAIMED, VERIFIED = (
    OrganizationStatus.UNCLAIMED, OrganizationStatus.CLAIMED, OrganizationStatus.VERIFIED
)  # fmt: skip
TABLE = {UNCLAIMED: frozenset({CLAIMED}), CLAIMED: frozenset({VERIFIED})}


def move(row, to, by="tests"):
    transition(row, to, table=TABLE, by=by, field="status", reason="r")


def test_allowed_transition_moves_logs_and_raises_the_version():
    row, user = OrganizationFactory(status=UNCLAIMED), UserFactory()
    move(row, CLAIMED, by=user)
    assert row.status == Organization.objects.get(pk=row.pk).status == CLAIMED
    assert row.content_version == 2
    line = AuditEntry.objects.get()
    assert (line.action, line.subject) == (
        "status.claimed",
        f"accounts.organization:{row.public_id}",
    )
    assert line.data == {"before": "unclaimed", "reason": "r"}


@pytest.mark.parametrize(
    ("state", "to"), [(UNCLAIMED, VERIFIED), (VERIFIED, CLAIMED), (CLAIMED, CLAIMED), (CLAIMED, "")]
)
def test_transition_that_is_not_in_the_table_changes_nothing(state, to):
    row = OrganizationFactory(status=state)
    with pytest.raises(InvalidTransition) as refused:
        move(row, to)
    assert isinstance(refused.value, DomainError)
    assert str(refused.value.message)
    assert Organization.objects.get(pk=row.pk).status == row.status == state
    assert not AuditEntry.objects.exists()


def test_object_that_was_read_before_somebody_else_moved_it_is_refused():
    row = OrganizationFactory(status=UNCLAIMED)
    stale = Organization.objects.get(pk=row.pk)
    move(row, CLAIMED)
    with pytest.raises(InvalidTransition):
        move(stale, CLAIMED)
    assert AuditEntry.objects.count() == 1


def test_deleted_row_is_refused():
    row = OrganizationFactory(status=UNCLAIMED)
    Organization.objects.filter(pk=row.pk).delete()
    with pytest.raises(InvalidTransition):
        move(row, CLAIMED)


def test_row_without_stages_moves_too():
    row = Exchange.default()
    transition(row, "b", table={row.slug: frozenset({"b"})}, by="", field="slug")
    assert Exchange.objects.get(pk=row.pk).slug == "b"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_moves_the_row():
    row, start, refused = OrganizationFactory(status=UNCLAIMED), threading.Barrier(5), []

    def attempt():
        mine = Organization.objects.get(pk=row.pk)
        start.wait()
        try:
            move(mine, CLAIMED)
        except InvalidTransition:
            refused.append(True)
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 4
    assert AuditEntry.objects.count() == 1
