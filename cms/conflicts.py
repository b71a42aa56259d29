"""Where a source says something else than staff wrote: both values side by side, and the decision."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from cms.corrections import correct_url, field_label, shown_value
from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.models import Conflict
from marketplace.sources.registers import register_of
from marketplace.sources.services import decide_conflict, reopen_conflict

PAGE: Final = 50
State = Conflict.State
_ACTIONS: Final = ("keep", "take", "reopen")


@method_decorator(idempotent, name="post")
class ConflictView(DeskView):
    of = Conflict
    template_name = "cms/conflicts.html"
    page_title = gettext_lazy("Khác biệt với nguồn")
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_decided = self.request.GET.get("trang-thai") == "da-quyet"
        source = self.request.GET.get("nguon", "").replace("\0", "")
        found = self._found(is_decided)
        if source:
            found = found.filter(
                Q(correction__result__source=source)
                | Q(correction__task__source=source)
                | Q(correction__application__source=source)
            )
        page = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "is_decided": is_decided,
            "source": source,
            "may_decide": has_right(self.request.user, "change", Conflict),
            "open_count": self._found(is_decided=False).count(),
            "page": page,
            "rows": [_row(conflict) for conflict in page.object_list],
        }

    def _found(self, is_decided: bool) -> QuerySet[Conflict]:
        found = Conflict.objects.select_related(
            "correction__result",
            "correction__task",
            "correction__application",
            "correction__by",
            "decided_by",
            "raw_record__run",
        )
        if is_decided:
            return found.filter(state__in=(State.KEPT, State.TAKEN)).order_by("-decided_at", "-pk")
        return found.filter(state=State.OPEN).order_by("found_at", "pk")

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        picked = [pk for pk in request.POST.getlist("conflict") if pk.isdecimal() and len(pk) < 19]
        back = f"{reverse('conflicts')}{'?trang-thai=da-quyet' if action == 'reopen' else ''}"
        if action not in _ACTIONS or not picked:
            messages.error(request, _("Hãy chọn ít nhất một chỗ khác biệt."))
            return redirect(back)
        done = 0
        for conflict in Conflict.objects.filter(pk__in=picked[:PAGE]).order_by("pk"):
            try:
                if action == "reopen":
                    reopen_conflict(conflict, by=request.user)
                else:
                    decide_conflict(conflict, take=action == "take", by=request.user)
                done += 1
            except DomainError as error:
                messages.error(request, f"{conflict.correction.record}: {error.message}")
        if done:
            messages.success(request, _told(action, done))
        return redirect(back)


def _told(action: str, count: int) -> str:
    if action == "keep":
        text = ngettext(
            "Đã giữ %(count)s giá trị đã sửa.", "Đã giữ %(count)s giá trị đã sửa.", count
        )
    elif action == "take":
        text = ngettext(
            "Đã lấy %(count)s giá trị của nguồn.", "Đã lấy %(count)s giá trị của nguồn.", count
        )
    else:
        text = ngettext(
            "Đã rút lại %(count)s quyết định.", "Đã rút lại %(count)s quyết định.", count
        )
    return text % {"count": count}


def _row(conflict: Conflict) -> dict[str, Any]:
    correction = conflict.correction
    name, register = correction.field, register_of(correction.record)
    return {
        "conflict": conflict,
        "record": correction.record,
        "url": correct_url(correction.record),
        "field": field_label(name, register),
        "ours": shown_value(name, correction.value, register),
        "theirs": shown_value(name, conflict.value, register),
        "correction": correction,
        "may_reopen": conflict.decided_by_id is not None,
    }


def conflict_urls() -> list[URLPattern]:
    return [path("khac-biet/", ConflictView.as_view(), name="conflicts")]


def conflict_menu_item() -> DeskMenuItem:
    return menu_item(ConflictView, gettext_lazy("Khác biệt với nguồn"), "conflicts", order=40)
