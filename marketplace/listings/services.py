"""What can be done with a listing. Entry points authorize; these functions hold the rules.

Editing never touches what readers see: it saves a revision, and only the last approval of the
workflow publishes one. Withdrawing and expiring take down at once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import Exchange, Membership, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.core.ticks import kick
from marketplace.core.uploads import CheckedFile
from marketplace.listings.completeness import Gap, gaps
from marketplace.listings.models import (
    LISTING_MODELS,
    DailyViews,
    Listing,
    NumberCounter,
    ReturnReason,
    ReviewDecision,
)
from marketplace.listings.notices import EXPIRED, NOTICE_OF_DECISION
from marketplace.notifications.services import notify, retire_notices

#: A listing without an end of its own is shown this long, then its owner is asked again.
USUAL_VALIDITY = timedelta(days=365)
LONGEST_VALIDITY = timedelta(days=366)
#: Saves of one sitting are one revision, or staff would page through hundreds of autosaves.
ONE_SITTING = timedelta(minutes=30)
MOST_ATTACHMENTS = 12
MOST_PICTURES = 8


class Locked(DomainError):
    """Staff hold the listing, or it is under review: the owner cannot change it now."""


class Incomplete(DomainError):
    """The submission lacks something; `gaps` lists what, in the order of the form."""

    def __init__(self, missing: list[Gap]) -> None:
        super().__init__(gettext_lazy("Chưa gửi duyệt được: còn thiếu thông tin."))
        self.gaps = missing


# --- drafts -------------------------------------------------------------------------------------


@transaction.atomic
def create_draft(
    kind: str, *, organization: Organization, contact: User, text: str = "", language: str = "vi"
) -> Listing:
    """An empty draft, or one that begins with the words somebody searched for."""
    model = LISTING_MODELS[kind]
    listing = model(
        exchange=Exchange.default(),
        organization=organization,
        contact=contact,
        live=False,
        language=language if language in ("vi", "en") else "vi",
    )
    listing.save()
    words = " ".join(text.split())
    if words:
        short = len(words) <= 120
        listing.title = words if short else ""
        if not short:
            listing.problem = text.strip()[:6000]
    listing.draft_title = listing.title
    model.objects.filter(pk=listing.pk).update(draft_title=listing.draft_title)
    listing.save_revision(user=contact, clean=False)
    _record("draft_created", listing, contact)
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
    row = _locked(listing)
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
        inputs[step] = unread
    sessions = row.draft_sessions | ({step: [session, keystroke]} if step else {})
    changed = fingerprint(draft, changes) != before
    draft.draft_title, draft.draft_inputs, draft.draft_sessions = draft.title, inputs, sessions
    type(row).objects.filter(pk=row.pk).update(
        draft_title=draft.title[:250], draft_inputs=inputs, draft_sessions=sessions
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
    row = _locked(listing)
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


# --- review -------------------------------------------------------------------------------------


@transaction.atomic
def submit(listing: Listing, *, by: User, revision_id: int | None = None) -> Listing:
    """Hands the draft to the staff: starts the workflow, or goes on where changes were asked.

    Args:
        listing: the row.
        by: who submits.
        revision_id: the revision the submitter looked at; StaleForm where there is a newer one.
    """
    row = _locked(listing)
    if row.withdrawn_at is not None:
        raise InvalidTransition(_("Tin này đã rút. Khôi phục thành bản nháp trước khi gửi."))
    workflow_state = row.current_workflow_state
    returned = (
        workflow_state is not None and workflow_state.status == workflow_state.STATUS_NEEDS_CHANGES
    )
    if workflow_state is not None and not returned:
        raise InvalidTransition(_("Tin này đã được gửi duyệt."))
    ensure_editable(row, by=by)
    if revision_id is not None and revision_id != row.latest_revision_id:
        raise StaleForm(_("Bản nháp vừa được sửa ở nơi khác. Xem lại bản mới rồi gửi."))
    if row.live and not row.has_unpublished_changes:
        raise InvalidTransition(_("Không có thay đổi nào để gửi duyệt."))
    draft = draft_of(row)
    missing = gaps(draft) + _unread_gaps(row)
    if missing:
        raise Incomplete(missing)
    if draft.valid_until is None:
        end = getattr(draft, "deadline", None) or clock.today() + USUAL_VALIDITY
        draft = save_draft(row, changes={"valid_until": end}, by=by)
        row = _locked(listing)
    give_number(row)
    workflow = row.get_workflow()
    if returned:
        row.current_workflow_state.resume(user=by)
    elif workflow is not None:
        workflow.start(row, by)
    else:
        raise DomainError(_("Sàn chưa đặt quy trình duyệt. Hãy báo cho cán bộ sàn."))
    type(row).objects.filter(pk=row.pk).update(submitted_at=clock.now())
    _record("submitted", row, by, revision=row.latest_revision_id)
    return _reread(row)


def _unread_gaps(listing: Listing) -> list[Gap]:
    return [
        Gap(name, _("Có nội dung chưa đọc được, sửa lại hoặc xóa đi."))
        for fields in listing.draft_inputs.values()
        for name in fields
    ]


def give_number(listing: Listing) -> int:
    """The public number of its kind on its exchange; given once, with the first submission."""
    if listing.number is not None:
        return listing.number
    counter = {"exchange_id": listing.exchange_id, "kind": listing.KIND}
    with transaction.atomic():
        NumberCounter.objects.bulk_create([NumberCounter(**counter)], ignore_conflicts=True)
        # The UPDATE is the lock: a second submission waits here and then reads its own number.
        NumberCounter.objects.filter(**counter).update(last=F("last") + 1)
        number = NumberCounter.objects.get(**counter).last
        rows = type(listing).objects.filter(pk=listing.pk)
        if not rows.filter(number=None).update(number=number):
            number = rows.get().number or number  # somebody was first: that one is its number
    listing.number = number
    return number


@transaction.atomic
def recall(listing: Listing, *, by: User) -> Listing:
    """Takes a submission back from review, so that its owner can go on editing."""
    row = _locked(listing)
    workflow_state = row.current_workflow_state
    if workflow_state is None or workflow_state.status != workflow_state.STATUS_IN_PROGRESS:
        raise InvalidTransition(_("Tin này không còn chờ duyệt."))
    if row.locked:
        raise Locked(_("Cán bộ sàn đang xử lý tin này."))
    workflow_state.cancel(user=by)
    _record("recalled", row, by)
    return _reread(row)


@transaction.atomic
def record_review(
    listing: Listing,
    *,
    decision: str,
    step: str,
    reason_codes: list[str],
    note: str,
    by: User | None,
    revision: Any = None,
) -> ReviewDecision:
    """Writes what staff decided, for the poster to read, and tells the poster."""
    row = ReviewDecision.objects.create(
        kind=listing.KIND,
        key=listing.public_id,
        decision=decision,
        step=step,
        reason_codes=list(reason_codes),
        note=note,
        by=by,
        at=clock.now(),
        revision_id=getattr(revision, "pk", revision),
    )
    if decision == ReviewDecision.Decision.PUBLISHED:
        type(listing).objects.filter(pk=listing.pk).update(last_confirmed_at=row.at)
        kick("search.sync")
        kick("matching.run")
    _record(f"review.{decision}", listing, by, reasons=list(reason_codes), step=step)
    reasons = list(ReturnReason.objects.filter(code__in=reason_codes))
    current = _reread(listing)
    for person in _posters(listing, getattr(revision, "user_id", None)):
        english = person.language == "en"
        notify(
            kind=NOTICE_OF_DECISION[decision],
            recipient=person,
            dedupe_key=f"review:{listing.KIND}:{listing.public_id}:{row.pk}",
            context={
                "kind": listing.KIND,
                "title": draft_of(current).title or str(current),
                "number": current.display_number,
                "step": step,
                "reasons": [(r.label_en if english else "") or r.label_vi for r in reasons],
                "note": note,
            },
            url=current.owner_url,
        )
    return row


def _posters(listing: Listing, submitter_id: int | None) -> list[User]:
    """Who hears of a decision: the contact and who saved the revision, while they belong there."""
    members = User.objects.filter(is_active=True, memberships__organization=listing.organization_id)
    wanted = [pk for pk in (listing.contact_id, submitter_id) if pk]
    people = list(members.filter(pk__in=wanted).distinct().order_by("pk"))
    return people or list(
        members.filter(memberships__role__in=Membership.MANAGING_ROLES).distinct().order_by("pk")
    )


# --- what is live -------------------------------------------------------------------------------


@transaction.atomic
def withdraw(listing: Listing, *, by: User, reason: str = "") -> Listing:
    """Takes a listing, or a draft, out of sight at once and out of review."""
    row = _locked(listing)
    if row.withdrawn_at is not None:
        raise InvalidTransition(_("Tin này đã rút."))
    if (workflow_state := row.current_workflow_state) is not None:
        workflow_state.cancel(user=by)
    if row.live:
        # Who did it is in our own log: Wagtail would ask whether the owner may use its admin.
        row.unpublish()
    row.withdrawn_at, row.withdrawal_reason = clock.now(), reason[:300]
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    retire_notices(f"review:{row.KIND}:{row.public_id}:")
    _record("withdrawn", row, by, reason=bool(reason))
    kick("search.sync")
    kick("matching.run")
    return row


@transaction.atomic
def restore_draft(listing: Listing, *, by: User) -> Listing:
    """Makes a withdrawn listing a draft again; it is shown only after a new review."""
    row = _locked(listing)
    if row.withdrawn_at is None:
        raise InvalidTransition(_("Tin này không còn ở trạng thái đã rút."))
    row.withdrawn_at, row.withdrawal_reason = None, ""
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    _record("restored", row, by)
    return row


@transaction.atomic
def confirm_still_valid(listing: Listing, *, by: User) -> Listing:
    """The owner says that the listing still holds; readers see the day."""
    row = _locked(listing)
    if not row.is_public:
        raise InvalidTransition(_("Tin này không còn hiển thị."))
    row.last_confirmed_at = clock.now()
    type(row).objects.filter(pk=row.pk).update(last_confirmed_at=row.last_confirmed_at)
    _record("confirmed", row, by)
    return row


@transaction.atomic
def extend_validity(listing: Listing, *, until: date, by: User) -> Listing:
    """Shows a live listing longer. Days are the owner's own: no new review is needed.

    The day is written into the revisions that may be published or edited next too, or an older one
    would bring the former day back.
    """
    row = _locked(listing)
    if not row.is_public:
        raise InvalidTransition(_("Tin này không còn hiển thị. Sửa bản nháp và gửi duyệt lại."))
    today = clock.today()
    if not today < until <= today + LONGEST_VALIDITY:
        raise DomainError(_("Chọn một ngày sau hôm nay, tối đa một năm."))
    type(row).objects.filter(pk=row.pk).update_content(
        valid_until=until, last_confirmed_at=clock.now()
    )
    kept = {pk for pk in (row.latest_revision_id, row.live_revision_id) if pk}
    for revision in row.revisions.filter(pk__in=kept):
        revision.content["valid_until"] = until.isoformat()
        revision.save(update_fields=["content"])
    _record("extended", row, by, until=until.isoformat())
    kick("search.sync")
    return _reread(row)


def expire_batch(limit: int = 100) -> int:
    """Takes down what is past its validity; each row in a transaction of its own."""
    done = 0
    for model in LISTING_MODELS.values():
        due = model.objects.due_to_expire().order_by("pk").values_list("pk", flat=True)
        for pk in list(due[: limit - done]):
            done += _expire(model, pk)
    return done


@transaction.atomic
def _expire(model: type[Listing], pk: int) -> int:
    row = model.objects.due_to_expire().select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:  # extended or withdrawn since it was found
        return 0
    row.unpublish(set_expired=True)
    _record("expired", row, "listings.expire")
    for person in _posters(row, None):
        notify(
            kind=EXPIRED,
            recipient=person,
            dedupe_key=f"expired:{row.KIND}:{row.public_id}:{row.valid_until}",
            context={
                "kind": row.KIND,
                "title": str(row),
                "number": row.display_number,
                "day": f"{row.valid_until:%d/%m/%Y}",
            },
            url=row.owner_url,
        )
    kick("search.sync")
    return 1


# --- views of pages -----------------------------------------------------------------------------


_ROBOTS = (
    "bot", "crawl", "spider", "slurp", "archiver", "facebookexternalhit", "preview", "monitor",
    "headless", "python-requests", "curl", "wget", "httpx", "aiohttp", "go-http-client", "java/",
    "scrapy", "lighthouse", "pingdom", "uptime", "feed", "validator",
)  # fmt: skip


def is_robot(user_agent: str) -> bool:
    """Whether a browser says by itself that no person reads. Silence is a robot's too."""
    name = user_agent.lower()
    return not name or any(mark in name for mark in _ROBOTS)


def record_view(kind: str, key: str, *, user_agent: str) -> bool:
    """Counts one opening of a page by a person; robots are left out."""
    if is_robot(user_agent):
        return False
    day = {"kind": kind, "key": key, "day": clock.today()}
    with transaction.atomic():
        DailyViews.objects.bulk_create([DailyViews(**day)], ignore_conflicts=True)
        DailyViews.objects.filter(**day).update(count=F("count") + 1)
    return True


# --- small parts --------------------------------------------------------------------------------


def _locked(listing: Listing) -> Listing:
    return type(listing).objects.select_for_update(of=("self",)).get(pk=listing.pk)


def _reread(listing: Listing) -> Listing:
    return type(listing).objects.select_related("organization").get(pk=listing.pk)


def _record(action: str, listing: Listing, by: Any, **data: Any) -> None:
    audit.record(f"listing.{action}", f"{listing.KIND}:{listing.public_id}", by=by, **data)
