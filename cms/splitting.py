"""One listing that speaks of two things is taken apart: which part stays, goes, or is in both."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.desks import DeskView, Trail
from cms.home import list_url
from cms.notices import review_url
from cms.sheet import label_of, shown
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings.models import LISTING_MODELS, Listing, ListingSplit
from marketplace.listings.services import draft_of, split_listing
from marketplace.listings.services.splitting import FILES, parts_of, rows_of

_STAYS, _GOES, _BOTH = "o-lai", "chuyen", "ca-hai"


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    label: str
    value: Any
    may_be_both: bool
    chosen: str


@method_decorator(idempotent, name="post")
class SplitView(DeskView):
    """For those who may correct the listing."""

    seen_with = acted_with = "change"
    header_icon = "cut"
    template_name = "cms/split_listing.html"
    page_title = gettext_lazy("Tách thành hai tin")
    kind: ClassVar[str]

    def prepare(self) -> None:
        rows = LISTING_MODELS[self.kind].objects.curated_by(self.request.user, "change")
        self.listing: Listing = get_object_or_404(
            rows.select_related("organization", "contact"), pk=self.kwargs["pk"]
        )

    def trail(self) -> Trail:
        title = draft_of(self.listing).title or str(self.listing)
        plural = str(type(self.listing)._meta.verbose_name_plural).capitalize()
        return [(list_url(self.kind), plural), (review_url(self.listing), title)]

    def parts(self) -> list[Part]:
        draft, post = draft_of(self.listing), self.request.POST
        found = [
            Part(name, label_of(draft, name), shown(draft, name), True, post.get(name, _STAYS))
            for name in parts_of(self.listing)
        ]
        return found + [
            Part(
                name,
                label_of(draft, name.partition(":")[0]),
                str(row),
                name.partition(":")[0] not in FILES,
                post.get(name, _STAYS),
            )
            for name, row in rows_of(draft).items()
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        splits = ListingSplit.objects.filter(kind=self.kind, key=self.listing.public_id)
        return super().get_context_data(**kwargs) | {
            "listing": self.listing,
            "parts": self.parts(),
            "title": self.request.POST.get("title", ""),
            "splits": splits.select_related("by"),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        parts, seen = self.parts(), request.POST.get("seen", "")
        try:
            made = split_listing(
                self.listing,
                title=request.POST.get("title", "").replace("\0", ""),
                moved=[part.name for part in parts if part.chosen == _GOES],
                copied=[part.name for part in parts if part.chosen == _BOTH],
                by=request.user,
                revision_id=int(seen) if seen.isdecimal() else None,
            )
        except DomainError as error:
            notes.error(request, str(error.message))
            return self.render_to_response(self.get_context_data())
        notes.success(
            request,
            _("Đã tách. Tin mới là bản nháp; chủ tin được báo, xem lại rồi gửi duyệt."),
        )
        return redirect(review_url(made))


def split_urls() -> list[URLPattern]:
    return [
        path(
            f"tach-tin/{kind}/<int:pk>/",
            type(f"Split{model.__name__}View", (SplitView,), {"kind": kind, "of": model}).as_view(),
            name=f"split_{kind}",
        )
        for kind, model in LISTING_MODELS.items()
    ]
