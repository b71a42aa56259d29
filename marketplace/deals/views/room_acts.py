"""What people do in the room of a deal."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.idempotency import idempotent
from marketplace.deals import services
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
from marketplace.deals.models import Deal, DealFile, DealMember, MemberRole, Milestone
from marketplace.deals.models.deals import NEGOTIATING, WRITING
from marketplace.deals.models.milestones import WORKING
from marketplace.deals.services import people, rooms
from marketplace.deals.services.follow_ups import answer_follow_up
from marketplace.deals.views.acts import deal_for, do, send, side_or_404
from marketplace.deals.views.rooms import room_page, visible_deal


def _room(request: SignedInRequest, public_id: str, **forms: Any) -> HttpResponse:
    """The room as it is now: what was refused was refused because it had become another."""
    return room_page(request, visible_deal(request, public_id), **forms)


@require_POST
@idempotent
def write(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A message: of a side, or of the responsible officer."""
    found = visible_deal(request, public_id)
    side = found.side_of(request.user)
    if side is not None:
        deal_for(request, public_id, WRITING)
    form = MessageForm(request.POST, prefix="message")
    return send(
        request,
        form,
        lambda: rooms.write_message(found, side=side, by=request.user, **form.cleaned_data),
        said=_("Đã gửi. Mọi người trong giao dịch được báo."),
        to=found,
        again=lambda: _room(request, public_id, message_form=form),
    )


