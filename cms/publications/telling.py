"""What is told of publications: to who signs them off, to subscribers, to the readers of restricted ones."""

from typing import Any, Final

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.notifications.services import notify

TO_SIGN: Final = "publication.to_sign"
RETURNED: Final = "publication.returned"
CONFIRM: Final = "publication.confirm"
ISSUE: Final = "publication.issue"
RESTRICTED: Final = "publication.restricted"


def tell_signers(
    page: Any, *, task_state_id: int, step: str, groups: QuerySet[Group], but: Any
) -> None:
    """Tells the members of a step's groups that an issue waits for them."""
    people = User.objects.filter(is_active=True, is_staff=True, groups__in=groups).distinct()
    for person in people.exclude(pk=getattr(but, "pk", None)).order_by("pk"):
        notify(
            kind=TO_SIGN,
            recipient=person,
            dedupe_key=f"{TO_SIGN}:{task_state_id}",
            context={
                "number": page.specific.number,
                "series": page.specific.series_title,
                "step": step,
            },
            url=_edit_url(page.pk),
        )


def tell_of_return(task_state: Any, *, by: Any, comment: str) -> None:
    asked_by = task_state.workflow_state.requested_by
    if asked_by is None:
        return
    page = task_state.workflow_state.content_object.specific
    notify(
        kind=RETURNED,
        recipient=asked_by,
        dedupe_key=f"{RETURNED}:{task_state.pk}",
        context={
            "number": page.number,
            "series": page.series_title,
            "by": str(by),
            "comment": comment,
        },
        url=_edit_url(page.pk),
    )


def _edit_url(pk: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])
