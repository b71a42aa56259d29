"""Submission to the staff, and what they decided."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import Exchange, User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition, StaleForm
from marketplace.core.ticks import kick
from marketplace.listings.completeness import Gap, gaps
from marketplace.listings.models import (
    Listing,
    NumberCounter,
    OwnReviewStep,
    ReturnReason,
    ReviewDecision,
)
from marketplace.listings.notices import NOTICE_OF_DECISION, UNDONE
from marketplace.listings.services.drafts import Locked, draft_of, ensure_editable, save_draft
from marketplace.listings.services.own_rules import (
    ask_own_people,
    end_own_question,
    waits_for_own_people,
    write_own_step,
)
from marketplace.listings.services.rows import locked, posters, record, reread
from marketplace.listings.services.shown import answer_questions
from marketplace.listings.services.staff_rules import confirmed_by_own_people
from marketplace.notifications.services import notify, retire_reached

#: A listing without an end of its own is shown this long, then its owner is asked again.
USUAL_VALIDITY = timedelta(days=365)


class Incomplete(DomainError):
    """The submission lacks something; `gaps` lists what, in the order of the form."""

    def __init__(self, missing: list[Gap]) -> None:
        super().__init__(gettext_lazy("Chưa gửi duyệt được: còn thiếu thông tin."))
        self.gaps = missing


@transaction.atomic
def submit(
    listing: Listing,
    *,
    by: User,
    revision_id: int | None = None,
    note: str = "",
    is_own_word: bool = False,
) -> Listing:
    """Hands the draft to the staff: starts the workflow, or goes on where changes were asked. Where the
    organisation wants a manager's word first, and somebody else submits, it waits for that.

    Args:
        listing: the row.
        by: who submits.
        revision_id: the revision the submitter looked at; StaleForm where there is a newer one.
        note: of the manager who passes it on.
        is_own_word: the organisation has said yes by another way, as by the link of a letter.
    """
    row = locked(listing)
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
        row = locked(listing)
    confirmed_by_own_people(row, by=by)
    if not is_own_word and waits_for_own_people(row, by=by):
        ask_own_people(row, by=by, title=draft.title)
        return reread(row)
    if row.organization.approves_own_listings and not is_own_word:
        write_own_step(row, OwnReviewStep.Act.APPROVED, by=by, note=note)
    if row.own_asked_at is not None:
        end_own_question(row)
    give_number(row)
    workflow = row.get_workflow()
    if returned:
        row.current_workflow_state.resume(user=by)
    elif workflow is not None:
        workflow.start(row, by)
    else:
        raise DomainError(_("Sàn chưa đặt quy trình duyệt. Hãy báo cho cán bộ sàn."))
    type(row).objects.filter(pk=row.pk).update(submitted_at=clock.now())
    record("submitted", row, by, revision=row.latest_revision_id)
    return reread(row)


def _unread_gaps(listing: Listing) -> list[Gap]:
    return [
        Gap(name, _("Có nội dung chưa đọc được, sửa lại hoặc xóa đi."))
        for fields in listing.draft_inputs.values()
        for name in fields
    ]


def give_number(listing: Listing) -> int:
    """The public number of its kind; given once, with the first submission.

    All exchanges count on one counter: where a site shows others' listings too, a number is still one listing.
    """
    if listing.number is not None:
        return listing.number
    counter = {"exchange": Exchange.default(), "kind": listing.KIND}
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
    row = locked(listing)
    workflow_state = row.current_workflow_state
    if workflow_state is None or workflow_state.status != workflow_state.STATUS_IN_PROGRESS:
        raise InvalidTransition(_("Tin này không còn chờ duyệt."))
    if row.locked:
        raise Locked(_("Cán bộ sàn đang xử lý tin này."))
    workflow_state.cancel(user=by)
    record("recalled", row, by)
    return reread(row)


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
    examined: dict[str, Any] | None = None,
) -> ReviewDecision:
    """Writes what staff decided, for the poster to read, and tells the poster.

    `examined` is what stood beside the decision; staff alone read it.
    """
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
        examined=examined or {},
    )
    if decision == ReviewDecision.Decision.PUBLISHED:
        answer_questions(reread(listing))
        kick("search.sync")
        kick("matching.run")
    record(f"review.{decision}", listing, by, reasons=list(reason_codes), step=step)
    reasons = list(ReturnReason.objects.filter(code__in=reason_codes))
    current = reread(listing)
    for person in posters(listing, getattr(revision, "user_id", None)):
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


@transaction.atomic
def record_undone(listing: Listing, *, of: ReviewDecision, by: User) -> ReviewDecision:
    """Writes that a decision was taken back. What told of it is withdrawn; its poster hears of this only
    where the other had reached them."""
    row = ReviewDecision.objects.create(
        kind=of.kind,
        key=of.key,
        decision=ReviewDecision.Decision.UNDONE,
        step=of.step,
        by=by,
        at=clock.now(),
        revision_id=of.revision_id,
    )
    reached = retire_reached(f"review:{of.kind}:{of.key}:{of.pk}")
    record("review.undone", listing, by, decision=of.pk)
    current = reread(listing)
    for person in User.objects.filter(pk__in=reached).order_by("pk"):
        notify(
            kind=UNDONE,
            recipient=person,
            dedupe_key=f"review:{of.kind}:{of.key}:{row.pk}",
            context={
                "kind": of.kind,
                "title": draft_of(current).title or str(current),
                "number": current.display_number,
                "was": of.decision,
                "step": of.step,
                "is_public": current.is_public,
            },
            url=current.owner_url,
        )
    return row
