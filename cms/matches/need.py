"""The match desk of one need: confirm, pin, take out, add, with the log and undo."""

from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.desks import Trail
from cms.listings import review_page
from cms.matches.access import MatchPage, may_decide
from cms.rights import has_right
from marketplace.accounts.supply import supply_kind, supply_kinds
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings.models import Need
from marketplace.matching import passes, services
from marketplace.matching.explanations import card
from marketplace.matching.forms import PassManyForm
from marketplace.matching.models import Curation, JudgingPool, Match, Side
from search.engines import SearchUnavailable
from search.queries import Query
from search.registry import hydrate
from search.searching import find

_FOUND: Final = 10


class NoteForm(forms.Form):
    """Why a match is kept: both sides read it."""

    use_required_attribute = False

    note = forms.CharField(
        label=gettext_lazy("Vì sao"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Hai bên đọc được, kèm chữ “Cán bộ sàn”; không nêu tên bạn."),
        error_messages={"required": gettext_lazy("Hãy ghi vì sao: hai bên đọc được lời này.")},
    )


def _need(pk: int) -> Need:
    return get_object_or_404(Need.objects.select_related("organization"), pk=pk)


@method_decorator(idempotent, name="post")
class NeedMatchesView(MatchPage, TemplateView):
    template_name = "cms/matches/need.html"
    page_title = gettext_lazy("Gợi ý của nhu cầu")

    @cached_property
    def need(self) -> Need:
        return _need(self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.need.title)

    def trail(self) -> Trail:
        return [(reverse("match_desk"), _("Bàn gợi ý"))]

    @property
    def here(self) -> Any:
        return self.need.display_number or str(self.page_title)

    def suppress_form(self, posted: Any = None) -> PassManyForm:
        return PassManyForm(
            posted,
            side=Side.STAFF,
            requirements=passes.requirements_of([self.need]),
            matches=self.need.matches.active().with_candidates().order_by("rank"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matches = list(self.need.matches.active().with_candidates().order_by("rank"))
        asked = self.request.GET.get("q", "").replace("\0", "").strip()[:200]
        return super().get_context_data(**kwargs) | {
            "need": self.need,
            "review_url": review_page(self.need),
            "cards": [card(match) for match in matches],
            "may_decide": may_decide(self.request.user, self.need),
            "may_pool": has_right(self.request.user, "add", JudgingPool),
            "held": [match for match in matches if match.held_at],
            "log": Curation.objects.filter(match__need=self.need)
            .select_related("by", "undone_by", "passed")
            .prefetch_related("match__candidate"),
            "asked": asked,
            "found": self.found(asked) if asked else None,
            "suppress_form": kwargs.get("suppress_form") or self.suppress_form(),
            "note_form": kwargs.get("note_form") or NoteForm(),
            "passes": self.passes(),
        }

    def passes(self) -> list[Any]:
        from_sides = passes.standing_of(self.need)
        return list(from_sides.exclude(side=Side.STAFF))

    def found(self, asked: str) -> list[dict[str, Any]] | None:
        """What of all supply has these words and is not in the list; None where search is away."""
        there = {
            (match.kind, match.candidate.public_id)
            for match in self.need.matches.active().with_candidates()
        }
        try:
            hits = find(Query(asked, kinds=tuple(supply_kinds()), limit=_FOUND)).hits
        except SearchUnavailable:
            return None
        rows = [(hit, row) for hit, row in hydrate(hits, self.request.user)]
        still_open = _open(rows)
        return [
            {
                "kind": hit.kind,
                "noun": supply_kind(hit.kind).noun,
                "row": row,
                "is_there": (hit.kind, hit.key) in there,
            }
            for hit, row in rows
            if (hit.kind, row.pk) in still_open
        ]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirms or pins one match, or lets waiting ones out."""
        if not may_decide(request.user, self.need):
            raise PermissionDenied
        action = request.POST.get("action", "")
        chosen = self.need.matches.active().filter(public_id__in=request.POST.getlist("match"))
        if action == "release":
            count = services.release_matches(chosen, by=request.user)
            messages.success(request, told_released(count))
            return redirect(request.path)
        match = chosen.first()
        decide = {"confirm": services.confirm_match, "pin": services.pin_match}.get(action)
        if decide is None or match is None:
            messages.error(request, _("Không hiểu yêu cầu này."))
            return redirect(request.path)
        form = NoteForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Hãy ghi vì sao: hai bên đọc được lời này."))
            return redirect(request.path)
        try:
            decide(match, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(
                request,
                _("Đã ghim gợi ý lên đầu.") if action == "pin" else _("Đã xác nhận gợi ý."),
            )
        return redirect(request.path)


def told_released(count: int) -> str:
    told = ngettext("Đã gửi %(n)s gợi ý.", "Đã gửi %(n)s gợi ý.", count)
    return str(told % {"n": count})


class _ActView(View):
    """An act on a need's matches: posted, then back to the desk."""

    http_method_names: ClassVar = ["post"]

    def need_to_decide(self, request: Any, pk: int) -> Need:
        need = _need(pk)
        if not may_decide(request.user, need):
            raise PermissionDenied
        return need


@method_decorator(idempotent, name="post")
class SuppressView(_ActView):
    """Takes one match or several out, for one reason."""

    def post(self, request: Any, pk: int) -> HttpResponse:
        need = self.need_to_decide(request, pk)
        page = NeedMatchesView()
        page.setup(request, pk=pk)
        form = page.suppress_form(request.POST)
        if not form.is_valid():
            # The desk again, with what is missing beside its field.
            return page.render_to_response(page.get_context_data(suppress_form=form))
        answer = form.answer()
        answer.pop("side")
        try:
            done = services.suppress_matches(form.cleaned_data["match"], by=request.user, **answer)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            told = ngettext("Đã bỏ %(n)s gợi ý.", "Đã bỏ %(n)s gợi ý.", len(done))
            messages.success(request, told % {"n": len(done)})
        return redirect("need_matches", pk=need.pk)


@method_decorator(idempotent, name="post")
class AddView(_ActView):
    """Puts a found record into the list."""

    def post(self, request: Any, pk: int) -> HttpResponse:
        need = self.need_to_decide(request, pk)
        kind, key = request.POST.get("kind", ""), request.POST.get("key", "").replace("\0", "")
        back = HttpResponseRedirect(reverse("need_matches", args=[need.pk]))
        form = NoteForm(request.POST)
        if kind not in supply_kinds() or not form.is_valid():
            messages.error(request, _("Hãy ghi vì sao: hai bên đọc được lời này."))
            return back
        try:
            services.add_match(need, kind, key, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            messages.error(request, error.message)
        except SearchUnavailable:
            messages.error(request, _("Chỉ mục tìm kiếm đang không dùng được. Hãy thử lại sau."))
        else:
            messages.success(request, _("Đã thêm vào danh sách và báo cho hai bên."))
        return back


@method_decorator(idempotent, name="post")
class UndoView(_ActView):
    def post(self, request: Any, pk: int) -> HttpResponse:
        rows = Curation.objects.select_related("match__need__organization")
        curation = get_object_or_404(rows, pk=pk)
        need = self.need_to_decide(request, curation.match.need_id)
        try:
            services.undo_decision(curation, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã hoàn tác. Sàn đang tìm lại cho nhu cầu này."))
        return redirect("need_matches", pk=need.pk)


def held_matches() -> Any:
    return Match.objects.held().with_candidates().order_by("held_at", "pk")


def _open(found: list[tuple[Any, Any]]) -> set[tuple[str, int]]:
    """Of found rows, by kind and primary key, those that may answer a need: no task that is done."""
    pks: dict[str, list[int]] = {}
    for hit, row in found:
        pks.setdefault(hit.kind, []).append(row.pk)
    return {
        (code, pk)
        for code, wanted in pks.items()
        for pk in supply_kind(code).rows().filter(pk__in=wanted).values_list("pk", flat=True)
    }
