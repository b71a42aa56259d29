"""The pages of deals. What is nobody's business is not found."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.accounts.models import Membership
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
from marketplace.deals.presentation import checklist, facts_of, tabs_of
from marketplace.deals.services.disclosure import is_agreed

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
    rows = Deal.objects.visible_to(request.user).with_sides()
    return get_object_or_404(rows, public_id=public_id)


def room_page(request: SignedInRequest, found: Deal, **forms: Any) -> HttpResponse:
    """The room, with a form that was filled in wrongly in place of an empty one."""
    side = found.side_of(request.user)
    milestones = list(found.milestones.all())
    disputes = list(found.disputes.open().select_related("organization", "deal"))
    disputed = {one.milestone_id for one in disputes}
    for milestone in milestones:
        milestone.is_disputed = not disputed.isdisjoint({None, milestone.pk})
        milestone.return_form = _form_of(ReturnForm, f"return-{milestone.number}", forms)
    follow_ups = list(found.follow_ups.filter(asked_at__isnull=False))
    for follow_up in follow_ups:
        follow_up.form = _form_of(FollowUpForm, f"follow-{follow_up.months}", forms)
    facts = facts_of(found, milestones, has_nda=is_agreed(found), has_offer=found.sheets.exists())
    seats = list(found.members.filter(left_at=None).select_related("user", "organization"))
    talk = found.messages.select_related("author", "organization")
    versions = DealFileVersion.objects.select_related("organization")
    manages = (
        side is not None
        and Membership.objects.filter(
            user=request.user, organization=side, role__in=Membership.EDITING_ROLES
        ).exists()
    )
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
        "files": found.files.prefetch_related(Prefetch("versions", versions)),
        "meetings": found.meetings.filter(cancelled_at=None),
        "message_form": MessageForm(prefix="message"),
        "file_form": FileForm(prefix="file"),
        "meeting_form": MeetingForm(prefix="meeting"),
        "seat_form": SeatForm(prefix="seat", organization=side if manages else None),
        "kind_form": KindForm(prefix="kind", initial={"kind": found.kind}),
        "termination_form": TerminationForm(prefix="end"),
        "follow_ups": follow_ups,
    } | forms  # fmt: skip
    return render(request, "deals/deal.html", context, status=400 if forms else 200)


def _form_of(form: type[PlainForm], prefix: str, wrong: dict[str, PlainForm]) -> PlainForm:
    """Of rows that have the same form each: the one that was filled in wrongly, or an empty one."""
    return next((one for one in wrong.values() if one.prefix == prefix), form(prefix=prefix))


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
