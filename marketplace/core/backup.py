"""One archive with everything that cannot be made again: the database, uploaded files, the secret key.

The database is copied by its own means (SQLite's backup, pg_dump), so a copy taken while people work is
whole, and an old copy can be restored and then migrated. The search index is not in it: it is built
anew. Files are read and written through the storages, wherever those keep them.

Layout of the tar: `database`, `secret-key`, `files/<storage>/<name>`, and at the end `manifest.json` with
the digest of every member. An archive without its manifest was cut off and is not restored.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import DomainError

FORMAT: Final = 1
STORAGES: Final = ("public", "private", "quarantine")
_DATABASE, _SECRET, _MANIFEST, _FILES = "database", "secret-key", "manifest.json", "files/"
_PIECE: Final = 1024 * 1024

Tell = Callable[[str], None]
_NEVER: Tell = lambda text: None  # noqa: E731


class BackupProblem(DomainError):
    """The archive cannot be written, or is not one that can be restored here."""


@dataclass(slots=True)
class Manifest:
    made_at: str
    vendor: str
    format: int = FORMAT
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> int:
        return sum(name.startswith(_FILES) for name in self.digests)


def write_backup(path: Path, *, tell: Tell = _NEVER) -> Manifest:
    """Writes the archive under another name first: the name asked for only ever holds a whole one.

    The database is copied before the files, so that every file it names is in the archive.
    """
    manifest = Manifest(made_at=clock.now().isoformat(), vendor=connection.vendor)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "wb") as raw,
            tarfile.open(fileobj=raw, mode="w:gz", compresslevel=5) as archive,
            tempfile.TemporaryDirectory(dir=path.parent) as scratch,
        ):
            tell(_("cơ sở dữ liệu"))
            copy = Path(scratch) / _DATABASE
            _copy_database(copy)
            with copy.open("rb") as opened:
                _add(archive, manifest, _DATABASE, opened, copy.stat().st_size)
            copy.unlink()
            if _secret_path().exists():
                secret = _secret_path().read_bytes()
                _add(archive, manifest, _SECRET, io.BytesIO(secret), len(secret))
            tell(_("tệp tải lên"))
            for alias in STORAGES:
                _add_storage(archive, manifest, alias)
            closing_page = json.dumps(
                {
                    "format": manifest.format,
                    "made_at": manifest.made_at,
                    "vendor": manifest.vendor,
                    "digests": manifest.digests,
                }
            ).encode()
            _add(archive, Manifest("", ""), _MANIFEST, io.BytesIO(closing_page), len(closing_page))
        draft.replace(path)
    except OSError as error:
        raise BackupProblem(
            _("Không ghi được bản sao lưu: %(reason)s") % {"reason": error.strerror or error}
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Reads the whole archive and compares every member with its digest; changes nothing."""
    digests: dict[str, str] = {}
    said: dict[str, Any] | None = None
    with _damage_told():
        for name, opened in _members(path):
            if name == _MANIFEST:
                said = json.loads(opened.read())
            else:
                digests[name] = _digest(opened)
    if said is None or said.get("digests") != digests or _DATABASE not in digests:
        raise BackupProblem(_("Bản sao lưu không trọn vẹn: thiếu hoặc sai nội dung."))
    if said["format"] != FORMAT:
        raise BackupProblem(_("Bản sao lưu thuộc một phiên bản khác của sàn."))
    if said["vendor"] != connection.vendor:
        raise BackupProblem(
            _("Bản sao lưu của %(theirs)s không phục hồi được vào %(ours)s.")
            % {"theirs": said["vendor"], "ours": connection.vendor}
        )
    return Manifest(said["made_at"], said["vendor"], said["format"], digests)


def restore_backup(path: Path, *, tell: Tell = _NEVER) -> Manifest:
    """Puts database, files and key back as they were. Nothing is touched unless all of it is sound."""
    tell(_("kiểm tra bản sao lưu"))
    manifest = read_manifest(path)
    with _damage_told(), tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        for name, opened in _members(path):
            if name == _DATABASE:
                tell(_("cơ sở dữ liệu"))
                copy = Path(scratch) / _DATABASE
                with copy.open("wb") as out:
                    shutil.copyfileobj(opened, out, _PIECE)
                _restore_database(copy)
                copy.unlink()
                tell(_("tệp tải lên"))
            elif name == _SECRET:
                _restore_secret(opened.read())
            elif name.startswith(_FILES):
                _restore_file(name, opened)
    return manifest


