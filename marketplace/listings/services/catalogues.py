"""A catalogue becomes drafts: read first, made when its owner has looked, taken back as a whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.text import fold
from marketplace.core.uploads import CheckedFile
from marketplace.listings.catalogues.sheets import SheetRow, columns_of
from marketplace.listings.models import LISTING_MODELS, CatalogueRun, Listing
from marketplace.listings.paper_forms.steps import read_step
from marketplace.listings.services.drafts import add_files, create_draft, draft_of, save_draft
from marketplace.listings.services.rows import locked
from marketplace.listings.services.shown import withdraw
from marketplace.listings.wizard import STEPS


@transaction.atomic
def read_catalogue(
    kind: str, rows: Iterable[SheetRow], *, organization: Organization, by: User
) -> CatalogueRun:
    """Keeps what the sheet says, with the faults of each row; no draft is made yet."""
    known = {
        _spelt(title)
        for title in LISTING_MODELS[kind]
        .objects.filter(organization=organization, withdrawn_at=None)
        .values_list("draft_title", flat=True)
    }
    labels = {column.name: column.label for column in columns_of(kind)}
    blank = LISTING_MODELS[kind](organization=organization, contact=by)
    read = []
    for row in rows:
        title = row.written.get("title", "")
        faults = [[labels[name], words] for name, words in _faults(blank, row.written)]
        stops = ""
        if not title:
            stops = _("Chưa ghi tên.")
        elif _spelt(title) in known:
            stops = _("Tổ chức đã có tin tên này, hoặc tên này đứng hai lần trong danh mục.")
        known.add(_spelt(title))
        read.append(
            {
                "number": row.number, "title": title, "written": row.written, "files": row.files,
                "faults": faults, "stops": stops, "key": "", "undone": "",
            }
        )  # fmt: skip
    return CatalogueRun.objects.create(kind=kind, organization=organization, by=by, rows=read)


def _spelt(text: str) -> str:
    """A name whatever its capitals, marks and blanks."""
    return " ".join(fold(text).split())


def _faults(blank: Listing, written: Mapping[str, str]) -> list[tuple[str, str]]:
    """What of a row cannot be read, and what no list knows."""
    found: list[tuple[str, str]] = []
    for step in STEPS[blank.KIND]:
        texts = {name: text for name, text in written.items() if name in step.form.base_fields}
        if texts:
            read = read_step(blank, step, texts)
            found += read.faults
            found += [
                (name, _("Không có trong danh mục: %(words)s") % {"words": words})
                for name, words in read.notes
            ]
    return found


@transaction.atomic
def make_drafts(
    run: CatalogueRun,
    *,
    by: User,
    files: Mapping[str, tuple[CheckedFile, bool]] | None = None,
    exchange: Exchange | None = None,
) -> CatalogueRun:
    """A draft for each row that can be one. What cannot be read stays beside its field, as it was written.

    Args:
        run: one that was read and not made.
        by: whose drafts they are to look after.
        files: by name: the checked file, and whether it is a picture.
        exchange: on whose site they are made.

    Raises:
        InvalidTransition: the drafts are there already.
    """
    row = CatalogueRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if row.made_at is not None:
        raise InvalidTransition(_("Danh mục này đã thành bản nháp."))
    if not row.ready:
        raise DomainError(_("Không có dòng nào nhập được."))
    given = {_spelt(name): found for name, found in (files or {}).items()}
    rows = []
    for one in row.rows:
        made = one
        if not one["stops"]:
            listing = _draft(row, one, given, by=by, exchange=exchange)
            missing = [name for name in one["files"] if _spelt(name) not in given]
            lacks = [[_("Tệp"), _("Chưa có tệp %(name)s") % {"name": name}] for name in missing]
            made = one | {"key": listing.public_id, "faults": [*one["faults"], *lacks]}
        rows.append(made)
    row.rows, row.made_at = rows, clock.now()
    row.save(update_fields=["rows", "made_at"])
    audit.record(
        "catalogue.made", f"catalogue:{row.public_id}", by=by, kind=row.kind, drafts=len(row.made)
    )
    return row


def _draft(
    run: CatalogueRun,
    one: dict[str, Any],
    given: Mapping[str, tuple[CheckedFile, bool]],
    *,
    by: User,
    exchange: Exchange | None,
) -> Listing:
    listing = create_draft(
        run.kind, organization=run.organization, contact=by, by=by, exchange=exchange
    )
    for step in STEPS[run.kind]:
        texts = {n: text for n, text in one["written"].items() if n in step.form.base_fields}
        if texts:
            read = read_step(draft_of(locked(listing)), step, texts)
            save_draft(listing, changes=read.changes, unread=read.unread, step=step.slug, by=by)
    found = [given[_spelt(name)] for name in one["files"] if _spelt(name) in given]
    if found:
        add_files(
            listing,
            documents=[file for file, is_picture in found if not is_picture],
            pictures=[file for file, is_picture in found if is_picture],
            by=by,
        )
    return listing


@transaction.atomic
def undo_catalogue(run: CatalogueRun, *, by: User) -> CatalogueRun:
    """Withdraws the drafts of a run that nobody has handed in or changed since; says what came of each.

    Raises:
        InvalidTransition: it was not made, or was taken back already.
    """
    row = CatalogueRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if row.made_at is None or row.undone_at is not None:
        raise InvalidTransition(_("Lần nhập này không hoàn tác được nữa."))
    made_at = row.made_at
    rows = []
    for one in row.rows:
        undone = ""
        if one["key"]:
            listing = LISTING_MODELS[row.kind].objects.filter(public_id=one["key"]).first()
            undone = _take_back(listing, made_at, by=by)
        rows.append(one | {"undone": undone})
    row.rows, row.undone_at = rows, clock.now()
    row.save(update_fields=["rows", "undone_at"])
    audit.record("catalogue.undone", f"catalogue:{row.public_id}", by=by)
    return row


def _take_back(listing: Listing | None, made_at: Any, *, by: User) -> str:
    if listing is None or listing.withdrawn_at is not None:
        return _("Không còn bản nháp này")
    latest = listing.latest_revision
    if listing.submitted_at is not None or (latest is not None and latest.created_at > made_at):
        return _("Giữ lại: đã có người sửa hoặc gửi duyệt")
    withdraw(listing, by=by)
    return _("Đã rút")
