"""The desk of requests about personal data, with the days of the law."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition
from marketplace.privacy.ledger import terms_on
from marketplace.privacy.models import SubjectRequest
from marketplace.privacy.notices import tell_answer
from marketplace.taxonomy.clocks import add_working_days, next_working_day

State = SubjectRequest.State
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    State.RECEIVED: frozenset({State.ANSWERED, State.DONE, State.REFUSED}),
    State.ANSWERED: frozenset({State.DONE, State.REFUSED}),
}
#: Of one person at a time; more than that is no request any more.
MOST_OPEN: Final = 5


@transaction.atomic
def receive_request(
    *, kind: str, text: str, user: Any = None, name: str = "", address: str = "", by: Any
) -> SubjectRequest:
    """Takes a request in, by the person's own page or by staff for somebody who wrote or came.

    The answer is due so many working days after the day it came, the day itself not counted.

    Raises DomainError for an empty text, or where the person has too many that wait.
    """
    if not text.strip():
        raise DomainError(_("Hãy ghi điều bạn yêu cầu."))
    if user is not None and SubjectRequest.objects.of(user).open().count() >= MOST_OPEN:
        raise DomainError(_("Bạn có nhiều yêu cầu đang chờ. Hãy đợi trả lời trước khi gửi thêm."))
    today = clock.today()
    terms = terms_on(today)
    carried_out = next_working_day(today + timedelta(days=terms.carry_out_days[kind]))
    request = SubjectRequest.objects.create(
        user=user, name=name.strip(), address=address.strip(), kind=kind, text=text.strip(),
        received_at=clock.now(), terms_of=terms.valid_from, carry_out_due_on=carried_out,
        answer_due_on=add_working_days(today, terms.answer_working_days),
    )  # fmt: skip
    audit.record("privacy.request_received", f"request:{request.public_id}", by=by, kind=kind)
    return request


def answer_request(request: SubjectRequest, *, answer: str, by: Any) -> None:
    """Says what will be done and until when; the days for carrying it out run on."""
    _decide(request, State.ANSWERED, answer=answer, by=by)


def finish_request(request: SubjectRequest, *, answer: str, by: Any) -> None:
    _decide(request, State.DONE, answer=answer, by=by)


def refuse_request(request: SubjectRequest, *, answer: str, by: Any) -> None:
    """The answer says why, and where one may complain."""
    _decide(request, State.REFUSED, answer=answer, by=by)


@transaction.atomic
def _decide(request: SubjectRequest, to: str, *, answer: str, by: Any) -> None:
    answer = answer.strip()
    if not answer:
        raise DomainError(_("Hãy viết câu trả lời cho người yêu cầu."))
    transition(request, to, table=TRANSITIONS, by=by)
    now = clock.now()
    request.answer, request.decided_by = answer, by
    request.answered_at = request.answered_at or now
    request.ended_at = now if to in (State.DONE, State.REFUSED) else None
    request.save(update_fields=["answer", "decided_by", "answered_at", "ended_at"])
    tell_answer(request)
