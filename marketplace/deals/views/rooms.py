"""The pages of deals. What is nobody's business is not found."""

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.accounts.models import EDITING_ROLES, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.deals.calendars import CONTENT_TYPE, calendar_of
from marketplace.deals.forms.expressions import PlainForm
from marketplace.deals.forms.rooms import (
    FileForm,
    FollowUpForm,
    KindForm,
    MeetingForm,
    MessageForm,
    ReturnForm,
    SeatForm,
    TerminationForm,
)
from marketplace.deals.models import Deal, DealFileVersion, Meeting
from marketplace.deals.models.deals import Standing
from marketplace.deals.presentation import checklist, facts_of, tabs_of
from marketplace.deals.services.disclosure import is_agreed
from marketplace.deals.states import DealState, WorkState
from marketplace.deals.views.acts import standing_in

PAGE: Final = 20
#: Messages on the page; older ones on the pages behind.
MESSAGES: Final = 30


@require_safe
def deals(request: SignedInRequest) -> HttpResponse:
    """The deals in which the person takes part, or for which they are responsible."""
    rows = Deal.objects.visible_to(request.user).with_sides().in_order_of_work()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "deals/deals.html", {"page": page})


@require_safe
def deal(request: SignedInRequest, public_id: str) -> HttpResponse:
    return room_page(request, visible_deal(request, public_id))


def visible_deal(request: SignedInRequest, public_id: str) -> Deal:
    standing = Standing(request.user)
    rows = Deal.objects.visible_to(request.user, standing).with_sides()
    return standing_in(get_object_or_404(rows, public_id=public_id), standing)


def room_page(request: SignedInRequest, found: Deal, **forms: Any) -> HttpResponse:
    """The room, with a form that was filled in wrongly in place of an empty one."""
    side, opened = found.side_of(request.user), request.GET.get("mo", "")
    # Milestones and what is asked afterwards come with the contract: most rooms have none yet.
    before = found.state in (DealState.TALKING, DealState.AGREED)
    milestones = [] if before else list(found.milestones.all())
    disputes = list(found.disputes.open())
    for dispute in disputes:
        dispute.organization = found.organization(dispute.organization_id)
    disputed = {one.milestone_id for one in disputes}
    for milestone in milestones:
        milestone.is_disputed = not disputed.isdisjoint({None, milestone.pk})
        returned = found.state == DealState.CONTRACTED and milestone.work == WorkState.DELIVERED
        milestone.return_form = _form_of(ReturnForm, f"return-{milestone.number}", forms, returned)
    follow_ups = [] if before else list(found.follow_ups.filter(asked_at__isnull=False))
    for follow_up in follow_ups:
        waits = follow_up.answered_at is None
        follow_up.form = _form_of(FollowUpForm, f"follow-{follow_up.months}", forms, waits)
    facts = facts_of(found, milestones, has_nda=is_agreed(found), has_offer=found.sheets.exists())
    seats = list(found.members.filter(left_at=None).select_related("user"))
    # Rows, not objects: there are most of them, and each is a few words.
    talk = found.messages.values(
        "author__full_name", "author__email", "organization__name", "at", "text"
    )
    manages = side is not None and found.standing.ranks[side.pk] in EDITING_ROLES
    context = {
        "deal": found,
        "tabs": tabs_of(found, ""),
        "side": side,
        "may_write": found.is_running,
        "may_seat": manages and found.is_running,
        "sides": [(one, [s for s in seats if s.organization_id == one.pk]) for one in (found.seller, found.buyer)],
        "steps": checklist(found, found.steps.all(), facts),
        "milestones": milestones,
        "disputes": disputes,
        "talk": Paginator(talk, MESSAGES).get_page(request.GET.get("page")),
        "files": _files(found),
        "meetings": found.meetings.filter(cancelled_at=None),
        "message_form": MessageForm(prefix="message"),
        "file_form": FileForm(prefix="file"),
        "follow_ups": follow_ups,
        "opened": opened,
    } | _folded(opened, found, side if manages else None) | forms  # fmt: skip
    return render(request, "deals/deal.html", context, status=400 if forms else 200)


def _files(found: Deal) -> list[list[dict[str, Any]]]:
    """The versions of each file, the newest first."""
    rows = (
        DealFileVersion.objects.filter(of__deal=found)
        .order_by("of__title", "of", "-number")
        .values(
            "of", "of__key", "of__title", "key", "number", "display_name", "size", "uploaded_at", "organization__name"
        )
    )  # fmt: skip
    return [list(versions) for _of, versions in groupby(rows, key=itemgetter("of"))]


def _form_of(
    form: type[PlainForm], prefix: str, wrong: dict[str, PlainForm], is_asked: bool
) -> PlainForm | None:
    """Of rows that have the same form each: the one that was filled in wrongly, or an empty one where it is asked."""
    refused = next((one for one in wrong.values() if one.prefix == prefix), None)
    return refused or (form(prefix=prefix) if is_asked else None)


def _folded(opened: str, found: Deal, colleagues_of: Organization | None) -> dict[str, Any]:
    """Forms of the parts that are folded: that of the one which was opened, and none of the others."""
    made: dict[str, tuple[str, Callable[[], PlainForm]]] = {
        "gap": ("meeting_form", lambda: MeetingForm(prefix="meeting")),
        "nguoi": ("seat_form", lambda: SeatForm(prefix="seat", organization=colleagues_of)),
        "loai": ("kind_form", lambda: KindForm(prefix="kind", initial={"kind": found.kind})),
        "dung": ("termination_form", lambda: TerminationForm(prefix="end")),
    }
    return {name: make() if opened == part else None for part, (name, make) in made.items()}


@require_safe
def file(request: SignedInRequest, public_id: str, key: str) -> HttpResponseBase:
    rows = DealFileVersion.objects.filter(of__deal=visible_deal(request, public_id))
    version = get_object_or_404(rows, key=key)
    try:
        opened = version.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=version.display_name, content_type=version.content_type
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def calendar(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """A meeting for one's own calendar."""
    rows = Meeting.objects.filter(deal=visible_deal(request, public_id)).select_related("deal")
    meeting = get_object_or_404(rows, key=key)
    response = HttpResponse(calendar_of(meeting), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="gap-{meeting.key}.ics"'
    return response
