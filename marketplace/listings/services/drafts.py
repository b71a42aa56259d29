"""Drafts: begun, saved at every step, never lost, never seen by readers."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core import clock
from marketplace.core.errors import DomainError, StaleForm
from marketplace.core.text import fold, unturned
from marketplace.core.uploads import CheckedFile
from marketplace.listings.models import LISTING_MODELS, Listing, searched_titles
from marketplace.listings.services.rows import locked, record

#: Saves of one sitting are one revision, or staff would page through hundreds of autosaves.
ONE_SITTING = timedelta(minutes=30)
MOST_ATTACHMENTS = 12
MOST_PICTURES = 8


class Locked(DomainError):
    """Staff hold the listing, or it is under review: the owner cannot change it now."""


@transaction.atomic
def create_draft(
    kind: str,
    *,
    organization: Organization,
    contact: User | None,
    text: str = "",
    language: str = "vi",
    by: User | None = None,
    broker: Organization | None = None,
    exchange: Exchange | None = None,
) -> Listing:
    """An empty draft, or one that begins with the words somebody searched for.

    Args:
        kind: of listing.
        organization: whose it is.
        contact: who of the organisation looks after it; None where it has nobody on the exchange yet.
        text: the first words.
        language: it is written in.
        by: who begins it, where that is not the contact.
        broker: who found a need and posts it for the organisation; the caller has made sure that
            the organisation lets them.
        exchange: on whose site it is begun; where it is begun on none, the default one.
    """
    model = LISTING_MODELS[kind]
    listing = model(
        exchange=exchange or Exchange.default(),
        organization=organization,
        contact=contact,
        live=False,
        language=language if language in ("vi", "en") else "vi",
        **({"found_by": broker} if broker else {}),
    )
    listing.save()
    words = " ".join(text.split())
    if words:
        short = len(words) <= 120
        listing.title = words if short else ""
        if not short:
            setattr(listing, model.BEGUN_TEXT, text.strip()[:6000])
    listing.draft_title = listing.title
    model.objects.filter(pk=listing.pk).update(
        draft_title=listing.draft_title, title_folded=fold(listing.title)
    )
    listing.save_revision(user=by or contact, clean=False)
    credit = {"broker": broker.public_id} if broker else {}
    record("draft_created", listing, by or contact, **credit)
    return listing


def draft_of(listing: Listing) -> Listing:
    """The listing as its owner last left it; what is live where nothing is unpublished."""
    return listing.get_latest_revision_as_object()


def fingerprint(draft: Listing, names: Iterable[str]) -> str:
    """What the fields and rows `names` hold, in short: a form carries it to notice a change."""
    data = draft.serializable_data()
    held = {name: _comparable(data.get(name)) for name in names}
    packed = json.dumps(held, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()[:20]


def _comparable(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{k: v for k, v in row.items() if k not in ("pk", "listing")} for row in value]
    return value


def ensure_editable(listing: Listing, *, by: User) -> None:
    """Honours withdrawal and Wagtail's locks, which Wagtail itself checks in its own views only."""
    if listing.withdrawn_at is not None:
        raise Locked(_("Tin này đã rút. Khôi phục thành bản nháp trước khi sửa."))
    lock = listing.get_lock()
    if lock is None or not lock.for_user(by):
        return
    if listing.locked:
        raise Locked(_("Cán bộ sàn đang khóa tin này để xử lý. Nội dung bạn gõ chưa được lưu."))
    raise Locked(_("Tin này đang chờ duyệt. Rút về để sửa, hoặc chờ kết quả duyệt."))


def _storable(typed: Any) -> Any:
    """As it was typed, without NUL, of which PostgreSQL keeps none, and without signs that turn letters
    around: nobody typed one to see it again."""
    if isinstance(typed, str):
        return unturned(typed.replace("\0", ""))
    if isinstance(typed, dict):
        return {name: _storable(value) for name, value in typed.items()}
    return [_storable(value) for value in typed] if isinstance(typed, list) else typed


