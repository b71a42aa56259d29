import re
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from marketplace.core import audit, clock
from marketplace.core.audit import guard
from marketplace.core.audit.archiving import archive_batch
from marketplace.core.audit.checking import check_chain, first_broken_seal
from marketplace.core.models import AuditArchive, AuditEntry
from marketplace.core.storage import private_storage
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
    assert first_broken_seal() is None


@pytest.mark.parametrize(
    "changes",
    [{"subject": "need:9"}, {"data": {}}, {"actor": ""}, {"action": "x"}, {"seal": "0" * 64}],
)
def test_changed_line_breaks_the_chain_there(changes):
    lines(4)
    audit.seal_batch()
    tamper(3, **changes)
    assert first_broken_seal() == 3


def test_removed_line_breaks_the_chain():
    lines(4)
    audit.seal_batch()
    AuditEntry._base_manager.filter(sequence=2).delete()
    assert first_broken_seal() == 2


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


def test_a_new_key_names_itself_and_the_old_one_still_finds_the_person(settings):
    user = UserFactory()
    settings.AUDIT_KEYS = {"2026": "first"}
    old = audit.actor_code(user)
    settings.AUDIT_KEYS = {"2027": "second", "2026": "first"}
    new = audit.actor_code(user)
    assert new.startswith("2027:")
    assert old.startswith("2026:")
    assert {old, new} < set(audit.actor_codes(user))


@pytest.mark.parametrize(("by", "code"), [(None, ""), ("", ""), ("matching", "matching")])
def test_actor_that_is_no_person(by, code):
    assert audit.actor_code(by) == code


def test_erasing_the_person_leaves_the_chain_whole():
    user = UserFactory()
    audit.record("need.published", "need:1", by=user)
    audit.seal_batch()
    user.delete()
    assert first_broken_seal() is None


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
    assert first_broken_seal() is None


# --- the database's own guard -------------------------------------------------------------------


@pytest.fixture
def guarded(db):
    guard.install(connection)


def test_database_refuses_to_change_or_remove_a_line(guarded):
    lines(2)
    audit.seal_batch()
    lines(1)
    rows = AuditEntry._base_manager
    acts = [
        lambda: rows.filter(sequence=1).update(subject="need:9"),
        lambda: rows.filter(sequence=1).update(seal="0" * 64),
        lambda: rows.filter(sequence=None).update(action="x"),
        lambda: rows.filter(sequence=None).update(sequence=9, seal="x", action="x"),
        lambda: rows.all()._raw_delete("default"),
        lambda: rows.filter(sequence=None)._raw_delete("default"),
    ]
    before = list(AuditEntry.objects.values())
    for act in acts:
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            act()
    assert list(AuditEntry.objects.values()) == before
    assert audit.seal_batch() == 1
    assert check_chain().lines == 3


@pytest.mark.postgres
def test_database_refuses_to_empty_the_log(guarded):
    refused = pytest.raises(DatabaseError, match="only ever added")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_auditentry")


# --- years in files -----------------------------------------------------------------------------


def year_of_lines(year, count):
    with clock.frozen_at(datetime(year, 6, 1, tzinfo=clock.VIETNAM)):
        lines(count)
        audit.seal_batch()


@pytest.fixture
def archived(guarded, media):
    """Two years in files, one at hand."""
    for year, count in ((2023, 3), (2024, 2), (2026, 2)):
        year_of_lines(year, count)
    with clock.frozen_at(datetime(2026, 7, 1, tzinfo=clock.VIETNAM)):
        while archive_batch():
            pass
    return list(AuditArchive.objects.order_by("year"))


def test_years_that_are_over_leave_the_database_and_the_chain_goes_on(archived):
    assert [(a.year, a.first_sequence, a.last_sequence) for a in archived] == [
        (2023, 1, 3),
        (2024, 4, 5),
    ]
    assert list(AuditEntry.objects.values_list("sequence", flat=True)) == [6, 7]
    assert (check_chain().lines, check_chain(with_archives=True).lines) == (2, 7)
    lines(1)
    audit.seal_batch()
    assert audit.head()[0] == 8
    assert check_chain(with_archives=True).holds


