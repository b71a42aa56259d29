"""Expressions of interest: sent, answered once, withdrawn, and watched by a clock. Entry points authorize."""

from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.accounts.services import open_outreach
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.models import Deal, ExpressionOfInterest
from marketplace.deals.notices import expressions as notices
from marketplace.deals.services.deals import open_deal
from marketplace.deals.states import EXPRESSION_TRANSITIONS, ExpressionState
from marketplace.deals.subjects import subject_is_open
from marketplace.deals.terms import due_after, next_step
from marketplace.matching.models import Match
from marketplace.taxonomy.choices import choices

WANTS: Final = "connection-wants"
DECLINE_REASONS: Final = "decline-reasons"
#: The reason that says nothing by itself.
OTHER_REASON: Final = "other"
STAGE: Final = "deals.clock"


@transaction.atomic
def express_interest(
    subject: Any,
    *,
    kind: str,
    asker: Organization,
    why: str,
    wants: str,
    wanted_by: date | None = None,
    match: Match | None = None,
    introduced: bool = False,
    by: User,
) -> ExpressionOfInterest:
    """An organisation tells the owner of a row that it wants to talk. The response clock starts.

    Where the owner is not on the exchange yet, staff look for it: the contact desk gets a line.

    Args:
        subject: a need or a row of supply that is open today.
        kind: which of them.
        asker: for whom the person writes.
        why, wants, wanted_by: what the owner reads; `wants` is a code.
        match: the match from which it came.
        introduced: an officer brings the two together; the asker is told and may take it back.
        by: who sends it.

    Raises:
        DomainError: the row is not open, is the asker's own, or was asked for already.
    """
    receiver = subject.organization
    if receiver is None or not subject_is_open(kind, subject.pk):
        raise DomainError(_("Mục này không còn mở để kết nối."))
    if receiver.pk == asker.pk:
        raise DomainError(_("Đây là mục của chính tổ chức bạn."))
    if wants not in dict(choices(WANTS)):
        raise DomainError(_("Chọn điều bạn mong muốn."))
    if not why.strip():
        raise DomainError(_("Hãy nói vì sao bạn quan tâm."))
    if wanted_by is not None and wanted_by < clock.today():
        raise DomainError(_("Chọn một ngày từ hôm nay trở đi."))
    today = clock.today()
    step_on, _step = next_step(today, today)
    try:
        with transaction.atomic():
            made = ExpressionOfInterest.objects.create(
                kind=kind,
                subject_id=subject.pk,
                title=subject.title[:500],
                match=match,
                asker=asker,
                receiver=receiver,
                hides_receiver=getattr(subject, "hide_owner", False),
                why=why.strip(),
                wants=wants,
                wanted_by=wanted_by,
                sent_by=None if introduced else by,
                introduced_by=by if introduced else None,
                clock_from=today,
                due_on=due_after(today),
                step_on=step_on,
            )
    except IntegrityError as error:
        raise DomainError(
            _("Tổ chức bạn đã gửi đề nghị về mục này và đang chờ trả lời.")
        ) from error
    _record("introduced" if introduced else "sent", made, by, of=f"{kind}:{subject.public_id}")
    open_outreach(receiver, reason=_("Có doanh nghiệp đề nghị kết nối"), by=by)
    notices.tell_received(made)
    if introduced:
        notices.tell_introduced(made)
    return made


@transaction.atomic
def accept_interest(expression: ExpressionOfInterest, *, by: User) -> Deal:
    """The owner wants to talk too: each side reads who the other is, and their deal is opened.

    Raises InvalidTransition where it was answered, withdrawn or closed before.
    """
    _end(expression, ExpressionState.ACCEPTED, by=by)
    deal = open_deal(expression, by=by)
    notices.tell_asker(expression)
    return deal


