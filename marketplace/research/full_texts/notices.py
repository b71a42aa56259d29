"""Kinds of notice about requests for a full text, and whom they go to."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, User
from marketplace.core.templatetags.design import date_vi, datetime_vi
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify, retire_notices
from marketplace.research.full_texts.holders import people_keeping
from marketplace.research.models import FullTextRequest, HolderRole
from marketplace.taxonomy.labels import label

ASKED = "full_text.asked"
DUE = "full_text.due"
ANSWERED = "full_text.answered"

KINDS = (
    NoticeKind(ASKED, _("Có đề nghị xem toàn văn"), "full_text_asked", digest=False),
    NoticeKind(DUE, _("Đề nghị xem toàn văn sắp hết hạn trả lời"), "full_text_due", digest=False),
    NoticeKind(
        ANSWERED, _("Đề nghị xem toàn văn được trả lời"), "full_text_answered", transactional=True
    ),
)


def register_notices() -> None:
    for kind in KINDS:
        register_kind(kind)


def deciders_of(request: FullTextRequest) -> list[User]:
    """Who may answer and is told of it; never the person who asked."""
    people: Iterable[User]
    if request.holder is None:
        people = _staff_with_the_right()
    elif request.holder_role == HolderRole.LEAD:
        people = User.objects.filter(
            is_active=True,
            memberships__organization=request.holder,
            memberships__role__in=Membership.MANAGING_ROLES,
        ).distinct()
    else:
        people = people_keeping(request.holder)
    return [person for person in people if person.pk != request.requester_id]


def _staff_with_the_right() -> list[User]:
    staff = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    return [person for person in staff if person.has_perm("research.change_fulltextrequest")]


def tell_deciders(request: FullTextRequest, kind: str, *, step: str = "") -> None:
    once = f"{step}:{request.due_on}" if step else f"{request.log.count()}"
    for person in deciders_of(request):
        with translation.override(person.language):
            context = _context(request)
        notify(
            kind=kind,
            recipient=person,
            dedupe_key=f"{_key(request)}:{kind}:{once}",
            context=context,
            url=f"/de-nghi-xem-toan-van/{request.public_id}/",
        )


def tell_requester(request: FullTextRequest) -> None:
    with translation.override(request.requester.language):
        context = _context(request)
    notify(
        kind=ANSWERED,
        recipient=request.requester,
        dedupe_key=f"{_key(request)}:{ANSWERED}:{request.log.count()}",
        context=context,
        url=f"/de-nghi-xem-toan-van/{request.public_id}/",
    )


def forget_deciders(request: FullTextRequest) -> None:
    """It waits for nobody any more: what is still in the outbox is not sent."""
    for kind in (ASKED, DUE):
        retire_notices(f"{_key(request)}:{kind}:")


def _key(request: FullTextRequest) -> str:
    return f"full-text:{request.public_id}"


def _context(request: FullTextRequest) -> dict[str, Any]:
    reason = request.reason_code
    return {
        "number": request.number,
        "document": request.attachment.title,
        "title": str(request.record),
        "requester": request.requester.get_full_name() or request.requester.email,
        "organization": request.organization.name if request.organization else "",
        "purpose": label("full-text-purposes", request.purpose),
        "due_on": date_vi(request.due_on),
        "state": str(request.state),
        "way": str(request.way),
        "expires_on": date_vi(request.expires_on),
        "visit_at": datetime_vi(request.visit_at) if request.visit_at else "",
        "visit_place": request.visit_place,
        "reason": label("full-text-refusals", reason) if reason else "",
        "note": request.note,
    }
