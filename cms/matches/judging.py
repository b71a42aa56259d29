"""The judging desk: grades by keyboard, one need at a time; agreement, disagreements, the set to take away."""

import secrets
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.desks import DeskMixin, Trail
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings.models import Need
from marketplace.matching.judging import grading
from marketplace.matching.judging.agreement import agreement
from marketplace.matching.judging.exporting import packed_set
from marketplace.matching.judging.pooling import make_pool
from marketplace.matching.models import Grade, JudgingItem, JudgingPool, JudgingSeat
from search.engines import SearchUnavailable

PAGE: Final = 30


class _JudgingPage(DeskMixin):
    """A page of the judging desk: for staff who may judge."""

    of = JudgingPool
    seen_with = acted_with = "change"
    header_icon = "tick-inverse"

    def trail(self) -> Trail:
        return [(reverse("judging"), _("Bàn chấm"))]


class JudgingListView(_JudgingPage, TemplateView):
    template_name = "cms/matches/judging.html"
    page_title = gettext_lazy("Bàn chấm")
    seen_with = "view"

    def trail(self) -> Trail:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pools = JudgingPool.objects.prefetch_related("seats__judge", "items").order_by("-pk")
        page = Paginator(pools, PAGE).get_page(self.request.GET.get("page"))
        pairs = [
            pair for pool in JudgingPool.objects.all() for pair in grading.pairs_of(pool).values()
        ]
        return super().get_context_data(**kwargs) | {
            "page": page,
            "rows": [self.row(pool) for pool in page.object_list],
            "agreement": agreement(pairs),
            "may_judge": has_right(self.request.user, "change", JudgingPool),
            "may_add": has_right(self.request.user, "add", JudgingPool),
        }

    def row(self, pool: JudgingPool) -> dict[str, Any]:
        seats = list(pool.seats.all())
        differing = grading.disagreements(pool)
        return {
            "pool": pool,
            "seats": seats,
            "mine": next((one for one in seats if one.judge_id == self.request.user.pk), None),
            "is_full": len(seats) == len(grading.SEATS),
            "is_compared": grading.is_compared(pool),
            "count": len(pool.items.all()),
            "open": sum(1 for item in differing if item.settled_grade is None),
            "differing": len(differing),
            "agreement": agreement(list(grading.pairs_of(pool).values())),
        }


@method_decorator(idempotent, name="post")
class PoolNeedView(View):
    """Pools the candidates of a need, to be judged."""

    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not has_right(request.user, "add", JudgingPool):
            raise PermissionDenied
        need = get_object_or_404(Need, pk=pk)
        try:
            make_pool(need, by=request.user, seed=secrets.randbelow(1_000_000))
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("need_matches", pk=pk)
        except SearchUnavailable:
            messages.error(request, _("Chỉ mục tìm kiếm đang không dùng được. Hãy thử lại sau."))
            return redirect("need_matches", pk=pk)
        messages.success(request, _("Nhu cầu đã có ở bàn chấm."))
        return redirect("judging")


@method_decorator(idempotent, name="post")
class JudgeView(_JudgingPage, TemplateView):
    """One need, its candidates in blind order; works without the script, quicker with it."""

    template_name = "cms/matches/judge.html"
    page_title = gettext_lazy("Chấm ứng viên")

    @cached_property
    def pool(self) -> JudgingPool:
        rows = JudgingPool.objects.select_related("need")
        return get_object_or_404(rows, public_id=self.kwargs["public_id"])

    @cached_property
    def seat(self) -> JudgingSeat | None:
        return self.pool.seats.filter(judge=self.request.user).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seat = self.seat
        given = dict(seat.judgements.values_list("item", "grade")) if seat else {}
        items = grading.blind_order(self.pool, self.request.user)
        return super().get_context_data(**kwargs) | {
            "pool": self.pool,
            "items": [{"item": item, "grade": given.get(item.pk)} for item in items],
            "grades": Grade.choices,
            "left": sum(1 for item in items if item.pk not in given),
            "is_compared": grading.is_compared(self.pool),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        grades = {
            int(name.removeprefix("grade-")): int(value)
            for name, value in request.POST.items()
            if name.startswith("grade-") and name[6:].isdecimal() and len(name) < 24
            if value in {"0", "1", "2", "3"}
        }
        try:
            seat = grading.take_seat(self.pool, judge=request.user)
            left = grading.grade_items(seat, grades)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("judging")
        if left:
            messages.success(request, _("Đã lưu; còn %(n)s ứng viên chưa chấm.") % {"n": left})
            return redirect(request.path)
        messages.success(request, _("Đã chấm xong nhu cầu này. Cảm ơn bạn."))
        return redirect(next_to_judge(request.user) or "judging")


def next_to_judge(user: Any) -> str:
    """The oldest need with a free seat that the person has not judged; empty where there is none."""
    for pool in JudgingPool.objects.exclude(seats__judge=user).order_by("pk"):
        if pool.seats.count() < len(grading.SEATS):
            return reverse("judge", args=[pool.public_id])
    return ""


@method_decorator(idempotent, name="post")
class SettleView(_JudgingPage, TemplateView):
    """What two judges graded differently, for a third."""

    template_name = "cms/matches/settle.html"
    page_title = gettext_lazy("Chỗ chấm khác nhau")

    @cached_property
    def pool(self) -> JudgingPool:
        return get_object_or_404(JudgingPool, public_id=self.kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "pool": self.pool,
            "items": grading.disagreements(self.pool),
            "grades": Grade.choices,
            "is_judge": self.pool.seats.filter(judge=self.request.user).exists(),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        item = request.POST.get("item", "")
        grade = request.POST.get("grade", "")
        found = get_object_or_404(
            JudgingItem.objects.select_related("pool__need"),
            pool=self.pool,
            pk=int(item) if item.isdecimal() and len(item) < 18 else 0,
        )
        try:
            grading.settle(found, grade=int(grade) if grade.isdecimal() else -1, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã ghi điểm cuối cùng."))
        return redirect(request.path)


class ExportView(View):
    """The judged set as an archive: public texts and grades."""

    http_method_names = ("get",)

    def get(self, request: Any) -> HttpResponse:
        if not has_right(request.user, "add", JudgingPool):
            raise PermissionDenied
        response = HttpResponse(packed_set(), content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="bo-danh-gia.zip"'
        response["Cache-Control"] = "private, no-store"
        return response
