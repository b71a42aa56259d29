"""Matches that wait for a look before they go out, because one of their organisations asked for it."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages

from cms.desks import Trail
from cms.matches.access import MatchPage, may_decide
from cms.matches.need import held_matches, told_released
from cms.rights import has_right
from marketplace.accounts.models import Organization
from marketplace.core.idempotency import idempotent
from marketplace.matching import services
from marketplace.matching.explanations import card
from marketplace.matching.models import Match

PAGE: Final = 30


@method_decorator(idempotent, name="post")
class WaitingView(MatchPage, TemplateView):
    template_name = "cms/matches/waiting.html"
    page_title = gettext_lazy("Chờ xem trước khi gửi")

    def trail(self) -> Trail:
        return [(reverse("match_desk"), _("Bàn gợi ý"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(held_matches(), PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "cards": [
                card(match)
                | {
                    "may_decide": may_decide(self.request.user, match.need),
                    "desk_url": reverse("need_matches", args=[match.need_id]),
                }
                for match in page.object_list
            ],
            "may_decide": may_decide(self.request.user),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_decide(request.user):
            raise PermissionDenied
        chosen = held_matches().filter(public_id__in=request.POST.getlist("match"))
        # Of an own organisation's need another person decides.
        allowed = [match for match in chosen if may_decide(request.user, match.need)]
        if allowed:
            count = services.release_matches(allowed, by=request.user)
            messages.success(request, told_released(count))
        else:
            messages.error(request, _("Chọn ít nhất một gợi ý."))
        return redirect(request.path)


@method_decorator(idempotent, name="post")
class StaffLookView(View):
    """Staff note that an organisation asks, or asks no longer, for a look before its matches go out."""

    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not (may_decide(request.user) and has_right(request.user, "change", Organization)):
            raise PermissionDenied
        organization = get_object_or_404(Organization, pk=pk)
        wanted = request.POST.get("wanted") == "yes"
        services.set_staff_look(organization, wanted=wanted, by=request.user)
        messages.success(
            request,
            _("Từ nay cán bộ sàn xem gợi ý của tổ chức trước khi gửi.")
            if wanted
            else _("Từ nay gợi ý của tổ chức được gửi ngay."),
        )
        return redirect("organizations:edit", pk)


def waiting_count() -> int:
    return int(Match.objects.held().count())
