"""One listing that speaks of two things: parts of it go into a draft of their own. Entry points authorize."""

from collections.abc import Collection
from typing import Any, Final

from django.db import models, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.listings.models import Listing, ListingSplit
from marketplace.listings.notices import LISTING_SPLIT
from marketplace.listings.services.drafts import create_draft, draft_of, save_draft
from marketplace.listings.services.rows import locked, posters, record, reread
from marketplace.notifications.services import notify

#: Rows of a listing, by the name of their relation.
ROWS: Final = ("specifications", "ip_rights", "accreditations", "attachments", "pictures")
#: Of them, files: each is of one listing alone.
FILES: Final = frozenset({"attachments", "pictures"})
#: Of the listing itself or of its place on the exchange: no part of what it says.
_NOT_PARTS: Final = frozenset({"title", "language", "valid_until"})


def parts_of(listing: Listing) -> list[str]:
    """Names of the fields that hold something and may go into either listing."""
    draft = draft_of(listing)
    kept = {*listing.KEPT_ACROSS_REVISIONS, *listing.UNVERSIONED_FIELDS, *_NOT_PARTS}
    return [
        field.name
        for field in listing._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and not isinstance(field, models.ForeignKey)
        and not {field.name, field.attname} & kept
        and field.name not in _WAGTAIL
        and getattr(draft, field.name) not in ("", None, [], {}, False)
    ]


#: Of Wagtail's mixins, and of the index.
_WAGTAIL: Final = frozenset(
    {
        "live", "has_unpublished_changes", "first_published_at", "last_published_at", "go_live_at",
        "expire_at", "expired", "locked", "locked_at", "content_version", "indexed_version",
        "matched_version", "alerted_version", "public_id",
    }
)  # fmt: skip


def row_id(name: str, row: Any, position: int) -> str:
    """Names a row in a form: rows of a draft have no number of their own yet."""
    return f"{name}:{getattr(row, 'key', '') or position}"


@transaction.atomic
def split_listing(
    listing: Listing,
    *,
    title: str,
    moved: Collection[str],
    copied: Collection[str],
    by: User,
    revision_id: int | None = None,
) -> Listing:
    """Makes a draft of the same kind and organisation of parts of a listing.

    Args:
        listing: what is split; its newest draft is read and written.
        title: of the new one.
        moved: names of fields, and of rows as `row_id` says them, that leave the old one.
        copied: those that both have. Files are in one of them only.
        by: of the staff, or of its people.
        revision_id: what was on the screen; StaleForm where there is a newer one.

    Raises:
        DomainError: no title, nothing goes, or all of it goes.
        Locked: somebody else holds it.
    """
    row = locked(listing)
    if row.withdrawn_at is not None:
        raise InvalidTransition(_("Tin này đã rút."))
    if revision_id is not None and revision_id != row.latest_revision_id:
        raise StaleForm(_("Tin vừa được sửa ở nơi khác. Xem lại bản mới rồi tách."))
    draft, title = draft_of(row), " ".join(title.split())[:250]
    fields = set(parts_of(row))
    rows = rows_of(draft)
    moving, copying = set(moved), set(copied) - set(moved)
    known = fields | rows.keys()
    if not title or not moving | copying:
        raise DomainError(_("Đặt tên cho tin mới và chọn ít nhất một phần chuyển sang."))
    if not (moving | copying) <= known:
        raise DomainError(_("Có phần không còn trong tin. Tải lại trang."))
    if any(name.partition(":")[0] in FILES for name in copying):
        raise DomainError(_("Một tệp chỉ ở một tin."))
    if fields <= moving:
        raise DomainError(_("Tin cũ phải giữ lại ít nhất một phần."))
    made = _made(row, draft, title, fields & (moving | copying), rows, moving | copying, by=by)
    left: dict[str, Any] = {name: _empty(row, name) for name in fields & moving}
    for relation in {one.partition(":")[0] for one in rows.keys() & moving}:
        left[relation] = [
            value
            for name, value in rows.items()
            if name.partition(":")[0] == relation and name not in moving
        ]
    if left:
        save_draft(row, changes=left, by=by)
    split = ListingSplit.objects.create(
        kind=row.KIND,
        key=row.public_id,
        made_key=made.public_id,
        parts={"moved": sorted(known & moving), "copied": sorted(known & copying)},
        by=by,
    )
    record("split", row, by, into=made.public_id, **split.parts)
    _tell(row, made, by=by)
    return reread(made)


def rows_of(draft: Listing) -> dict[str, Any]:
    return {
        row_id(name, value, position): value
        for name in ROWS
        if hasattr(draft, name)
        for position, value in enumerate(getattr(draft, name).all())
    }


def _made(
    row: Listing,
    draft: Listing,
    title: str,
    fields: set[str],
    rows: dict[str, Any],
    chosen: set[str],
    *,
    by: User,
) -> Listing:
    broker = {"broker": row.found_by} if getattr(row, "found_by", None) else {}
    made = create_draft(
        row.KIND,
        organization=row.organization,
        contact=row.contact,
        text=title[:120],
        language=draft.language,
        by=by,
        exchange=row.exchange,
        **broker,
    )
    changes: dict[str, Any] = {"title": title} | {name: getattr(draft, name) for name in fields}
    for name, value in rows.items():
        if name in chosen:
            relation = name.partition(":")[0]
            changes.setdefault(relation, []).append(_twin(value, len(changes.get(relation, []))))
    save_draft(made, changes=changes, by=by)
    return made


def _twin(row: Any, position: int) -> Any:
    values = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name != "listing"
    }
    return type(row)(**values | {"sort_order": position})


def _empty(row: Listing, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    return None if field.null else field.get_default()


def _tell(row: Listing, made: Listing, *, by: User) -> None:
    for person in posters(row, None):
        if person.pk == by.pk:
            continue
        notify(
            kind=LISTING_SPLIT,
            recipient=person,
            dedupe_key=f"{LISTING_SPLIT}:{made.public_id}",
            context={"title": row.draft_title or row.title, "made": made.draft_title},
            url=made.owner_url,
        )
