"""What staff are told. Wagtail's own workflow mails are switched off (see `apps.AdminConfig`)."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.narrowing import is_narrowed
from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.listings.models import Listing, curates
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify, retire_notices

SUBMITTED = "staff.submitted"
HANDED_OVER = "staff.handed_over"


def register_notices() -> None:
    register_kind(NoticeKind(SUBMITTED, _("Có tin chờ duyệt"), "staff_submitted", desk=True))
    register_kind(
        NoticeKind(
            HANDED_OVER, _("Đồng nghiệp chuyển bài cho bạn duyệt"), "staff_handed_over", desk=True
        )
    )


def review_url(listing: Listing) -> str:
    model = type(listing)._meta
    return reverse(
        f"wagtailsnippets_{model.app_label}_{model.model_name}:review", args=[listing.pk]
    )


def tell_reviewers(
    listing: Listing, *, task_state_id: int, step: str, groups: QuerySet[Group], by: Any
) -> None:
    """Tells the members of a step's groups that a submission waits for them."""
    said = _said(listing, step)
    people = User.objects.filter(is_active=True, is_staff=True, groups__in=groups).distinct()
    for person in people.exclude(pk=getattr(by, "pk", None)).order_by("pk"):
        if is_narrowed(person) and not curates(person, listing):
            continue
        notify(
            kind=SUBMITTED,
            recipient=person,
            dedupe_key=f"{_prefix(listing, task_state_id)}{person.pk}",
            context=said,
            url=review_url(listing),
        )


def _said(listing: Listing, step: str) -> dict[str, str]:
    """What every letter on a submission names."""
    return {
        "kind": listing.KIND,
        "title": listing.get_latest_revision_as_object().title,
        "number": listing.display_number,
        "organization": str(listing.organization),
        "step": step,
    }


def tell_of_hand_over(listing: Listing, *, to: User, by: User, note: str, step: str) -> None:
    notify(
        kind=HANDED_OVER,
        recipient=to,
        dedupe_key=f"{HANDED_OVER}:{listing.KIND}:{listing.public_id}:{clock.now().isoformat()}",
        context=_said(listing, step) | {"by": str(by), "note": note},
        url=review_url(listing),
    )


def retire_call(listing: Listing, *, task_state_id: int) -> None:
    """The step is done: whoever has not read of it yet need not come."""
    retire_notices(_prefix(listing, task_state_id))


def _prefix(listing: Listing, task_state_id: int) -> str:
    return f"{SUBMITTED}:{listing.KIND}:{listing.public_id}:{task_state_id}:"
