import pytest

from marketplace.core import audit
from marketplace.core.models import AuditEntry
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def lines(count):
    for number in range(count):
        audit.record("need.published", f"need:{number}", by="tests", number=number, name="Sấy xoài")


def tamper(sequence, **changes):
    AuditEntry._base_manager.filter(sequence=sequence).update(**changes)


def test_chain_grows_batch_by_batch_and_holds():
    lines(3)
    assert audit.seal_batch(limit=2) == 2
    lines(1)
    assert audit.seal_batch() == 2
    assert audit.seal_batch() == 0
    assert list(AuditEntry.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]
    assert audit.first_broken_seal() is None


@pytest.mark.parametrize(
    "changes",
    [{"subject": "need:9"}, {"data": {}}, {"actor": ""}, {"action": "x"}, {"seal": "0" * 64}],
)
def test_changed_line_breaks_the_chain_there(changes):
    lines(4)
    audit.seal_batch()
    tamper(3, **changes)
    assert audit.first_broken_seal() == 3


def test_removed_line_breaks_the_chain():
    lines(4)
    audit.seal_batch()
    AuditEntry._base_manager.filter(sequence=2).delete()
    assert audit.first_broken_seal() == 2


def test_lines_are_only_ever_added():
    lines(1)
    row = AuditEntry.objects.get()
    for attempt in (
        row.save, row.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(action="x")
    ):  # fmt: skip
        with pytest.raises(TypeError):
            attempt()
    assert AuditEntry.objects.get().action == "need.published"


def test_person_enters_as_a_keyed_hash_that_names_nobody(settings):
    user, other = UserFactory(), UserFactory()
    code = audit.actor_code(user)
    assert code == audit.actor_code(user) != audit.actor_code(other)
    assert str(user.pk) != code
    assert user.email not in code
    settings.SECRET_KEY = "another"
    assert audit.actor_code(user) != code


@pytest.mark.parametrize(("by", "code"), [(None, ""), ("", ""), ("matching", "matching")])
def test_actor_that_is_no_person(by, code):
    assert audit.actor_code(by) == code


def test_erasing_the_person_leaves_the_chain_whole():
    user = UserFactory()
    audit.record("need.published", "need:1", by=user)
    audit.seal_batch()
    user.delete()
    assert audit.first_broken_seal() is None


@pytest.mark.kill
def test_sealing_killed_in_the_middle_seals_all_or_nothing(other_process):
    process = other_process(
        """
        import time
        from marketplace.core import audit
        for number in range(3):
            audit.record("x", str(number))
        seal_of = audit.seal_of

        def slow(entry, sequence, previous):
            if sequence == 2:
                print("sealing", flush=True)
                time.sleep(60)
            return seal_of(entry, sequence, previous)

        audit.seal_of = slow
        audit.seal_batch()
        """
    )
    process.wait_for("sealing")
    process.kill()
    assert not AuditEntry.objects.exclude(sequence=None).exists()
    assert audit.seal_batch() == 3
    assert audit.first_broken_seal() is None
