"""Backup and restore: what comes back is what was there, and a bad archive touches nothing."""

import io
import tarfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connections

from marketplace.core import backup
from marketplace.core.backup import BackupProblem, read_manifest, restore_backup, write_backup
from marketplace.core.models import AuditEntry, IdempotencyKey
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "ab/0123456789abcdef0123456789abcdef.pdf"


@pytest.fixture
def exchange(settings, tmp_path, media):
    """An exchange with rows, files and a key of its own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "secret-key").write_text("bí mật")
    result = ResultFactory(title="Máy sấy ở 45 °C 🙂")
    for alias in ("public", "private", "quarantine"):
        storages[alias].save(NAME, ContentFile(f"tệp {alias}".encode()))
    return result


@pytest.fixture
def archive(exchange, tmp_path):
    path = tmp_path / "sao lưu.tar.gz"
    write_backup(path)
    return path


def test_everything_comes_back(exchange, archive, settings):
    exchange.title = "Đã đổi"
    exchange.save()
    OrganizationFactory.create_batch(3)
    storages["private"].delete(NAME)
    storages["public"].delete(NAME)
    storages["public"].save(NAME, ContentFile(b"khac"))
    (settings.DATA_DIR / "secret-key").write_text("khác")

    manifest = restore_backup(archive)

    exchange.refresh_from_db()
    assert (exchange.title, exchange.content_version) == ("Máy sấy ở 45 °C 🙂", 1)
    assert type(exchange.organization).objects.count() == 1
    for alias in ("public", "private", "quarantine"):
        assert storages[alias].open(NAME).read() == f"tệp {alias}".encode()
    assert (settings.DATA_DIR / "secret-key").read_text() == "bí mật"
    assert manifest.files == 3
    # Keys go on from where they were.
    assert OrganizationFactory().pk > exchange.organization.pk


def test_archive_is_for_its_owner_only(archive):
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in archive.parent.glob(".*")] == []


def test_damaged_archive_touches_nothing(exchange, archive):
    whole = archive.read_bytes()
    exchange.title = "Nay"
    exchange.save()
    storages["public"].delete(NAME)

    for bad in (
        whole[:-200],
        whole[: len(whole) // 2],
        b"khong phai",
        whole[:500] + b"x" + whole[501:],
    ):
        archive.write_bytes(bad)
        with pytest.raises(BackupProblem):
            restore_backup(archive)

    exchange.refresh_from_db()
    assert exchange.title == "Nay"
    assert not storages["public"].exists(NAME)


def test_archive_with_an_altered_file_is_refused(archive, tmp_path):
    altered = tmp_path / "altered.tar.gz"
    with tarfile.open(archive) as old, tarfile.open(altered, "w:gz") as new:
        for member in old:
            data = old.extractfile(member).read()
            if member.name.startswith("files/public"):
                data = b"x" * len(data)
            new.addfile(member, io.BytesIO(data))

    with pytest.raises(BackupProblem, match="không trọn vẹn"):
        read_manifest(altered)


def test_archive_of_another_database_is_refused(archive, monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "oracle")

    with pytest.raises(BackupProblem, match="oracle"):
        read_manifest(archive)


def test_restore_over_data_asks_for_force(archive):
    UserFactory()

    with pytest.raises(CommandError, match="--force"):
        call_command("restore", str(archive))


def test_backup_does_not_replace_a_file_unasked(archive):
    before = archive.read_bytes()

    with pytest.raises(CommandError):
        call_command("backup", str(archive))
    assert archive.read_bytes() == before
    call_command("backup", str(archive), overwrite=True, stdout=io.StringIO(), stderr=io.StringIO())


def test_backup_that_fails_leaves_no_file(exchange, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_add_storage", full)

    with pytest.raises(BackupProblem, match="No space"):
        write_backup(tmp_path / "x.tar.gz")

    assert not (tmp_path / "x.tar.gz").exists()
    assert not list(tmp_path.glob(".x*"))


def test_backup_is_whole_while_others_write(exchange, tmp_path, other_process):
    process = other_process(
        """
        from marketplace.core import audit
        from marketplace.core.models import IdempotencyKey
        from django.db import transaction
        for n in range(10_000):
            with transaction.atomic():
                audit.record("test", str(n))
                IdempotencyKey.objects.create(key=str(n), path="/")
            if n == 20:
                print("writing", flush=True)
        """
    )
    process.wait_for("writing")
    write_backup(tmp_path / "busy.tar.gz")
    process.kill()

    restore_backup(tmp_path / "busy.tar.gz")

    # Two rows of one transaction: a copy that is whole has both or neither.
    assert AuditEntry.objects.filter(action="test").count() == IdempotencyKey.objects.count() > 20