@transaction.atomic
def save_draft(
    listing: Listing,
    *,
    changes: Mapping[str, Any],
    by: User,
    unread: Mapping[str, Any] | None = None,
    step: str = "",
    watched: Iterable[str] = (),
    seen: str = "",
    session: str = "",
    keystroke: int = 0,
) -> Listing:
    """Saves `changes` (fields, and rows as lists of child objects) as a revision of the draft.

    Args:
        listing: the row; it is read again under a lock.
        changes: new values by name. Other fields stay as the newest draft has them.
        by: who saves. Their saves within one sitting overwrite one revision.
        unread: what was typed into `step` and cannot be read yet; kept to be shown again.
        step: the step of the form; its former `unread` is replaced.
        watched: the names the form shows; those of `changes` where none are given.
        seen: their `fingerprint` when the form was opened; StaleForm where another form has changed
            them since. An empty one is not checked.
        session: the open form. Its own earlier saves are no change by somebody else.
        keystroke: how far the form was when it sent this; what was sent earlier and arrives later
            is left aside.
    """
    row = locked(listing)
    ensure_editable(row, by=by)
    draft = draft_of(row)
    before = fingerprint(draft, changes)
    current = fingerprint(draft, watched) if watched else before
    last_session, last_keystroke = row.draft_sessions.get(step, ("", 0))
    mine = bool(session) and last_session == session
    if mine and keystroke < last_keystroke:
        return draft
    if seen and seen != current and not mine:
        raise StaleForm(
            _(
                "Bản nháp đã được sửa ở nơi khác sau khi bạn mở trang này. Nội dung bạn gõ còn nguyên bên dưới."
            )
        )
    for name, value in changes.items():
        setattr(draft, name, value)
    inputs = {key: value for key, value in row.draft_inputs.items() if key != step}
    if unread:
        inputs[step] = _storable(dict(unread))
    sessions = row.draft_sessions | ({step: [session, keystroke]} if step else {})
    changed = fingerprint(draft, changes) != before
    draft.draft_title, draft.draft_inputs, draft.draft_sessions = draft.title, inputs, sessions
    type(row).objects.filter(pk=row.pk).update(
        draft_title=draft.title[:250],
        title_folded=searched_titles(row.title, draft.title[:250]),
        draft_inputs=inputs,
        draft_sessions=sessions,
    )
    if changed or row.latest_revision_id is None:
        # Constraints bind live rows only: the draft of a live listing may have no title for now.
        draft.save_revision(user=by, clean=False, overwrite_revision=_same_sitting(row, by))
    return draft


def _same_sitting(row: Listing, by: User) -> Any:
    """The latest revision where it is this person's own, recent, and seen by nobody else yet."""
    latest = row.latest_revision
    if (
        latest is None
        or latest.user_id != by.pk
        or latest.pk == row.live_revision_id
        or not row.has_unpublished_changes
        or clock.now() - latest.created_at > ONE_SITTING
        or latest.task_states.exists()
    ):
        return None
    return latest


@transaction.atomic
def add_files(
    listing: Listing,
    *,
    documents: Iterable[CheckedFile] = (),
    pictures: Iterable[CheckedFile] = (),
    by: User,
    confidential: bool = False,
    evidence: bool = False,
) -> Listing:
    """Adds checked files to the draft. The files themselves lie in their storages from now on."""
    row = locked(listing)
    ensure_editable(row, by=by)
    draft = draft_of(row)
    attachments, images = list(draft.attachments.all()), list(draft.pictures.all())
    for checked in documents:
        if len(attachments) >= MOST_ATTACHMENTS:
            raise DomainError(
                _("Tối đa %(most)d tài liệu cho một tin.") % {"most": MOST_ATTACHMENTS}
            )
        attachment = draft.attachments.model(
            display_name=checked.display_name,
            content_type=checked.content_type,
            size=checked.size,
            is_confidential=confidential,
            is_right_evidence=evidence,
            sort_order=len(attachments),
        )
        attachment.file.save(checked.content.name, checked.content, save=False)
        attachments.append(attachment)
    for checked in pictures:
        if len(images) >= MOST_PICTURES:
            raise DomainError(_("Tối đa %(most)d ảnh cho một tin.") % {"most": MOST_PICTURES})
        picture = draft.pictures.model(sort_order=len(images))
        picture.image.save(checked.content.name, checked.content, save=False)
        images.append(picture)
    return save_draft(row, changes={"attachments": attachments, "pictures": images}, by=by)
