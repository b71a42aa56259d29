"""Two needs of one organisation that ask for the same: looked at beside each other, joined, taken apart."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.desks import DeskView, Trail
from cms.forms import ReasonForm
from cms.home import list_url
from cms.notices import review_url
from cms.sheet import sheet_of
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings.examining.copies import find_copies
from marketplace.listings.models import Need, NeedMerge
from marketplace.listings.services import draft_of, merge_needs, undo_need_merge
from marketplace.listings.services.need_merges import ensure_mergeable
from search.engines.base import SearchUnavailable

_SHOWN = 20


class _NeedMergeDesk(DeskView):
    """For those who may take a need off the public pages: a merge does that."""

    of = Need
    seen_with = acted_with = "publish"
    header_icon = "resubmit"
    subject: Need

    def of_theirs(self, pk: Any) -> Need:
        rows = Need.objects.curated_by(self.request.user, "publish")
        found: Need = get_object_or_404(rows.select_related("organization"), pk=pk)
        return found

    def trail(self) -> Trail:
        return [
            (list_url(Need.KIND), _("Nhu cầu công nghệ")),
            (review_url(self.subject), draft_of(self.subject).title or str(self.subject)),
        ]


@method_decorator(idempotent, name="post")
class MergeNeedView(_NeedMergeDesk):
    """The duplicate is known; the one that stays is chosen among its organisation's, then they are joined."""

    template_name = "cms/merge_needs.html"
    page_title = gettext_lazy("Gộp vào nhu cầu khác")

    def prepare(self) -> None:
        self.subject = self.of_theirs(self.kwargs["pk"])

    def survivor(self, pk: str) -> Need | None:
        if not pk.isdecimal() or len(pk) > 18:
            return None
        rows = Need.objects.curated_by(self.request.user, "publish")
        return rows.select_related("organization").filter(pk=int(pk)).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen, refused = self.survivor(self.request.GET.get("vao", "")), ""
        if chosen is not None:
            try:
                ensure_mergeable(self.subject, chosen)
            except DomainError as error:
                refused = str(error.message)
        draft = draft_of(self.subject)
        sections = sheet_of(draft, chosen) if chosen else []
        likely = self.likely(draft)
        others = Need.objects.public().filter(organization=self.subject.organization_id)
        others = others.exclude(pk__in=[self.subject.pk, *(one.listing.pk for one in likely)])
        return super().get_context_data(**kwargs) | {
            "duplicate": draft,
            "survivor": chosen,
            "refused": refused,
            "lines": [
                line for section in sections for line in section.lines if line.value or line.before
            ],
            "likely": likely,
            "others": others.order_by("-first_published_at", "-pk")[:_SHOWN],
            "merges": NeedMerge.objects.standing()
            .filter(survivor=self.subject)
            .select_related("duplicate"),
        }

    def likely(self, draft: Need) -> list[Any]:
        try:
            found = find_copies(draft)
        except SearchUnavailable:
            return []
        return [one for one in found if one.is_own and one.listing.is_public]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = self.survivor(request.POST.get("vao", ""))
        if chosen is None:
            notes.error(request, _("Hãy chọn nhu cầu được giữ."))
            return redirect(request.path)
        try:
            merge = merge_needs(duplicate=self.subject, survivor=chosen, by=request.user)
        except DomainError as error:
            notes.error(request, str(error.message))
            return redirect(f"{request.path}?vao={chosen.pk}")
        notes.success(request, _("Đã gộp. Tách lại được ở trang này."))
        return redirect("undo_need_merge", merge.pk)


@method_decorator(idempotent, name="post")
class UndoNeedMergeView(_NeedMergeDesk):
    template_name = "cms/undo_need_merge.html"
    page_title = gettext_lazy("Tách hai nhu cầu đã gộp")

    def prepare(self) -> None:
        rows = NeedMerge.objects.select_related("duplicate", "survivor", "merged_by")
        self.merge: NeedMerge = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.subject = self.of_theirs(self.merge.survivor_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        return super().get_context_data(**kwargs) | {"merge": self.merge}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            undo_need_merge(self.merge, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            notes.error(request, str(error.message))
            return redirect(request.path)
        notes.success(request, _("Đã tách. Hai nhu cầu trở lại như trước khi gộp."))
        return redirect(review_url(self.merge.duplicate))


def need_merge_urls() -> list[URLPattern]:
    return [
        path("gop-nhu-cau/<int:pk>/", MergeNeedView.as_view(), name="merge_need"),
        path("gop-nhu-cau/tach/<int:pk>/", UndoNeedMergeView.as_view(), name="undo_need_merge"),
    ]


def merge_need_url(need: Need) -> str:
    return reverse("merge_need", args=[need.pk])