@transaction.atomic
def decline_interest(
    expression: ExpressionOfInterest, *, reason: str, note: str = "", by: User
) -> None:
    """The owner does not want to, and says why; the asker reads the reason and the words."""
    if reason not in dict(choices(DECLINE_REASONS)):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    if reason == OTHER_REASON and not note.strip():
        raise DomainError(_("Hãy nói ngắn gọn lý do."))
    _end(
        expression,
        ExpressionState.DECLINED,
        by=by,
        decline_reason=reason,
        decline_note=note.strip()[:500],
    )
    notices.tell_asker(expression)


@transaction.atomic
def withdraw_interest(expression: ExpressionOfInterest, *, by: User) -> None:
    """The asker takes it back while nobody has answered."""
    _end(expression, ExpressionState.WITHDRAWN, by=by)
    notices.tell_receiver(expression)


@transaction.atomic
def close_interest(expression: ExpressionOfInterest, *, note: str, by: User) -> None:
    """Staff end what leads nowhere, and tell both sides why."""
    if not note.strip():
        raise DomainError(_("Hãy nói với hai bên vì sao."))
    _end(expression, ExpressionState.CLOSED, by=by, staff_note=note.strip()[:500])
    notices.tell_asker(expression)
    notices.tell_receiver(expression)


@transaction.atomic
def mediate_interest(expression: ExpressionOfInterest, *, note: str, by: User) -> None:
    """Staff spoke with the sides: both read what was said, and the days for an answer start anew."""
    if not note.strip():
        raise DomainError(_("Hãy ghi điều hai bên cần biết."))
    row = _locked(expression)
    if not row.is_waiting:
        raise InvalidTransition(_("Đề nghị này đã kết thúc; không còn chờ trả lời."))
    today = clock.today()
    row.staff_note, row.clock_from, row.due_on = note.strip()[:500], today, due_after(today)
    row.step_on, _step = next_step(today, today)
    row.save(update_fields=["staff_note", "clock_from", "due_on", "step_on"])
    _record("mediated", row, by, due=row.due_on.isoformat())
    expression.refresh_from_db()
    notices.tell_mediated(expression)


def clock_batch(limit: int = 50) -> int:
    """Reminds receivers before the last day, and after it calls staff; each step of a clock once."""
    keys = ExpressionOfInterest.objects.to_be_stepped().order_by("step_on", "pk")
    return sum(_take_step(pk) for pk in keys.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _take_step(pk: int) -> int:
    rows = ExpressionOfInterest.objects.to_be_stepped()
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:  # answered meanwhile
        return 0
    today = clock.today()
    following = None
    if row.due_on < today:
        row.escalated_at = clock.now()
        row.save(update_fields=["escalated_at"])
        audit.record("interest.escalated", f"interest:{row.public_id}", by=STAGE)
        notices.tell_late(row)
    else:
        following, _step = next_step(row.clock_from, today)
        notices.tell_reminder(row)
    ExpressionOfInterest.objects.filter(pk=pk).update(step_on=following)
    return 1


def _end(
    expression: ExpressionOfInterest, state: ExpressionState, *, by: User, **said: str
) -> None:
    """Whoever comes first ends it: the row is locked, and what belongs to the new state is written with it."""
    row = _locked(expression)
    if row.state not in EXPRESSION_TRANSITIONS or state not in EXPRESSION_TRANSITIONS[row.state]:
        raise InvalidTransition(
            _("Không làm được nữa: đề nghị này %(state)s.")
            % {"state": str(row.get_state_display()).lower()}
        )
    transition(
        row,
        state,
        table=EXPRESSION_TRANSITIONS,
        by=by,
        also={"ended_at": clock.now(), "ended_by": by, "step_on": None, **said},
    )
    expression.refresh_from_db()


def _locked(expression: ExpressionOfInterest) -> ExpressionOfInterest:
    return ExpressionOfInterest.objects.select_for_update(of=("self",)).get(pk=expression.pk)


def _record(act: str, expression: ExpressionOfInterest, by: Any, **data: Any) -> None:
    audit.record(
        f"interest.{act}",
        f"interest:{expression.public_id}",
        by=by,
        asker=expression.asker.public_id,
        receiver=expression.receiver.public_id,
        **data,
    )
