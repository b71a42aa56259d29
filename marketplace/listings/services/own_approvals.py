"""What managers of an organisation say to what its people want to submit. Entry points authorize."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings.models import Listing, OwnReviewStep
from marketplace.listings.notices import OWN_APPROVAL_ANSWERED
from marketplace.listings.services.drafts import draft_of
from marketplace.listings.services.own_rules import Act, end_own_question, write_own_step
from marketplace.listings.services.review import submit
from marketplace.listings.services.rows import locked, reread
from marketplace.notifications.services import notify


@transaction.atomic
def approve_as_manager(
    listing: Listing, *, by: User, revision_id: int | None = None, note: str = ""
) -> Listing:
    """Passes the draft on to the staff, in the manager's name.

    Raises:
        InvalidTransition: it does not wait for its own people any more.
        StaleForm: it was changed after the manager opened it.
    """
    row = _waiting(listing)
    asked = _asker(row)
    submit(row, by=by, revision_id=revision_id, note=note)
    _tell(row, asked, Act.APPROVED, by=by, note=note)
    return reread(row)


@transaction.atomic
def return_as_manager(listing: Listing, *, by: User, note: str) -> Listing:
    """Gives the draft back to who wrote it, with what is to be changed."""
    if not note.strip():
        raise DomainError(_("Viết rõ cần sửa gì."))
    row = _waiting(listing)
    asked = _asker(row)
    end_own_question(row)
    write_own_step(row, Act.RETURNED, by=by, note=note)
    _tell(row, asked, Act.RETURNED, by=by, note=note)
    return reread(row)


@transaction.atomic
def take_back_from_manager(listing: Listing, *, by: User) -> Listing:
    """Its writers go on writing; no manager is asked any more."""
    row = _waiting(listing)
    end_own_question(row)
    write_own_step(row, Act.TAKEN_BACK, by=by)
    return reread(row)


def _waiting(listing: Listing) -> Listing:
    row = locked(listing)
    if row.own_asked_at is None or row.withdrawn_at is not None:
        raise InvalidTransition(_("Bản này không còn chờ tổ chức duyệt."))
    return row


def _asker(row: Listing) -> User | None:
    last = OwnReviewStep.objects.filter(kind=row.KIND, key=row.public_id, act=Act.ASKED)
    step = last.select_related("by").first()
    return step.by if step is not None else None


def _tell(row: Listing, person: User | None, act: str, *, by: User, note: str) -> None:
    if person is None or person.pk == by.pk:
        return
    step = OwnReviewStep.objects.filter(kind=row.KIND, key=row.public_id, act=act).first()
    notify(
        kind=OWN_APPROVAL_ANSWERED,
        recipient=person,
        dedupe_key=f"{OWN_APPROVAL_ANSWERED}:{row.KIND}:{row.public_id}:{step.pk if step else act}",
        context={
            "title": draft_of(row).title or str(row),
            "kind": row.KIND,
            "by": str(by),
            "approved": act == Act.APPROVED,
            "note": note.strip()[:500],
        },
        url=row.owner_url,
    )