def test_chain_goes_on_from_the_archive_where_no_line_is_at_hand(guarded, media):
    year_of_lines(2023, 2)
    with clock.frozen_at(datetime(2026, 7, 1, tzinfo=clock.VIETNAM)):
        while archive_batch():
            pass
    lines(1)
    audit.seal_batch()
    assert AuditEntry.objects.get().sequence == 3
    assert check_chain(with_archives=True).lines == 3


@pytest.mark.parametrize("act", ["change", "remove"])
def test_changed_or_missing_file_breaks_the_chain_there(archived, act):
    name = archived[1].file
    path = private_storage().path(name)
    if act == "remove":
        private_storage().delete(name)
    else:
        with open(path, "r+b") as file:
            file.seek(20)
            file.write(b"x")
    found = check_chain(with_archives=True)
    assert (found.broken_at, found.broken_file) == (4, name)
    assert check_chain().holds


def test_archive_stays_until_its_ten_years_are_over(archived):
    assert archived[0].keep_until == date(2033, 12, 31)
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        archived[0].delete()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        AuditArchive.objects.update(keep_until=date(2020, 1, 1))
    with clock.frozen_at(datetime(2026, 7, 1, tzinfo=clock.VIETNAM)):
        assert archive_batch() == 0


def test_archive_older_than_ten_years_goes_and_the_rest_holds(guarded, media):
    for year, count in ((2012, 2), (2014, 2), (2025, 1)):
        year_of_lines(year, count)
    with clock.frozen_at(datetime(2025, 7, 1, tzinfo=clock.VIETNAM)):
        while archive_batch():
            pass
    left = AuditArchive.objects.get()
    assert left.year == 2014
    assert check_chain(with_archives=True).lines == 3


@pytest.mark.kill
def test_archiving_killed_before_lines_are_removed_goes_on(guarded, media, monkeypatch):
    year_of_lines(2023, 3)
    with clock.frozen_at(datetime(2026, 7, 1, tzinfo=clock.VIETNAM)):
        assert archive_batch() == 1
        # Killed here: the file and its row are there, the lines too.
        assert AuditEntry.objects.count() == 3
        while archive_batch():
            pass
    assert AuditArchive.objects.count() == 1
    assert not AuditEntry.objects.exists()
    assert check_chain(with_archives=True).lines == 3


# --- the command --------------------------------------------------------------------------------


def run(*arguments):
    out, error = StringIO(), StringIO()
    call_command("audit", *arguments, stdout=out, stderr=error)
    return out.getvalue(), error.getvalue()


def test_command_checks_and_holds_the_log_to_an_earlier_check(guarded):
    lines(3)
    audit.seal_batch()
    out, error = run("check")
    head = re.search(r"(3:[0-9a-f]{64})", out)[1]
    assert "3 dòng" in out
    assert error == ""
    lines(1)
    audit.seal_batch()
    run("check", "--expect", head)

    guard.remove(connection)
    # Somebody with the database makes the whole chain anew, without the second line.
    AuditEntry._base_manager.filter(sequence=2).delete()
    AuditEntry._base_manager.update(sequence=None, seal="")
    audit.seal_batch()
    assert "migrate" in run("check")[1]
    with pytest.raises(CommandError, match="dòng 3"):
        run("check", "--expect", head)


def test_command_says_where_the_chain_breaks(db):
    lines(3)
    audit.seal_batch()
    tamper(2, subject="need:9")
    with pytest.raises(CommandError, match="dòng 2"):
        run("check", "--archives")


def test_command_exports_every_line_as_it_was_sealed(archived):
    texts = run("export")[0].splitlines()
    assert len(texts) == 7
    assert "Sấy xoài" in texts[0]
    assert len(run("export", "--year", "2024")[0].splitlines()) == 2


@pytest.mark.postgres
def test_writers_and_the_sealing_tick_do_not_wait_for_one_another(other_process):
    writer = """
        from marketplace.core import audit
        for number in range(100):
            audit.record("x", f"w:{number}")
        print("done", flush=True)
        """
    processes = [other_process(writer) for _each in range(3)]
    sealed = 0
    while sealed < 300:
        sealed += audit.seal_batch(limit=40)
    for process in processes:
        process.wait_for("done")
    assert check_chain().lines == 300