@require_POST
@idempotent
def upload(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A file, or a new version of the one that `of` names."""
    found = deal_for(request, public_id, WRITING)
    form = FileForm(request.POST, request.FILES, prefix="file")
    of = None
    if request.POST.get("of"):
        of = get_object_or_404(DealFile, deal=found, key=request.POST["of"])
    side = found.side_of(request.user)
    return send(
        request,
        form,
        lambda: rooms.add_file(
            found, checked=form.cleaned_data["file"], side=side, of=of, by=request.user
        ),
        said=_("Đã tải lên. Hai bên đều đọc được."),
        to=found,
        again=lambda: _room(request, public_id, file_form=form),
    )


@require_POST
@idempotent
def meet(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, WRITING)
    form = MeetingForm(request.POST, prefix="meeting")
    return send(
        request,
        form,
        lambda: rooms.plan_meeting(found, by=request.user, **form.values()),
        said=_("Đã hẹn. Mọi người trong giao dịch được báo."),
        to=found,
        again=lambda: _room(request, public_id, meeting_form=form),
    )


@require_POST
@idempotent
def cancel_meeting(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = deal_for(request, public_id, WRITING)
    meeting = get_object_or_404(found.meetings.select_related("deal"), key=key)
    return do(
        request,
        lambda: rooms.cancel_meeting(meeting, by=request.user),
        said=_("Đã hủy buổi gặp và báo mọi người."),
        to=found,
    )


@require_POST
@idempotent
def step(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ticks a step off, leaves it out, or takes that back."""
    found = deal_for(request, public_id, WRITING)
    code, act = request.POST.get("code", ""), request.POST.get("viec", "")
    acts: dict[str, Callable[[], object]] = {
        "xong": lambda: rooms.tick_step(found, code=code, by=request.user),
        "bo": lambda: rooms.tick_step(found, code=code, left_out=True, by=request.user),
        "lai": lambda: rooms.untick_step(found, code=code, by=request.user),
    }
    if act not in acts:
        raise Http404
    return do(request, acts[act], said=_("Đã ghi."), to=found)


@require_POST
@idempotent
def change_kind(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    form = KindForm(request.POST, prefix="kind")
    return send(
        request,
        form,
        lambda: rooms.change_kind(found, kind=form.cleaned_data["kind"], by=request.user),
        said=_("Đã đổi loại giao dịch; danh sách bước theo loại mới."),
        to=found,
        again=lambda: _room(request, public_id, kind_form=form),
    )


@require_POST
@idempotent
def seat(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A colleague joins, or gets another role."""
    found = deal_for(request, public_id, frozenset({MemberRole.LEAD}))
    side = side_or_404(found, request)
    form = SeatForm(request.POST, prefix="seat", organization=side)
    return send(
        request,
        form,
        lambda: people.seat_person(
            found, organization=side, by=request.user,
            person=form.cleaned_data["person"], role=MemberRole(form.cleaned_data["role"]),
        ),
        said=_("Đã ghi. Người này đọc được toàn bộ giao dịch."),
        to=found,
        again=lambda: _room(request, public_id, seat_form=form),
    )  # fmt: skip


@require_POST
@idempotent
def unseat(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """A colleague leaves, or the person does."""
    found = deal_for(request, public_id, frozenset(MemberRole))
    own = DealMember.objects.filter(deal=found, organization=side_or_404(found, request))
    member = get_object_or_404(own.select_related("deal"), key=key)
    if member.user_id != request.user.pk:
        deal_for(request, public_id, frozenset({MemberRole.LEAD}))
    return do(
        request,
        lambda: people.unseat_person(member, by=request.user),
        said=_("Người này không còn đọc được giao dịch."),
        to="deals:deals" if member.user_id == request.user.pk else found,
    )


@require_POST
@idempotent
def terminate(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    form = TerminationForm(request.POST, prefix="end")
    return send(
        request,
        form,
        lambda: services.terminate_deal(found, by=request.user, **form.cleaned_data),
        said=_("Đã dừng giao dịch. Bên kia đọc được lý do."),
        to=found,
        again=lambda: _room(request, public_id, termination_form=form),
    )


@require_POST
@idempotent
def complete(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    return do(
        request,
        lambda: services.complete_deal(found, by=request.user),
        said=_("Đã thanh lý hợp đồng."),
        to=found,
    )


@require_POST
@idempotent
def follow_up(request: SignedInRequest, public_id: str, months: int) -> HttpResponse:
    """The buyer says what became of it, months later."""
    rows = Deal.objects.bought_by(request.user, WRITING).with_sides()
    found = get_object_or_404(rows, public_id=public_id)
    row = get_object_or_404(found.follow_ups.select_related("deal"), months=months)
    form = FollowUpForm(request.POST, prefix=f"follow-{months}")
    return send(
        request,
        form,
        lambda: answer_follow_up(row, by=request.user, **form.cleaned_data),
        said=_("Cảm ơn bạn. Bên giao và cán bộ sàn đọc được câu trả lời."),
        to=found,
        again=lambda: _room(request, public_id, follow_up_form=form),
    )


#: Who does what to a milestone: side, roles, and what is said.
MILESTONE_ACTS: Final[dict[str, tuple[str, frozenset[MemberRole], Callable[..., None], Promise | str]]] = {
    "deliver": ("sold_by", WORKING, services.deliver_milestone, gettext_lazy("Đã báo bàn giao.")),
    "accept": ("bought_by", WORKING, services.accept_milestone, gettext_lazy("Đã nghiệm thu.")),
    "return": ("bought_by", WORKING, services.return_milestone, gettext_lazy("Đã báo bên kia bổ sung.")),
}  # fmt: skip


@require_POST
@idempotent
def milestone(request: SignedInRequest, public_id: str, number: int, act: str) -> HttpResponse:
    """One act on a milestone, by its name."""
    side, roles, service, said = MILESTONE_ACTS[act]
    rows: Any = getattr(Milestone.objects, side)(request.user, roles)
    row = get_object_or_404(rows.select_related("deal"), deal__public_id=public_id, number=number)
    if act != "return":
        return do(request, lambda: service(row, by=request.user), said=str(said), to=row)
    form = ReturnForm(request.POST, prefix=f"return-{number}")
    return send(
        request,
        form,
        lambda: service(row, by=request.user, **form.cleaned_data),
        said=str(said),
        to=row,
        again=lambda: _room(request, public_id, return_form=form),
    )
