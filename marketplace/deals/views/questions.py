"""Questions and answers of a deal: one page for both sides and staff."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.idempotency import idempotent
from marketplace.deals.forms.questions import AnswerForm, QuestionForm
from marketplace.deals.models import Answer, Deal, Question
from marketplace.deals.models.deals import WRITING
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import questions as services
from marketplace.deals.terms import due_after
from marketplace.deals.views.acts import deal_for, do, send, side_or_404
from marketplace.deals.views.rooms import PAGE, visible_deal


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, visible_deal(request, public_id))


def _page(request: SignedInRequest, found: Deal, *, at: str = "", **wrong: Any) -> HttpResponse:
    """With a form that was filled in wrongly in place of an empty one: a new question, or the answer to the one whose
    key is `at`."""
    side = found.side_of(request.user)
    writes = found.is_running and Deal.objects.written_by(request.user).filter(pk=found.pk).exists()
    answers = Answer.objects.select_related("organization", "by")
    rows = found.questions.with_all().prefetch_related(Prefetch("answers", answers))
    shown = Paginator(rows.in_order_of_work(), PAGE).get_page(request.GET.get("page"))
    waiting = found.questions.open()
    context = {
        "deal": found,
        "tabs": tabs_of(found, "hoi-dap/"),
        "questions": [_shown(one, side, writes, wrong if one.key == at else {}) for one in shown],
        "page": shown,
        "may_ask": writes,
        "for_us": waiting.exclude(organization=side).count() if side else 0,
        "for_them": waiting.filter(organization=side).count() if side else 0,
        "due_on": due_after(clock.today()),
        "ask_form": wrong.get("ask") or QuestionForm(prefix="ask"),
    }
    return render(request, "deals/questions.html", context, status=400 if wrong else 200)


def _shown(row: Question, side: Any, writes: bool, wrong: dict[str, Any]) -> dict[str, Any]:
    """A question with what the reader's side may do; the form of a correction begins with what was said."""
    is_own = side is not None and row.organization_id == side.pk
    answers = list(row.answers.all())
    said = {"text": answers[0].text} if answers else {}
    return {
        "row": row,
        "answer": answers[0] if answers else None,
        "earlier": answers[1:],
        "may_withdraw": writes and is_own and row.is_open,
        "may_answer": writes and side is not None and not is_own and (row.is_open or bool(answers)),
        "form": wrong.get("answer") or AnswerForm(prefix=f"answer-{row.key}", initial=said),
    }


@require_POST
@idempotent
def ask(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, WRITING)
    side = side_or_404(found, request)
    form = QuestionForm(request.POST, prefix="ask")
    return send(
        request,
        form,
        lambda: services.ask_question(
            found, side=side, text=form.cleaned_data["text"], by=request.user
        ),
        said=_("Đã gửi câu hỏi. Bên kia có hạn trả lời."),
        to=_url(found),
        again=lambda: _page(request, found, ask=form),
    )


def _question(found: Deal, key: str) -> Question:
    return get_object_or_404(Question.objects.filter(deal=found).with_all(), key=key)


@require_POST
@idempotent
def answer(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """An answer, or a correction of one."""
    found = deal_for(request, public_id, WRITING)
    side, question = side_or_404(found, request), _question(found, key)
    form = AnswerForm(request.POST, prefix=f"answer-{key}")
    return send(
        request,
        form,
        lambda: services.answer_question(
            question, side=side, text=form.cleaned_data["text"], by=request.user
        ),
        said=_("Đã trả lời. Bên kia được báo."),
        to=question.get_absolute_url(),
        again=lambda: _page(request, found, at=key, answer=form),
    )


@require_POST
@idempotent
def withdraw(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = deal_for(request, public_id, WRITING)
    side, question = side_or_404(found, request), _question(found, key)
    return do(
        request,
        lambda: services.withdraw_question(question, side=side, by=request.user),
        said=_("Đã rút câu hỏi."),
        to=_url(found),
    )


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}hoi-dap/"
