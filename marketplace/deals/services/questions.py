"""Questions of one side to the other: asked, answered once, corrected, watched by the response clock.

Entry points authorize. The lock of the deal comes first, as everywhere in this app.
"""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.models import Answer, Deal, Question
from marketplace.deals.notices import questions as notices
from marketplace.deals.services.rows import locked_running, subject_of
from marketplace.deals.states import QUESTION_TRANSITIONS, QuestionState
from marketplace.deals.terms import due_after, next_step

STAGE: Final = "deals.questions"
MOST_OPEN: Final = 50
MOST_VERSIONS: Final = 20


@transaction.atomic
def ask_question(deal: Deal, *, side: Organization, text: str, by: User) -> Question:
    """One side asks the other, which has the days of the response clock to answer.

    Raises:
        DomainError: nothing is asked, the same is asked and waits, or too much waits already.
        InvalidTransition: the deal has ended.
    """
    row = locked_running(deal)
    said = text.strip()[:5000]
    if not said:
        raise DomainError(_("Hãy viết câu hỏi."))
    waiting = row.questions.open().filter(organization=side)
    if waiting.filter(text=said).exists():
        raise DomainError(_("Câu này đã hỏi và đang chờ trả lời."))
    if waiting.count() >= MOST_OPEN:
        raise DomainError(
            _("Đã có %(most)s câu hỏi chờ trả lời. Hãy chờ bên kia.") % {"most": MOST_OPEN}
        )
    newest = row.questions.order_by("-number").values_list("number", flat=True).first()
    today = clock.today()
    made = Question.objects.create(
        deal=row,
        number=(newest or 0) + 1,
        organization=side,
        asked_by=by,
        text=said,
        due_on=due_after(today),
        step_on=next_step(today, today)[0],
    )
    audit.record("question.asked", subject_of(row), by=by, question=made.key, due=str(made.due_on))
    notices.tell(made, made.other, "asked", by=by)
    return made


@transaction.atomic
def answer_question(question: Question, *, side: Organization, text: str, by: User) -> Answer:
    """The other side answers; said again, it corrects what it answered. Earlier versions stay to be read.

    Raises:
        DomainError: nothing is said, nothing has changed, or it is the side's own question.
        InvalidTransition: the question was withdrawn, or the deal has ended.
    """
    row = _locked(question)
    said = text.strip()[:5000]
    if row.organization_id == side.pk:
        raise DomainError(_("Bên kia mới trả lời được câu hỏi này."))
    if not said:
        raise DomainError(_("Hãy viết câu trả lời."))
    before = row.answers.first()
    if before is None:
        _move(row, QuestionState.ANSWERED, by=by)
    elif before.text == said:
        raise DomainError(_("Câu trả lời này giống hệt bản trước."))
    elif before.number >= MOST_VERSIONS:
        raise DomainError(_("Câu trả lời này đã đính chính quá nhiều lần. Hãy nhắn cho bên kia."))
    made = Answer.objects.create(
        question=row,
        number=before.number + 1 if before else 1,
        organization=side,
        by=by,
        text=said,
    )
    event = "answer_corrected" if before else "answered"
    audit.record(
        f"question.{event}", subject_of(row.deal), by=by, question=row.key, version=made.number
    )
    notices.tell(row, row.organization, event, by=by, key=str(made.number))
    question.refresh_from_db()
    return made


@transaction.atomic
def withdraw_question(question: Question, *, side: Organization, by: User) -> None:
    """Who asked does not need to know any more, while nobody has answered."""
    row = _locked(question)
    if row.organization_id != side.pk:
        raise DomainError(_("Chỉ bên hỏi rút lại được câu này."))
    _move(row, QuestionState.WITHDRAWN, by=by)
    audit.record("question.withdrawn", subject_of(row.deal), by=by, question=row.key)
    question.refresh_from_db()


def clock_batch(limit: int = 50) -> int:
    """Reminds who has to answer, and after the last day tells both sides and staff; each step once."""
    keys = Question.objects.to_be_stepped().order_by("step_on", "pk")
    return sum(_take_step(pk) for pk in keys.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _take_step(pk: int) -> int:
    rows = Question.objects.to_be_stepped().with_all()
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:  # answered meanwhile
        return 0
    today = clock.today()
    following = None
    if row.due_on < today:
        audit.record("question.overdue", subject_of(row.deal), by=STAGE, question=row.key)
        notices.tell_late(row, by=STAGE)
    else:
        following, _step = next_step(row.asked_at.astimezone(clock.VIETNAM).date(), today)
        notices.tell(row, row.other, "question_due", by=STAGE)
    Question.objects.filter(pk=pk).update(step_on=following)
    return 1


def _locked(question: Question) -> Question:
    locked_running(question.deal)
    rows = Question.objects.select_for_update(of=("self",)).with_all()
    found: Question = rows.get(pk=question.pk)
    return found


def _move(row: Question, to: QuestionState, *, by: Any) -> None:
    if to not in QUESTION_TRANSITIONS.get(row.state, frozenset()):
        raise InvalidTransition(
            _("Không làm được nữa: câu hỏi này %(state)s.")
            % {"state": str(row.get_state_display()).lower()}
        )
    also = {"ended_at": clock.now(), "step_on": None}
    transition(row, to, table=QUESTION_TRANSITIONS, by=by, also=also)
