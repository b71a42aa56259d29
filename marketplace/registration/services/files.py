"""Files of a dossier, item by item. A file with faults is kept, so that its owner sees which they are."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.registration import rules
from marketplace.registration.checks import FileReport
from marketplace.registration.models import Dossier, DossierFile
from marketplace.registration.services.drafts import ensure_editable
from marketplace.registration.services.rows import locked


class TooManyFiles(DomainError):
    """The item takes no more files."""


def add_file(dossier: Dossier, *, item: str, report: FileReport, by: User) -> DossierFile:
    """Adds a checked file to an item. The same file again changes nothing; where an item takes one
    file, a new one replaces it.

    Raises:
        DomainError: the dossier has been filed, or has no such item.
        TooManyFiles: the item is full.
    """
    described = rules.item(item, dossier.ruled_on)
    if described is None or described.kind != "files":
        raise DomainError(_("Hồ sơ không có thành phần này."))
    checked = report.checked
    row = DossierFile(
        dossier=dossier,
        item=item,
        display_name=checked.display_name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=report.sha256,
        pages=report.pages,
        faults=list(report.faults),
        uploaded_by=by,
    )
    same = DossierFile.objects.filter(dossier=dossier, item=item, sha256=report.sha256).first()
    if same is not None:
        return same
    # The storage may be elsewhere: the file goes there before the transaction, the row within it.
    row.file.save(str(checked.content.name), checked.content, save=False)
    try:
        with transaction.atomic():
            _add(row, described.most)
    except (IntegrityError, DomainError):
        row.file.storage.delete(str(row.file.name))
        same = DossierFile.objects.filter(dossier=dossier, item=item, sha256=report.sha256).first()
        if same is None:
            raise
        return same
    return row


def _add(row: DossierFile, most: int) -> None:
    dossier = locked(row.dossier)
    ensure_editable(dossier)
    others = DossierFile.objects.filter(dossier=dossier, item=row.item)
    if most == 1:
        _drop(list(others))
    elif others.count() >= most:
        raise TooManyFiles(_("Tối đa %(most)d tệp cho thành phần này.") % {"most": most})
    row.save()
    Dossier.objects.filter(pk=dossier.pk).update(saved_at=clock.now())


@transaction.atomic
def remove_file(dossier: Dossier, *, key: str, by: User) -> bool:
    """Takes a file out of the dossier, and out of the storage; False where it is gone already."""
    row = locked(dossier)
    ensure_editable(row)
    files = list(DossierFile.objects.filter(dossier=row, key=key))
    _drop(files)
    return bool(files)


def _drop(files: list[DossierFile]) -> None:
    for file in files:
        storage, name = file.file.storage, str(file.file.name)
        file.delete()
        transaction.on_commit(partial(storage.delete, name))