def has_data() -> bool:
    """Does the database hold anything that a restore would take away?"""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - the apps are loaded by now

    user = get_user_model()
    with connection.cursor() as cursor:
        if user._meta.db_table not in connection.introspection.table_names(cursor):
            return False
    return bool(user._base_manager.exists())


# --- the archive ------------------------------------------------------------------------------


class _Hashed:
    """A reader that takes the digest of what passes through it."""

    def __init__(self, opened: IO[bytes]) -> None:
        self.opened, self.digest = opened, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.opened.read(size)
        self.digest.update(piece)
        return piece


def _add(
    archive: tarfile.TarFile, manifest: Manifest, name: str, opened: IO[bytes], size: int
) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(clock.now().timestamp())
    hashed = _Hashed(opened)
    archive.addfile(info, hashed)
    manifest.digests[name] = hashed.digest.hexdigest()


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(path, mode="r|gz") as archive:
        for member in archive:
            opened = archive.extractfile(member)
            if opened is None:
                raise BackupProblem(_("Tệp này không phải bản sao lưu của sàn."))
            yield member.name, opened


@contextmanager
def _damage_told() -> Iterator[None]:
    """What reading a damaged archive raises, as one kind of problem."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise BackupProblem(_("Bản sao lưu bị hỏng hoặc bị cắt cụt.")) from error
    except OSError as error:
        raise BackupProblem(
            _("Không đọc được bản sao lưu: %(reason)s") % {"reason": error.strerror or error}
        ) from error


def _digest(opened: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := opened.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


# --- files ------------------------------------------------------------------------------------


def _add_storage(archive: tarfile.TarFile, manifest: Manifest, alias: str) -> None:
    storage = storages[alias]
    for name in _names(storage):
        try:
            with storage.open(name) as opened:
                _add(archive, manifest, f"{_FILES}{alias}/{name}", opened, opened.size)
        except FileNotFoundError:
            continue  # deleted between the list and here


def _names(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever uploaded
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from _names(storage, f"{folder}{name}/")


def _restore_file(member: str, opened: IO[bytes]) -> None:
    alias, _slash, name = member.removeprefix(_FILES).partition("/")
    if alias not in STORAGES or not name:
        raise BackupProblem(_("Tệp này không phải bản sao lưu của sàn."))
    storage = storages[alias]
    with tempfile.SpooledTemporaryFile(max_size=4 * _PIECE) as spooled:
        shutil.copyfileobj(opened, spooled, _PIECE)
        spooled.seek(0)
        if storage.exists(name):
            storage.delete(name)
        storage.save(name, File(spooled, name=name))


def _secret_path() -> Path:
    return Path(settings.DATA_DIR) / _SECRET


def _restore_secret(secret: bytes) -> None:
    """Signed links and the keyed hashes of the log stay good on the new machine."""
    path = _secret_path()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secret)
    draft.replace(path)


# --- databases --------------------------------------------------------------------------------


def _copy_database(copy: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
    else:
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")


def _restore_database(copy: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as origin:
            origin.backup(connection.connection)
    else:
        connection.close()
        _postgres(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
            "--single-transaction", "--exit-on-error", str(copy),
        )  # fmt: skip


def _postgres(command: str, *args: str) -> None:
    if shutil.which(command) is None:
        raise BackupProblem(
            _("Máy này không có %(command)s. Hãy cài gói postgresql-client.") % {"command": command}
        )
    here = connection.settings_dict
    given = {
        "PGHOST": here["HOST"],
        "PGPORT": str(here["PORT"] or ""),
        "PGUSER": here["USER"],
        "PGPASSWORD": here["PASSWORD"],
        "PGDATABASE": here["NAME"],
    }
    run = subprocess.run(  # noqa: S603 - our own arguments
        [command, *([f"--dbname={here['NAME']}"] if command == "pg_restore" else []), *args],
        env=os.environ | {name: value for name, value in given.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise BackupProblem(f"{command}: {run.stderr.strip()[-500:]}")
