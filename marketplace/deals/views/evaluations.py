"""The evaluation of one's own side: its page and what is done on it. The other side and staff do not find it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.idempotency import idempotent
from marketplace.deals.evaluating import edition_on, results
from marketplace.deals.forms.evaluations import ConclusionForm, ReviewerForm, ScoreForm
from marketplace.deals.models import Deal, Evaluation, MemberRole, Reviewer
from marketplace.deals.models.deals import NEGOTIATING
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import evaluations as services
from marketplace.deals.views.acts import deal_for, do, send, side_or_404


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, deal_for(request, public_id, frozenset(MemberRole)))


def _page(request: SignedInRequest, found: Deal, **wrong: Any) -> HttpResponse:
    """With a form that was filled in wrongly in place of an empty one."""
    side = side_or_404(found, request)
    row = _evaluations(request, found).first()
    leads = Deal.objects.acted_on_by(request.user, NEGOTIATING).filter(pk=found.pk).exists()
    context: dict[str, Any] = {
        "deal": found,
        "tabs": tabs_of(found, "danh-gia/"),
        "side": side,
        "evaluation": row,
        "may_lead": leads and found.is_running and (row is None or row.is_open),
    }
    if row is not None:
        scores = list(row.scores.select_related("by"))
        scores_now = row.is_open and found.is_running
        given = [one for one in scores if one.by_id == request.user.pk]
        context |= {
            "stages": results(row.kind, scores, row.opened_on),
            "edition": edition_on(row.opened_on),
            "team": row.team.filter(left_at=None).select_related("user"),
            "may_score": scores_now and _scored(request, found).exists(),
            "score_form": wrong.get("score")
            or ScoreForm(prefix="score", evaluation=row, given=given),
            "reviewer_form": wrong.get("reviewer") or ReviewerForm(prefix="team", evaluation=row),
            "conclusion_form": wrong.get("conclusion") or ConclusionForm(prefix="end"),
        }
    return render(request, "deals/evaluation.html", context, status=400 if wrong else 200)


def _evaluations(request: SignedInRequest, found: Deal) -> Any:
    return Evaluation.objects.visible_to(request.user).filter(deal=found).select_related("deal")


def _scored(request: SignedInRequest, found: Deal) -> Any:
    return Evaluation.objects.scored_by(request.user).filter(deal=found)


def _led(request: SignedInRequest, found: Deal) -> Evaluation:
    rows = Evaluation.objects.led_by(request.user).filter(deal=found)
    return get_object_or_404(rows.select_related("deal"))


@require_POST
@idempotent
def open_one(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    return do(
        request,
        lambda: services.open_evaluation(found, side=side, by=request.user),
        said=_("Đã mở đánh giá. Chỉ người của bên bạn đọc được."),
        to=_url(found),
    )


@require_POST
@idempotent
def score(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Of who belongs to the team."""
    found = deal_for(request, public_id, frozenset(MemberRole))
    row = get_object_or_404(_scored(request, found).select_related("deal"))
    form = ScoreForm(request.POST, prefix="score", evaluation=row, given=[])
    return send(
        request,
        form,
        lambda: services.score(row, marks=form.marks(), by=request.user),
        said=_("Đã ghi điểm của bạn."),
        to=_url(found),
        again=lambda: _page(request, found, score=form),
    )


@require_POST
@idempotent
def add_reviewer(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    row = _led(request, found)
    form = ReviewerForm(request.POST, prefix="team", evaluation=row)
    return send(
        request,
        form,
        lambda: services.add_reviewer(row, person=form.cleaned_data["person"], by=request.user),
        said=_("Đã thêm vào nhóm và báo người này."),
        to=_url(found),
        again=lambda: _page(request, found, reviewer=form),
    )


@require_POST
@idempotent
def remove_reviewer(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    rows = Reviewer.objects.filter(evaluation=_led(request, found))
    member = get_object_or_404(rows.select_related("evaluation__deal"), key=key)
    return do(
        request,
        lambda: services.remove_reviewer(member, by=request.user),
        said=_("Người này không còn trong nhóm; điểm đã cho vẫn giữ."),
        to=_url(found),
    )


@require_POST
@idempotent
def go_on(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    row = _led(request, found)
    return do(
        request,
        lambda: services.go_on(row, by=request.user),
        said=_("Đã sang giai đoạn chi tiết. Điểm sàng lọc giữ nguyên."),
        to=_url(found),
    )


@require_POST
@idempotent
def conclude(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    row = _led(request, found)
    form = ConclusionForm(request.POST, prefix="end")
    return send(
        request,
        form,
        lambda: services.conclude(row, by=request.user, **form.cleaned_data),
        said=_("Đã ghi kết luận của bên bạn."),
        to=_url(found),
        again=lambda: _page(request, found, conclusion=form),
    )


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}danh-gia/"
