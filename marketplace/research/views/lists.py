"""Lists of the registers, read from kept entries and counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from marketplace.research.browsing import CAP, LAST_PAGE, MODELS, PAGE, Browsed, browse
from marketplace.research.facets import PARAMETERS, chips, chosen_in, groups
from marketplace.research.models import Register


@dataclass(frozen=True, slots=True)
class _List:
    register: str
    address: str
    title: str | Promise
    lead: str | Promise
    description: str | Promise
    line: str
    empty_title: str | Promise
    empty_text: str | Promise
    search_kind: str


_RESULTS: Final = _List(
    register=Register.RESULT,
    address="research:result_list",
    title=_("Kết quả nghiên cứu"),
    lead=_("Kết quả các nhiệm vụ khoa học và công nghệ: đã làm được gì, ai làm, dùng được ở đâu."),
    description=_(
        "Kết quả các nhiệm vụ khoa học và công nghệ đã đăng ký, tìm theo lĩnh vực, năm và tổ chức."
    ),
    line="research/_line.html",
    empty_title=_("Chưa có kết quả nghiên cứu nào"),
    empty_text=_("Dữ liệu sẽ hiện ở đây sau khi sàn nhập cơ sở dữ liệu kết quả."),
    search_kind="result",
)
_TASKS: Final = _List(
    register=Register.TASK,
    address="research:task_list",
    title=_("Nhiệm vụ nghiên cứu"),
    lead=_(
        "Nhiệm vụ khoa học và công nghệ: ai đang nghiên cứu gì, đến bao giờ, cho chương trình nào."
    ),
    description=_(
        "Nhiệm vụ khoa học và công nghệ đang tiến hành và đã xong, theo lĩnh vực, năm và cơ quan."
    ),
    line="research/_task_line.html",
    empty_title=_("Chưa có nhiệm vụ nào"),
    empty_text=_("Nhiệm vụ sẽ hiện ở đây khi các cơ quan gửi phiếu thông tin nhiệm vụ."),
    search_kind="task",
)


@login_not_required
@require_GET
def result_list(request: HttpRequest) -> HttpResponse:
    """All results by field, year and organisation. Words are looked for by the search page."""
    return _listed(request, _RESULTS)


@login_not_required
@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    return _listed(request, _TASKS)


def _listed(request: HttpRequest, kind: _List) -> HttpResponse:
    chosen = chosen_in(request.GET)
    number = request.GET.get("page", "1")
    found = (
        Browsed([], 0, False, 1, 1)
        if chosen.is_unknown
        else browse(kind.register, chosen.filters, number=int(number) if number.isdecimal() else 1)
    )
    rows = MODELS[kind.register].objects.visible_to(request.user).for_cards().in_bulk(found.keys)
    address = _address(request)
    held = chips(chosen.labels, address)
    clear_url = reverse(kind.address)
    if chosen.is_unknown:
        held.append({"label": str(_("giá trị lạ")), "url": clear_url})
    context = {
        "kind": kind,
        "page": _page(found, [rows[key] for key in found.keys if key in rows]),
        "found": found,
        "cap": CAP,
        "is_last": found.number == LAST_PAGE and found.total > LAST_PAGE * PAGE,
        "groups": groups(chosen.filters, found.facets, address),
        "chips": held,
        "clear_url": clear_url,
        # One filter makes a page worth finding; the thousands of combinations are not.
        "is_indexable": len(chosen.labels) < 2 and found.number == 1 and not chosen.is_unknown,
        "search_hidden": [("loai", kind.search_kind)],
    }
    return render(request, "research/register.html", context)


def _address(request: HttpRequest) -> Callable[[str, str], str]:
    """The address of this list with one filter set or, with an empty value, lifted."""

    def address(facet: str, value: str) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop(PARAMETERS[facet], None)
        if value:
            query[PARAMETERS[facet]] = value
        rest = query.urlencode()
        return f"?{rest}" if rest else request.path

    return address


def _page(found: Browsed, rows: list[Any]) -> Page:
    """A page for the pagination component, of which the counts are known and the rows fetched."""
    paginator = Paginator(range(found.pages * PAGE if found.is_more else found.total), PAGE)
    number = min(found.number, paginator.num_pages)
    page = paginator.get_page(number)
    if paginator.num_pages > found.pages:
        paginator.__dict__["num_pages"] = found.pages
    page.object_list = rows
    return page
